/** Arrays behind each other. */

/** The bytes of all parts. */
export function joinBytes(
  parts: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  return join(parts, (length) => new Uint8Array(length));
}

/** The numbers of all parts. */
export function joinFloats(
  parts: readonly ArrayLike<number>[],
): Float32Array<ArrayBuffer> {
  return join(parts, (length) => new Float32Array(length));
}

function join<T extends Uint8Array | Float32Array>(
  parts: readonly ArrayLike<number>[],
  make: (length: number) => T,
): T {
  const all = make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
