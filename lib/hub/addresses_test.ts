import assert from "node:assert/strict";
import { join } from "node:path";
import { contents } from "../run/temp_folder.ts";
import {
  cutAfter,
  fakeBytes,
  type FakeHub,
  sendBytes,
  sha256,
} from "./fake_hub.ts";
import { type Pulling, withHub } from "./fake_tiny.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { pullEntry } from "./pull.ts";

const BYTES = fakeBytes(30_000, 5);

/** A file at an address; the storage serves these bytes, whatever its hash. */
function entryAt(
  { storage }: FakeHub,
  known: { readonly bytes?: number; readonly sha256?: string } = {},
): Checkpoint {
  return {
    kind: "addresses",
    name: "plain",
    about: "",
    licence: "MIT",
    source: "https://example.org",
    files: [{ path: "net.pth", url: `${storage}/f/net.pth?dl=1`, ...known }],
  };
}

const serve = (hub: FakeHub, bytes: Uint8Array<ArrayBuffer>) =>
  hub.intercept((asked) =>
    asked.server === "storage" ? sendBytes(asked, bytes) : undefined
  );

/** Cuts the first answer, and after that serves these bytes. */
function cutOnce(hub: FakeHub, bytes: Uint8Array<ArrayBuffer>) {
  let isFirst = true;
  hub.intercept((asked) => {
    if (!isFirst) return sendBytes(asked, bytes);
    isFirst = false;
    const cut = cutAfter(BYTES, 9000);
    cut.headers.set("ETag", `"${sha256(BYTES).slice(0, 8)}"`);
    return cut;
  });
}

const ownFiles = ({ settings: { ownFolder } }: Pulling) =>
  contents(join(ownFolder, "plain"));

Deno.test("pullEntry() gets files from addresses, into our own folder", () =>
  withHub(async (hub, options) => {
    serve(hub, BYTES);
    const settings = { ...options.settings, token: "hf_secret" };
    const entry = entryAt(hub, { bytes: BYTES.length, sha256: sha256(BYTES) });
    const found = await pullEntry(entry, { ...options, settings });
    assert.equal(found.folder, join(settings.ownFolder, "plain"));
    const [path] = found.files.values();
    assert.equal(path, join(found.folder, "net.pth"));
    assert.deepEqual(await Deno.readFile(path), BYTES);
    assert.deepEqual(ownFiles(options), ["net.pth"]);
    assert.equal(hub.asked.length, 1);
    assert.equal(hub.asked[0].headers.get("Authorization"), null);
    await pullEntry(entry, options);
    assert.equal(hub.asked.length, 1);
  }));

Deno.test("pullEntry() goes on only with the same content", () =>
  withHub(async (hub, options) => {
    const etag = `"${sha256(BYTES).slice(0, 8)}"`;
    cutOnce(hub, BYTES);
    const { files } = await pullEntry(entryAt(hub), options);
    assert.deepEqual(await Deno.readFile(files.get("net.pth")!), BYTES);
    const [, { headers }] = hub.asked;
    assert.equal(headers.get("Range"), "bytes=9000-");
    assert.equal(headers.get("If-Range"), etag);
    assert.deepEqual(ownFiles(options), ["net.pth"]);
    // Now it changes after the cut.
    await Deno.remove(options.settings.ownFolder, { recursive: true });
    const other = fakeBytes(30_000, 6);
    cutOnce(hub, other);
    const again = await pullEntry(entryAt(hub), options);
    assert.deepEqual(await Deno.readFile(again.files.get("net.pth")!), other);
  }));

Deno.test("pullEntry() does not go on with a part of nobody knows what", () =>
  withHub(async (hub, options) => {
    serve(hub, BYTES);
    const folder = join(options.settings.ownFolder, "plain");
    await Deno.mkdir(folder, { recursive: true });
    const part = join(folder, "net.pth.incomplete");
    await Deno.writeFile(part, new Uint8Array(500));
    await pullEntry(entryAt(hub), options);
    assert.equal(hub.asked[0].headers.get("Range"), null);
    assert.deepEqual(ownFiles(options), ["net.pth"]);
  }));

Deno.test("pullEntry() refuses another file than the catalogue's or the first", () =>
  withHub(async (hub, options) => {
    serve(hub, BYTES);
    const wanted = "0".repeat(64);
    await assert.rejects(
      pullEntry(entryAt(hub, { sha256: wanted }), options),
      /Cannot use net\.pth from 127\.0\.0\.1:\d+: .*SHA-256 \w{64}, wanted 0{64}/,
    );
    assert.deepEqual(ownFiles(options), []);
    await assert.rejects(
      pullEntry(entryAt(hub, { bytes: 31_000 }), options),
      /the server's has 30000 bytes, wanted 31000; it is another file/,
    );
    await pullEntry(entryAt(hub), options);
    const path = join(options.settings.ownFolder, "plain", "net.pth");
    await Deno.remove(path);
    serve(hub, fakeBytes(30_000, 6));
    await assert.rejects(
      pullEntry(entryAt(hub), options),
      new RegExp(`it came with the SHA-256 \\w{64}, wanted ${sha256(BYTES)}`),
    );
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  }));

Deno.test("pullEntry() says when an address is gone or shut", () =>
  withHub(async (hub, options) => {
    const cases: [number, RegExp][] = [
      [404, /net\.pth from 127.*has nothing at this address any more \(404\)/],
      [403, /does not give it to everybody \(403\)/],
      [451, /refuses \(451\)/],
    ];
    for (const [status, message] of cases) {
      hub.intercept(() => new Response(null, { status }));
      await assert.rejects(pullEntry(entryAt(hub), options), message);
    }
    assert.deepEqual(ownFiles(options), []);
  }));
