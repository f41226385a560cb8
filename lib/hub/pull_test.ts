import assert from "node:assert/strict";
import { join } from "node:path";
import { cutAfter, fakeBytes, gitSha1, reply, sha256 } from "./fake_hub.ts";
import {
  blobs,
  cached,
  COMMIT,
  CONFIG,
  FILES,
  ranges,
  TINY,
  WEIGHTS,
  WEIGHTS_HASH,
  withHub,
} from "./fake_tiny.ts";
import { findCheckpoint } from "./find.ts";
import { pullCheckpoint } from "./pull.ts";

Deno.test("pullCheckpoint() fills the hub's cache as other programs do", () =>
  withHub(async (hub, options) => {
    const done: number[] = [];
    const found = await pullCheckpoint("some/tiny", {
      ...options,
      onProgress: ({ path, done: bytes, total, index, count }) => {
        assert.equal(path, FILES[index]);
        assert.equal(count, 2);
        assert.equal(total, [CONFIG.length, WEIGHTS.length][index]);
        if (index === 1) done.push(bytes);
      },
    });
    const root = "models--some--tiny";
    assert.deepEqual(
      cached(options).filter((path) => path.startsWith(`${root}/`)).sort(),
      [
        `${root}/blobs`,
        `${root}/blobs/${gitSha1(CONFIG)}`,
        `${root}/blobs/${WEIGHTS_HASH}`,
        `${root}/refs`,
        `${root}/refs/main`,
        `${root}/snapshots`,
        `${root}/snapshots/${COMMIT}`,
        `${root}/snapshots/${COMMIT}/net`,
        `${root}/snapshots/${COMMIT}/net/config.json`,
        `${root}/snapshots/${COMMIT}/net/weights.bin`,
      ].sort(),
    );
    const folder = join(options.settings.hubCache, root);
    assert.equal(await Deno.readTextFile(`${folder}/refs/main`), COMMIT);
    assert.equal(found.folder, `${folder}/snapshots/${COMMIT}`);
    assert.equal(
      await Deno.readLink(`${found.folder}/net/weights.bin`),
      `../../../blobs/${WEIGHTS_HASH}`,
    );
    assert.deepEqual(await Deno.readFile(found.files.get(FILES[1])!), WEIGHTS);
    assert.equal(await Deno.readTextFile(found.files.get(FILES[0])!), CONFIG);
    assert.deepEqual(found.missing, []);
    assert.equal(done.at(-1), WEIGHTS.length);
    const before = hub.asked.length;
    await pullCheckpoint("some/tiny", options);
    const again = await findCheckpoint("some/tiny", options);
    assert.deepEqual(again, found);
    assert.equal(hub.asked.length, before);
  }));

Deno.test("pullCheckpoint() shows its token to the hub and to nobody else", () =>
  withHub(async (hub, options) => {
    const settings = { ...options.settings, token: "hf_secret" };
    await pullCheckpoint("some/tiny", { ...options, settings });
    for (const { server, headers } of hub.asked) {
      const shown = headers.get("Authorization");
      assert.equal(shown, server === "hub" ? "Bearer hf_secret" : null);
    }
    assert.ok(hub.asked.some(({ server }) => server === "storage"));
  }, { ...TINY, gatedFor: "hf_secret" }));

Deno.test("pullCheckpoint() goes on where the connection broke", () =>
  withHub(async (hub, options) => {
    let cuts = 2;
    hub.intercept(({ server, headers }) => {
      if (server !== "storage" || cuts-- <= 0) return;
      const range = /\d+/.exec(headers.get("Range") ?? "");
      return cutAfter(WEIGHTS, 12_000, Number(range?.[0] ?? 0));
    });
    const { files } = await pullCheckpoint("some/tiny", options);
    assert.deepEqual(await Deno.readFile(files.get(FILES[1])!), WEIGHTS);
    assert.deepEqual(ranges(hub), [null, "bytes=12000-", "bytes=24000-"]);
    assert.deepEqual(options.waits, [1000, 2000]);
    assert.match(
      options.notes[0],
      /net\/weights\.bin of some\/tiny@abab.* broke/,
    );
  }));

