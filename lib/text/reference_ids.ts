/** For tests: strings with their ids by a reference. */

const TESTDATA = new URL("testdata/", import.meta.url);

/**
 * The strings of unigram_ids.json and those of a file, with the ids that are in
 * that file: `{"strings": […], "ids": [[…], …]}`, compressed.
 *
 * @throws Error if there are not as many of both
 */
export async function readReferenceIds(
  name: string,
): Promise<[string, number[]][]> {
  const file = await Deno.open(new URL(name, TESTDATA));
  const { strings, ids }: { strings: string[]; ids: number[][] } =
    await new Response(
      file.readable.pipeThrough(new DecompressionStream("gzip")),
    ).json();
  const { rows }: { rows: [string, unknown][] } = JSON.parse(
    await Deno.readTextFile(new URL("unigram_ids.json", TESTDATA)),
  );
  const texts = [...rows.map(([text]) => text), ...strings];
  if (texts.length === ids.length) {
    return texts.map((text, i) => [text, ids[i]]);
  }
  throw new Error(
    `reading ${name}: found ids of ${ids.length} strings, wanted those of ` +
      `${texts.length}; run the script that writes it`,
  );
}
