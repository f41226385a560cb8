/** What to say of bytes that are no picture. */

/**
 * The error for bytes that can't be decoded.
 *
 * @param formats what is understood, as a list in words
 */
export function decodeFailure(
  bytes: Uint8Array,
  cause: unknown,
  formats: string,
): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  // libvips appends what any thread has complained of since it last said so.
  const [reason] = message.split(/:?\s*(?:\n|Vips[A-Z]|$)/);
  return new Error(
    `Decoding ${bytes.length} bytes as a picture failed: ${reason}. ` +
      `${formats} files are understood.`,
    { cause },
  );
}
