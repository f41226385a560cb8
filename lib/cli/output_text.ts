/**
 * What a command prints of what it found.
 *
 * @param json whether `--json` asks for the object in place of the text
 */
export function outputText(
  json: boolean,
  found: unknown,
  text: () => string,
): string {
  return json ? JSON.stringify(found, null, 2) : text();
}
