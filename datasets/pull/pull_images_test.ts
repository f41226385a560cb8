import assert from "node:assert/strict";
import { join } from "node:path";
import { cutAfter } from "../../lib/hub/fake_hub.ts";
import { contents, withFolder } from "../../lib/run/temp_folder.ts";
import { openCc3mSplit } from "../pairs/cc3m_split.ts";
import { makePicture } from "../pairs/fixture.ts";
import { pullCc3m } from "./pull_cc3m.ts";
import { pullImages, type PullImagesOptions } from "./pull_images.ts";

const MADE = await Promise.all([0, 1, 2].map(makePicture));
const [PNG, JPEG, WEBP] = MADE.map(({ bytes }) => bytes as BodyInit);
const type = (type: string) => ({ headers: { "Content-Type": type } });

/** What the server says, by the path that it is asked for. */
const ANSWERS: Readonly<Record<string, () => Response | Promise<Response>>> = {
  "/a.png": () => new Response(PNG),
  // Neither the path nor the type of an answer tells what a picture is.
  "/..%2f..%2fescape.gif": () => new Response(JPEG, type("text/plain")),
  "/moved": () => new Response(null, to("/c")),
  "/c": () => new Response(WEBP),
  "/gone": () => new Response("no", { status: 404 }),
  "/page.jpg": () => new Response("<html>", type("text/html")),
  "/cut": () => new Response(MADE[1].bytes.slice(0, 300)),
  "/empty": () => new Response(null),
  "/round": () => new Response(null, to("/round")),
  "/away": () => new Response(null, to("file:///etc/passwd")),
  "/unwilling": () =>
    new Response(PNG, { headers: { "X-Robots-Tag": "noai, noimageai" } }),
  "/long": () => new Response(new Uint8Array(99_999)),
  "/endless": () => new Response(endless()),
  "/broken": () => new Response("busy", { status: 503 }),
  "/lost": () => cutAfter(MADE[0].bytes, 50),
  "/hangs": () => new Promise(() => {}),
  "/stops": () => new Response(stopped()),
};

function to(location: string): ResponseInit {
  return { status: 302, headers: { Location: location } };
}

function endless(): ReadableStream {
  return new ReadableStream({
    pull: (stream) => stream.enqueue(new Uint8Array(9_000)),
  });
}

/** Sends a little, and then nothing. */
function stopped(): ReadableStream {
  return new ReadableStream({
    start: (stream) => stream.enqueue(new Uint8Array(10)),
  });
}

const OPTIONS: PullImagesOptions = {
  patience: 3000,
  most: 50_000,
  atOnce: 4,
  retry: false,
};

