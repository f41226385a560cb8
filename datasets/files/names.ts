/** Names of files in data sets. */

const IMAGE = /\.(?:jpe?g|png|webp|gif|avif|tiff?|bmp)$/i;

/** Whether a file is a picture, by its name. */
export function isImage(name: string): boolean {
  return IMAGE.test(name);
}

/** What systems and editors leave beside one's own files. */
export function isHidden(name: string): boolean {
  return name.split("/").some((part) =>
    part.startsWith(".") || part === "__MACOSX"
  );
}

/**
 * The name of an archive's entry, without "./" before it. Nothing is ever
 * written under it, but an archive that tries to leave its folder is not one
 * to learn from.
 *
 * @throws Error if it is absolute or leads out of the archive
 */
export function entryName(name: string): string {
  const parts = name.split(/[\\/]/);
  const leaves = parts.includes("..") || parts[0] === "" ||
    /^[a-z]:/i.test(name) || name.includes("\0");
  if (!leaves) return name.replace(/^(?:\.\/)+/, "");
  throw new Error(
    `its entry ${JSON.stringify(name)} leads out of the archive`,
  );
}

/** Files by name, in an order that does not depend on the system. */
export function byName<T extends { readonly name: string }>(
  files: readonly T[],
): T[] {
  return [...files].sort((a, b) => a.name < b.name ? -1 : +(a.name > b.name));
}

/** @throws Error if a name is there twice, which readers understand as they like */
export function checkDistinct(
  files: readonly { readonly name: string }[],
): void {
  const seen = new Set<string>();
  for (const { name } of files) {
    if (seen.has(name)) {
      throw new Error(`it has two entries ${JSON.stringify(name)}`);
    }
    seen.add(name);
  }
}