Deno.test("pullCheckpoint() gives up in the end, and a later one goes on", () =>
  withHub(async (hub, options) => {
    hub.intercept(({ server, headers }) => {
      if (server !== "storage") return;
      const range = /\d+/.exec(headers.get("Range") ?? "");
      return cutAfter(WEIGHTS, 1000, Number(range?.[0] ?? 0));
    });
    await assert.rejects(
      pullCheckpoint("some/tiny", options),
      /weights\.bin of some\/tiny.*broke; what is here is kept, the same comma/,
    );
    assert.deepEqual(
      blobs(options),
      [
        gitSha1(CONFIG),
        `${WEIGHTS_HASH}.incomplete`,
      ].sort(),
    );
    const { missing } = await findCheckpoint("some/tiny", options);
    assert.deepEqual(missing.map(({ path }) => path), FILES.slice(1));
    hub.intercept(() => undefined);
    await pullCheckpoint("some/tiny", options);
    assert.equal(ranges(hub).at(-1), "bytes=5000-");
    assert.deepEqual(blobs(options), [gitSha1(CONFIG), WEIGHTS_HASH].sort());
  }));

Deno.test("pullCheckpoint() starts over when the part that was left is wrong", () =>
  withHub(async (hub, options) => {
    const folder = join(options.settings.hubCache, "models--some--tiny/blobs");
    await Deno.mkdir(folder, { recursive: true });
    const part = join(folder, `${WEIGHTS_HASH}.incomplete`);
    await Deno.writeFile(part, new Uint8Array(20_000));
    const { files } = await pullCheckpoint("some/tiny", options);
    assert.deepEqual(await Deno.readFile(files.get(FILES[1])!), WEIGHTS);
    assert.deepEqual(ranges(hub), ["bytes=20000-", null]);
    assert.match(options.notes[0], /SHA-256.*Downloading all of it again/);
    // And when it is longer than the whole.
    await Deno.remove(files.get(FILES[1])!);
    await Deno.remove(join(folder, WEIGHTS_HASH));
    await Deno.writeFile(part, new Uint8Array(60_000));
    await pullCheckpoint("some/tiny", options);
    assert.equal(ranges(hub).at(-1), null);
  }));

Deno.test("pullCheckpoint() does not use bytes that differ from the hub's hash", () =>
  withHub(async (hub, options) => {
    const wrong = WEIGHTS.slice();
    wrong[40_000] ^= 1;
    hub.intercept(({ server }) =>
      server === "storage" ? new Response(wrong) : undefined
    );
    await assert.rejects(
      pullCheckpoint("some/tiny", options),
      (error: Error) => {
        assert.match(
          error.message,
          /Cannot use net\/weights\.bin of some\/tiny/,
        );
        assert.ok(error.message.includes(sha256(wrong)));
        assert.ok(error.message.includes(`wanted ${WEIGHTS_HASH}`));
        return true;
      },
    );
    assert.deepEqual(blobs(options), [gitSha1(CONFIG)]);
  }));

Deno.test("pullCheckpoint() checks small files by git's hash", () =>
  withHub(async (hub, options) => {
    hub.intercept(({ method, path }) =>
      method === "GET" && path.startsWith("/api")
        ? new Response(CONFIG.replace("2", "3"))
        : undefined
    );
    await assert.rejects(
      pullCheckpoint("some/tiny", options),
      /config\.json of some\/tiny.* came with git's hash \w{40}, wanted \w{40}/,
    );
  }));

Deno.test("pullCheckpoint() notices bodies that are too short or too long", () =>
  withHub(async (hub, options) => {
    const body = (bytes: Uint8Array<ArrayBuffer>) =>
      // Without Content-Length, only the hub's size tells.
      new Response(new Blob([bytes]).stream());
    hub.intercept(({ server }) =>
      server === "storage" ? body(WEIGHTS.slice(0, 30_000)) : undefined
    );
    await assert.rejects(
      pullCheckpoint("some/tiny", options),
      /the connection ended after 30000 of 50000 bytes; what is here is kept/,
    );
    hub.intercept(({ server }) =>
      server === "storage" ? body(fakeBytes(60_000, 1)) : undefined
    );
    await assert.rejects(
      pullCheckpoint("some/tiny", options),
      /Cannot use net\/weights\.bin.* a size of (?:5\d{4}|60000), wanted 50000/,
    );
    hub.intercept(({ server }) =>
      server === "storage" ? new Response(fakeBytes(60_000, 1)) : undefined
    );
    await assert.rejects(
      pullCheckpoint("some/tiny", options),
      /the server's has 60000 bytes, wanted 50000/,
    );
  }));

