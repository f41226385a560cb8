/** Conceptual Captions' tables as Google publishes them. */

/** A table of captions and addresses. */
export interface Cc3mTable {
  /** Below the address of the data set. */
  readonly path: string;
  /** What it is called once it is here, as browsers save it. */
  readonly name: string;
  /** Lines that it has. */
  readonly rows: number;
}

/** Where they are. */
export const CC3M_ADDRESS = "https://storage.googleapis.com/gcc-data";

/** Under what they may be used. */
export const CC3M_LICENCE =
  "the captions are free for any use, Google asks to be named as their " +
  "source; the pictures are their owners'";

/** By the names of the splits; the numbers of lines are the data set's README's. */
export const CC3M_TABLES: Readonly<Record<string, Cc3mTable>> = {
  validation: {
    path: "Validation/GCC-1.1.0-Validation.tsv",
    name: "Validation_GCC-1.1.0-Validation.tsv",
    rows: 15_840,
  },
  train: {
    path: "Train/GCC-training.tsv",
    name: "Train_GCC-training.tsv",
    rows: 3_318_333,
  },
};
