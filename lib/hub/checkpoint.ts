/** What is known of a checkpoint that somebody has published. */

/** A file of a checkpoint. */
export interface PublishedFile {
  /** Path in the repository, or its name. */
  readonly path: string;
  /** The path of what does in its place, in a repository without it. */
  readonly otherwise?: string;
  /** Its exact size, if that is known. */
  readonly bytes?: number;
  /** Its size for a first impression, where the exact one is not known. */
  readonly about?: number;
  /** SHA-256 in hexadecimal, if that is known. */
  readonly sha256?: string;
}

/** A file that has an address of its own. */
export interface AddressedFile extends PublishedFile {
  /** Where it is downloaded. */
  readonly url: string;
}

/** What every checkpoint has. */
export interface Described {
  /** What it is called here. */
  readonly name: string;
  /** One line about it. */
  readonly about: string;
  /** Under which it may be used; "see the page" where we don't know. */
  readonly licence: string;
}

/** A repository of the hub, or files from elsewhere. */
export type Checkpoint =
  & Described
  & (
    | {
      readonly kind: "hub";
      readonly repository: string;
      readonly revision: string;
      /** The checkpoint of this catalogue whose files it is taken to have. */
      readonly like?: string;
      readonly files: readonly PublishedFile[];
    }
    | {
      readonly kind: "addresses";
      /** The page that names the addresses. */
      readonly source: string;
      readonly files: readonly AddressedFile[];
    }
  );
