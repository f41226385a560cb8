/** Reading the JSON files that come with a model. */

/**
 * A file's JSON object; whoever uses it checks what is in it.
 * @throws if the file is not there or is something else
 */
export async function readJson<T extends object>(path: string): Promise<T> {
  const text = await Deno.readTextFile(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch { // the error below names the file
  }
  if (typeof value === "object" && value !== null) return value as T;
  throw new Error(
    `reading ${path}: its ${text.length} characters are not a JSON object; ` +
      `fetch the file again`,
  );
}
