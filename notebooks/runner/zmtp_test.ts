import assert from "node:assert/strict";
import { connect, type Socket } from "./zmtp.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A frame as the specification has it; `more` follow in the same message. */
function frame(body: Uint8Array, more: boolean): number[] {
  const head = body.length < 256
    ? Uint8Array.of(Number(more), body.length)
    : new Uint8Array(9);
  if (body.length > 255) {
    head[0] = Number(more) | 2;
    new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  }
  return [...head, ...body];
}

const message = (...bodies: Uint8Array[]) =>
  bodies.flatMap((body, i) => frame(body, i < bodies.length - 1));

const GREETING = [
  ...[0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0, ...encode("NULL")],
  ...new Array(48).fill(0),
];
const READY = encode("\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03PUB");

/** Connects to a peer that says these bytes, then closes. */
async function listening(
  bytes: readonly number[],
  body: (socket: Socket, heard: Promise<Uint8Array>) => Promise<void>,
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const peer = listener.accept().then(async (connection) => {
    await connection.write(Uint8Array.from([...GREETING, ...READY]));
    let done = 0;
    while (done < bytes.length) {
      done += await connection.write(Uint8Array.from(bytes.slice(done)));
    }
    await connection.closeWrite();
    return await new Response(connection.readable).bytes();
  });
  const socket = await connect(listener.addr.port, "SUB");
  try {
    await body(socket, peer);
  } finally {
    try {
      socket.close();
    } catch { /* the test has closed it */ }
    await peer;
  }
}

const text = (frames: Uint8Array[]) =>
  frames.map((bytes) => new TextDecoder().decode(bytes));

Deno.test("connect() greets, is ready, and subscribes to everything", async () => {
  await listening([], async (socket, heard) => {
    await socket.send([encode("a"), new Uint8Array(300)]);
    socket.close();
    const bytes = [...await heard];
    assert.deepEqual(bytes.slice(0, 64), GREETING);
    const ready = encode("\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB");
    assert.deepEqual(bytes.slice(64, 64 + ready.length), [...ready]);
    assert.deepEqual(bytes.slice(64 + ready.length), [
      ...[0, 1, 1],
      ...message(encode("a"), new Uint8Array(300)),
    ]);
  });
});

Deno.test("receive() puts frames of any length together", async () => {
  const long = encode("long ".repeat(30_000));
  const sent = [
    ...message(encode("a"), encode(""), long),
    ...message(encode("b")),
  ];
  await listening(sent, async (socket) => {
    const parts = ["a", "", "long ".repeat(30_000)];
    assert.deepEqual(text(await socket.receive()), parts);
    assert.deepEqual(text(await socket.receive()), ["b"]);
    await assert.rejects(socket.receive(), /closed/);
  });
});

Deno.test("receive() takes messages out that were written into another", async () => {
  const whole = message(
    encode("<IDS|MSG>"),
    encode("x".repeat(1000)),
    encode("y".repeat(1000)),
  );
  const idle = message(encode("<IDS|MSG>"), encode("idle"));
  const busy = message(encode("<IDS|MSG>"), encode("busy"), encode("z"));
  const inside = whole.length - 1500; // in the frame of x
  for (
    const sent of [
      [...whole.slice(0, inside), ...idle, ...whole.slice(inside)],
      [...whole.slice(0, -5), ...idle, ...whole.slice(-5)],
      [
        ...whole.slice(0, inside),
        ...idle,
        ...whole.slice(inside, inside + 7),
        ...busy,
        ...whole.slice(inside + 7),
      ],
    ]
  ) {
    const others = (sent.length - whole.length) / idle.length > 1 ? 2 : 1;
    await listening(sent, async (socket) => {
      const parts = ["<IDS|MSG>", "x".repeat(1000), "y".repeat(1000)];
      assert.deepEqual(text(await socket.receive()), parts);
      assert.deepEqual(text(await socket.receive()), ["<IDS|MSG>", "idle"]);
      if (others > 1) {
        const next = ["<IDS|MSG>", "busy", "z"];
        assert.deepEqual(text(await socket.receive()), next);
      }
      await assert.rejects(socket.receive(), /closed/);
    });
  }
});

Deno.test("receive() refuses a stream that is no ZMTP", async () => {
  await listening([0x40, 1, 0], async (socket) => {
    await assert.rejects(socket.receive(), /flags 64.*damaged/);
  });
  await listening([2, 0xff, 0, 0, 0, 0, 0, 0, 0, 1], async (socket) => {
    await assert.rejects(socket.receive(), /damaged/);
  });
});

Deno.test("connect() refuses a peer that does not greet", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const peer = listener.accept().then(async (connection) => {
    await connection.write(encode(`HTTP/1.1 400 ${"x".repeat(80)}`));
    await new Response(connection.readable).bytes();
  });
  await assert.rejects(connect(listener.addr.port, "SUB"), /does not speak/);
  await peer;
});
