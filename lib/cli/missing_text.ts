/** What is missing of a checkpoint, in words. */

import { findEntry } from "../hub/catalogue.ts";
import { sizeText } from "../run/disk.ts";
import type { FoundCheckpoint } from "../hub/find.ts";
import type { PublishedFile } from "../hub/checkpoint.ts";

/** Such as "3.49 GB", "about 2.41 GB", "at least 1 MB" or "of unknown size". */
export function sizesText(files: readonly PublishedFile[]): string {
  const sizes = files.map(({ bytes, about }) => bytes ?? about);
  const known = sizes.filter((size) => size !== undefined);
  const sum = known.reduce((total, size) => total + size, 0);
  if (known.length === 0) return "of unknown size";
  if (known.length < sizes.length) return `at least ${sizeText(sum)}`;
  const isExact = files.every(({ bytes }) => bytes !== undefined);
  return isExact ? sizeText(sum) : `about ${sizeText(sum)}`;
}

/** Such as "3 files, about 2.41 GB". */
export function missingText(missing: readonly PublishedFile[]): string {
  const count = missing.length;
  return `${count} ${count === 1 ? "file" : "files"}, ${sizesText(missing)}`;
}

/** The command that gets what is missing, and no other part of a repository. */
export function pullCommand(
  { checkpoint, missing }: FoundCheckpoint,
): string {
  const { name } = checkpoint;
  const like = checkpoint.kind === "hub" ? checkpoint.like : undefined;
  const whole = findEntry(name, like === undefined ? {} : { like }).files;
  const isPart = checkpoint.files.length !== whole.length;
  return [
    ...["deno task weights pull", name],
    ...(isPart ? missing.map(({ path }) => path) : []),
    ...(like === undefined ? [] : ["--like", like]),
  ].join(" ");
}
