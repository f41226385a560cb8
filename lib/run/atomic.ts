/**
 * Writes a file so that a reader, and a crash, sees the whole old one or the
 * whole new one: beside it, flushed to the disk, then renamed over it.
 */
export async function writeAtomic(
  path: string,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  const beside = `${path}.${crypto.randomUUID()}.part`;
  try {
    await writeFlushed(beside, chunks);
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {}); // it may not exist
    throw error;
  }
}

async function writeFlushed(
  path: string,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (const chunk of chunks) {
    for (let done = 0; done < chunk.length;) {
      done += await file.write(chunk.subarray(done));
    }
  }
  await file.sync();
}
