/** Bodies of answers, which may break off or fall silent. */

import type { Web } from "./request.ts";

/**
 * Reads a body to its end, or until it is enough.
 *
 * @param take takes the next bytes; true if they are enough
 * @returns what cut it short, if something did
 */
export async function readBody(
  { patience }: Pick<Web, "patience">,
  { body }: Response,
  take: (chunk: Uint8Array) => Promise<boolean>,
): Promise<string | undefined> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const read = await withPatience(reader, patience);
      if (typeof read === "string") return read;
      if (read.done) return;
      if (await take(read.value)) return;
    }
  } finally {
    await reader.cancel().catch(() => {}); // it may be broken already
    reader.releaseLock();
  }
}

/** The next bytes, or why there are none. */
async function withPatience(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  patience: number,
): Promise<ReadableStreamReadResult<Uint8Array> | string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<string>((resolve) => {
    const why = `no byte came for ${patience / 1000} s`;
    timer = setTimeout(() => resolve(why), patience);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch {
    return "the connection broke";
  } finally {
    clearTimeout(timer);
  }
}