/** Lends a server, which forgets what it was asked whenever it is told. */
async function withServer(
  use: (address: string, asked: string[]) => Promise<void>,
  answer: (path: string) => Response | undefined = () => undefined,
): Promise<void> {
  const asked: string[] = [];
  const stop = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, signal: stop.signal },
    ({ url }) => {
      const path = url.slice(url.indexOf("/", 8));
      asked.push(path);
      return answer(path) ?? ANSWERS[path]();
    },
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`, asked);
  } finally {
    stop.abort(); // some answers never end
    await server.finished;
  }
}

async function writeTable(
  path: string,
  address: string,
  paths: readonly string[],
): Promise<string> {
  const lines = paths.map((path, i) => `caption ${i}\t${address}${path}\n`);
  await Deno.writeTextFile(path, lines.join(""));
  return path;
}

Deno.test("pullImages() brings what is a picture, and names what is none with its reason", () =>
  withFolder((folder) =>
    withServer(async (address, asked) => {
      const paths = Object.keys(ANSWERS).filter((path) => path !== "/c");
      const table = join(folder, "Validation.tsv");
      await writeTable(table, address, paths);
      // Addresses that none may be asked for.
      const more = ["file:///etc/passwd", "nonsense"];
      const lines = more.map((url) => `caption\t${url}\n`).join("");
      await Deno.writeTextFile(table, lines, { append: true });
      const told: number[] = [];
      const to = join(folder, "validation");
      const { here, missing } = await pullImages(table, to, {
        ...OPTIONS,
        onProgress: (here, missing) => told.push(here + missing),
      });
      assert.equal(here, 3);
      assert.deepEqual(told, told.toSorted((a, b) => a - b));
      assert.equal(told.at(-1), paths.length + more.length);
      const reasons = missing.map(({ name, reason }) => [
        name.replace(address, ""),
        reason.replace(/: .*/, ": …"),
      ]);
      assert.deepEqual(reasons, [
        ["/gone", "the server answers 404"],
        ["/page.jpg", "no JPEG, PNG or WebP: …"],
        ["/cut", "a damaged picture: …"],
        ["/empty", "an empty answer"],
        ["/round", "more than 10 redirects"],
        ["/away", "a bad redirect: …"],
        ["/unwilling", "its server asks that AI not use it"],
        ["/long", "more than 50000 bytes"],
        ["/endless", "more than 50000 bytes"],
        ["/broken", "the server answers 503"],
        ["/lost", "the connection broke"],
        ["/hangs", "not there within 3 s"],
        ["/stops", "not there within 3 s"],
        ["file:///etc/passwd", "no address of a picture"],
        ["nonsense", "no address of a picture"],
      ]);
      // Files are called after lines; nothing is anywhere else.
      const names = contents(to).filter((name) => /\.(?!json|txt)/.test(name));
      assert.deepEqual(names, [
        "00000/000000000.png",
        "00000/000000001.jpg",
        "00000/000000002.webp",
      ]);
      assert.deepEqual(
        contents(folder).filter((name) => !name.startsWith("validation")),
        ["Validation.tsv"],
      );

      // The reader takes it, with the reasons.
      const { pairs, leftOut } = await openCc3mSplit(folder, "validation");
      assert.deepEqual(
        pairs.map(({ captions }) => captions[0]),
        ["caption 0", "caption 1", "caption 2"],
      );
      const gone = leftOut.find(({ name }) => name.endsWith("/gone"));
      assert.equal(gone?.reason, "not downloaded: the server answers 404");
      assert.equal(pairs.length + leftOut.length, paths.length + more.length);

      // What may come yet is asked for again, and all of it if that is wanted.
      asked.splice(0);
      await pullImages(table, to, OPTIONS);
      assert.deepEqual(asked.toSorted(), [
        ...["/broken", "/hangs", "/lost", "/stops"],
      ]);
      asked.splice(0);
      await pullImages(table, to, { ...OPTIONS, retry: true });
      assert.ok(asked.includes("/gone") && !asked.includes("/a.png"));
    })
  ));

Deno.test("pullImages() goes on where it was stopped, and asks again for what changed", () =>
  withFolder((folder) =>
    withServer(async (address, asked) => {
      const table = join(folder, "table.tsv");
      const all = ["/a.png", "/c", "/moved"];
      await writeTable(table, address, all.slice(0, 2));
      await pullImages(table, folder, OPTIONS);
      await writeTable(table, address, all);
      asked.splice(0);
      const { here } = await pullImages(table, folder, OPTIONS);
      assert.deepEqual([here, asked], [3, ["/moved", "/c"]]);
      // One file is gone, another's note was cut off, and a line is another's.
      await Deno.remove(join(folder, "00000/000000000.png"));
      await Deno.writeTextFile(join(folder, "00000/000000001.json"), '{"u');
      await writeTable(table, address, ["/a.png", "/c", "/gone"]);
      asked.splice(0);
      const again = await pullImages(table, folder, OPTIONS);
      assert.deepEqual(asked.toSorted(), ["/a.png", "/c", "/gone"]);
      assert.deepEqual([again.here, again.missing.length], [2, 1]);
    })
  ));

Deno.test("pullImages() stops where there is no network, or no room to write", () =>
  withFolder(async (folder) => {
    const table = join(folder, "table.tsv");
    const nobody = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = nobody.addr;
    nobody.close();
    const many = Array.from({ length: 80 }, (_, i) => `/${i}`);
    await writeTable(table, `http://127.0.0.1:${port}`, many);
    await assert.rejects(
      pullImages(table, folder, OPTIONS),
      /no server answered for the last 64; check the network/,
    );
    assert.deepEqual(contents(folder), ["table.tsv"]);
    await withServer(async (address) => {
      await writeTable(table, address, ["/a.png", "/c"]);
      const file = join(folder, "file");
      await Deno.writeTextFile(file, "");
      await assert.rejects(pullImages(table, file, OPTIONS), /Cannot write/);
    });
  }));

Deno.test("pullCc3m() refuses a table that is another file, and leaves nothing of it", () =>
  withFolder(async (folder) => {
    const path = "/Validation/GCC-1.1.0-Validation.tsv";
    let answer = "a cat\thttp://pictures.invalid/cat\n";
    await withServer(
      async (address) => {
        const options = { ...OPTIONS, split: "validation", address };
        const pull = () => pullCc3m(folder, options);
        await assert.rejects(
          pull,
          /it has 1 captions, wanted 15840; try again/,
        );
        answer = "<html>sign in</html>";
        await assert.rejects(pull, /line 1 is not .*; get the table with a/);
        const left = contents(folder);
        assert.deepEqual(left.filter((name) => !name.startsWith(".")), []);
      },
      (asked) => asked === path ? new Response(answer) : undefined,
    );
  }));
