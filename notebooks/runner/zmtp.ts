/**
 * The part of ZMTP 3.0 (rfc.zeromq.org/spec/23) that a Jupyter client needs:
 * the NULL mechanism over loopback TCP, multipart messages, DEALER and SUB.
 */

import { joinBytes } from "../../lib/run/join.ts";

/** A connected socket. */
export interface Socket {
  /** Sends one message of several frames. */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** Waits for the next message. @throws Error once the peer has gone. */
  receive(): Promise<Uint8Array[]>;
  close(): void;
}

const MORE = 1;
const LONG = 2;
const COMMAND = 4;

/** More than any output; a larger frame means that the stream is damaged. */
const LARGEST_FRAME = 2 ** 30;

/** How each of the kernel's messages to us begins: a frame of nine bytes. */
const OPENING = new TextEncoder().encode("\x01\x09<IDS|MSG>");

/** Connects to a loopback port; a SUB socket hears everything. */
export async function connect(
  port: number,
  type: "DEALER" | "SUB",
): Promise<Socket> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay();
  const reader = createReader(connection);
  let sent = Promise.resolve();

  async function write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += await connection.write(bytes.subarray(done));
    }
  }

  try {
    await write(greeting());
    const [first] = await reader.read(64);
    if (first !== 0xff) throw new Error(`Port ${port} does not speak ZMTP.`);
    await write(frame(ready(type), COMMAND));
    await receiveFrame(reader, []); // the peer's READY
    if (type === "SUB") await write(frame(Uint8Array.of(1), 0)); // every topic
  } catch (error) {
    connection.close();
    throw error;
  }

  const arrived: Uint8Array[][] = [];
  return {
    send(frames) {
      // Messages wait for each other: their bytes must not mix.
      const last = frames.length - 1;
      const message = joinBytes(
        frames.map((body, i) => frame(body, i < last ? MORE : 0)),
      );
      return sent = sent.then(() => write(message));
    },
    async receive() {
      return arrived.shift() ?? await receiveMessage(reader, arrived);
    },
    close: () => connection.close(),
  };
}

/** Reads one message; those found inside it go to `others`. */
async function receiveMessage(
  reader: Reader,
  others: Uint8Array[][],
): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  while (true) {
    const { flags, body } = await receiveFrame(reader, others);
    if (flags & COMMAND) continue;
    frames.push(body);
    if (!(flags & MORE)) return frames;
  }
}

async function receiveFrame(
  reader: Reader,
  others: Uint8Array[][],
): Promise<{ flags: number; body: Uint8Array }> {
  const [flags] = await reader.read(1);
  const size = (flags & LONG) === 0
    ? (await reader.read(1))[0]
    : Number(new DataView((await reader.read(8)).buffer).getBigUint64(0));
  if (flags > (MORE | LONG | COMMAND) || size > LARGEST_FRAME) {
    throw new Error(
      `Reading from the kernel: found a frame with flags ${flags} and ` +
        `${size} bytes, which ZMTP does not allow; the stream is damaged.`,
    );
  }
  const body = await reader.read(size);
  // Deno 2.9 writes outputs of some megabytes in parts, and its next message
  // (mostly "idle") can land between two of them. Its opening holds bytes that
  // JSON never does, so such a message can be told and taken out.
  for (let at = 0; flags & LONG && (at = body.indexOf(1, at)) >= 0;) {
    const rest = body.slice(at);
    if (OPENING.some((byte, i) => i < rest.length && rest[i] !== byte)) {
      at++; // binary data
      continue;
    }
    reader.unread(rest);
    others.push(await receiveMessage(reader, others));
    body.set(await reader.read(rest.length), at);
  }
  return { flags, body };
}

/** Reads exact numbers of bytes off a connection, and takes bytes back. */
interface Reader {
  read(size: number): Promise<Uint8Array<ArrayBuffer>>;
  unread(bytes: Uint8Array): void;
}

function createReader(connection: Deno.TcpConn): Reader {
  let kept: Uint8Array = new Uint8Array(0);
  return {
    async read(size) {
      const out = new Uint8Array(size);
      for (let done = 0; done < size;) {
        if (kept.length === 0) {
          const buffer = new Uint8Array(1 << 16);
          const count = await connection.read(buffer);
          if (count === null) throw new Error("The connection was closed.");
          kept = buffer.subarray(0, count);
        }
        const part = kept.subarray(0, size - done);
        out.set(part, done);
        done += part.length;
        kept = kept.subarray(part.length);
      }
      return out;
    },
    unread: (bytes) => kept = joinBytes([bytes, kept]),
  };
}

/** Signature, version 3.0, the NULL mechanism, not a server. */
function greeting(): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(new TextEncoder().encode("NULL"), 12);
  return bytes;
}

/** The READY command with the one property that matters. */
function ready(type: string): Uint8Array {
  const encode = (text: string) => new TextEncoder().encode(text);
  return joinBytes([
    encode("\x05READY\x0bSocket-Type"),
    Uint8Array.of(0, 0, 0, type.length),
    encode(type),
  ]);
}

function frame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length < 256) {
    return joinBytes([Uint8Array.of(flags, body.length), body]);
  }
  const head = new Uint8Array(9);
  head[0] = flags | LONG;
  new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  return joinBytes([head, body]);
}
