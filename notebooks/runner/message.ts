/**
 * Jupyter's messages (protocol 5.3) as frames: a delimiter, an HMAC-SHA256
 * signature, then header, parent header, metadata and content as JSON.
 */

/** One message, either way. */
export interface Message {
  readonly type: string;
  /** Id of the request it answers or belongs to; empty for a request. */
  readonly parent: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Signs what is sent and checks what is received. */
export interface Codec {
  /** A request's frames and its new id. */
  encode(
    type: string,
    content: Readonly<Record<string, unknown>>,
  ): Promise<{ id: string; frames: Uint8Array[] }>;
  /** @throws Error for a message that is damaged or of somebody else. */
  decode(frames: readonly Uint8Array[]): Promise<Message>;
}

const DELIMITER = "<IDS|MSG>";

/** A codec for the key of a connection file. */
export async function createCodec(key: string): Promise<Codec> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const secret = await crypto.subtle.importKey(
    "raw",
    encoder.encode(key),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const session = crypto.randomUUID();

  async function sign(parts: readonly Uint8Array[]): Promise<string> {
    const whole = await new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes();
    const signature = await crypto.subtle.sign("HMAC", secret, whole);
    return new Uint8Array(signature).toHex();
  }

  return {
    async encode(type, content) {
      const id = crypto.randomUUID();
      const header = {
        msg_id: id,
        session,
        username: "",
        date: new Date().toISOString(),
        msg_type: type,
        version: "5.3",
      };
      const parts = [header, {}, {}, content]
        .map((part) => encoder.encode(JSON.stringify(part)));
      const signature = encoder.encode(await sign(parts));
      return { id, frames: [encoder.encode(DELIMITER), signature, ...parts] };
    },

    async decode(frames) {
      const texts = frames.map((bytes) => decoder.decode(bytes));
      const start = texts.indexOf(DELIMITER);
      const parts = frames.slice(start + 2, start + 6);
      const signature = texts[start + 1];
      if (start < 0 || parts.length < 4 || signature !== await sign(parts)) {
        throw new Error(
          `Reading a message of ${frames.length} frames from the kernel: ` +
            `its signature is wrong, so it is damaged or somebody else's.`,
        );
      }
      const [header, parent, , content] = texts.slice(start + 2, start + 6)
        .map((text) => JSON.parse(text));
      return {
        type: String(header.msg_type),
        parent: String(parent.msg_id ?? ""),
        content,
      };
    },
  };
}