Deno.test("pullCheckpoint() does not wait for ever on a silent connection", () =>
  withHub(async (hub, options) => {
    let isFirst = true;
    let stop = () => {};
    hub.intercept(({ server }) => {
      if (server !== "storage" || !isFirst) return;
      isFirst = false;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(WEIGHTS.slice(0, 700));
          stop = () => controller.close();
        },
        cancel() {},
      });
      return new Response(body);
    });
    await pullCheckpoint("some/tiny", { ...options, patience: 300 });
    assert.deepEqual(ranges(hub), [null, "bytes=700-"]);
    assert.match(options.notes[0], /no byte came for 0\.3 s/);
    try {
      stop();
    } catch { // it was cancelled
    }
  }));

Deno.test("pullCheckpoint() waits as long as a server asks, within reason", () =>
  withHub(async (hub, options) => {
    let refusals = 2;
    hub.intercept(({ server }) =>
      server === "hub" && refusals-- > 0
        ? reply(429, { "Retry-After": "7" })
        : undefined
    );
    await pullCheckpoint("some/tiny", options);
    assert.deepEqual(options.waits, [7000, 7000]);
    assert.match(
      options.notes[0],
      /asked too often \(429\).*Trying again in 7 s/,
    );
    hub.intercept(() => reply(429, { "Retry-After": "3600" }));
    await assert.rejects(
      pullCheckpoint("some/tiny", { ...options, files: ["other.bin"] }),
      /asked too often \(429\), to be asked again in 3600 s.* HF_TOKEN/,
    );
    assert.equal(options.waits.length, 2);
  }));

Deno.test("pullCheckpoint() tries a broken server again, but not for ever", () =>
  withHub(async (hub, options) => {
    let failures = 3;
    hub.intercept(({ server }) =>
      server === "storage" && failures-- > 0 ? reply(503) : undefined
    );
    await pullCheckpoint("some/tiny", options);
    assert.deepEqual(options.waits, [1000, 2000, 4000]);
    hub.intercept(() => reply(500));
    await assert.rejects(
      pullCheckpoint("some/tiny", { ...options, files: ["other.bin"] }),
      /other\.bin of some\/tiny.*is out of order \(500\); try later/,
    );
    assert.deepEqual(options.waits.slice(3), [1000, 2000, 4000, 8000]);
  }));

Deno.test("pullCheckpoint() says that there is no connection", () =>
  withHub(async (_, options) => {
    const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const endpoint = `http://127.0.0.1:${closed.addr.port}`;
    closed.close();
    await assert.rejects(
      pullCheckpoint("some/tiny", {
        ...options,
        settings: { ...options.settings, endpoint },
      }),
      /no connection to 127\.0\.0\.1:\d+ \(.*[Rr]efused.*\); check the network/,
    );
    assert.equal(options.waits.length, 4);
  }));

Deno.test("pullCheckpoint() refuses a server that is no hub, and odd names", () =>
  withHub(async (hub, options) => {
    hub.intercept(() => new Response("hello"));
    const pull = () => pullCheckpoint("some/tiny", options);
    await assert.rejects(pull, /has not the headers of the hub.*HF_ENDPOINT/);
    const odd = { "X-Repo-Commit": COMMIT, "ETag": '"../../evil"' };
    hub.intercept(() => new Response("hello", { headers: odd }));
    await assert.rejects(pull, /has not the headers of the hub/);
    hub.intercept(() =>
      reply(200, { "X-Repo-Commit": "../../evil", "ETag": '"abc"' })
    );
    await assert.rejects(pull, /has not the headers of the hub/);
    hub.intercept(() => reply(302, { Location: `${hub.endpoint}/round` }));
    await assert.rejects(pull, /from address to address, more than 10 times/);
  }));

Deno.test("pullCheckpoint() asks nobody when it is to be offline", () =>
  withHub(async (hub, options) => {
    const settings = { ...options.settings, offline: true };
    await assert.rejects(
      pullCheckpoint("some/tiny", { ...options, settings }),
      /net\/config\.json, net\/weights\.bin of some\/tiny: HF_HUB_OFFLINE is set/,
    );
    assert.deepEqual(hub.asked, []);
    await pullCheckpoint("some/tiny", options);
    const before = hub.asked.length;
    const { missing } = await pullCheckpoint("some/tiny", {
      ...options,
      settings,
    });
    assert.deepEqual(missing, []);
    assert.equal(hub.asked.length, before);
  }));
