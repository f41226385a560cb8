/** Reads a stretch of a file; what comes back is shorter where the file ends. */
export async function readUpTo(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await file.seek(offset, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const read = await file.read(bytes.subarray(done));
    if (read === null) return bytes.slice(0, done);
    done += read;
  }
  return bytes;
}
