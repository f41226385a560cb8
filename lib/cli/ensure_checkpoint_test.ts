import assert from "node:assert/strict";
import { reply } from "../hub/fake_hub.ts";
import { FILES, type Pulling, withHub } from "../hub/fake_tiny.ts";
import { type Asker, ensureCheckpoint } from "./ensure_checkpoint.ts";

/** A person who answers, or nobody. */
function asker(answer?: string): Asker & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    isTerminal: answer !== undefined,
    ask: (question) => Promise.resolve((asked.push(question), `${answer}\n`)),
  };
}

/** What a command passes on. */
const which = ({ settings, files }: Pulling) => ({ settings, files });

Deno.test("ensureCheckpoint() downloads nothing unless it is told to", () =>
  withHub(async (hub, options) => {
    const ensure = (person: Asker) =>
      ensureCheckpoint("some/tiny", { ...which(options), asker: person });
    await assert.rejects(
      ensure(asker()),
      /some\/tiny is not all here: 2 files, 50\.0 kB to download from http:.*\(licence: see the page\); get it with `deno task weights pull some\/tiny net\/config\.json net\/weights\.bin`, or add --yes$/,
    );
    for (const no of ["", "n", "no", "yet"]) {
      const person = asker(no);
      await assert.rejects(ensure(person), /get it with `deno task/);
      assert.equal(person.asked.length, 1);
      assert.match(person.asked[0], /Download\? \[y\/N\] $/);
    }
    assert.ok(hub.asked.every(({ method }) => method === "HEAD"));
  }));

Deno.test("ensureCheckpoint() offers what is known where the hub doesn't answer", () =>
  withHub(async (hub, options) => {
    hub.intercept(() => reply(503));
    await assert.rejects(
      ensureCheckpoint("some/tiny", { ...which(options), asker: asker() }),
      /2 files, of unknown size to download/,
    );
    assert.equal(hub.asked.length, 1);
    hub.intercept(() => reply(401, { "X-Error-Code": "GatedRepo" }));
    await assert.rejects(
      ensureCheckpoint("some/tiny", { ...which(options), asker: asker() }),
      /its repository is gated/,
    );
  }));

Deno.test("ensureCheckpoint() downloads once it is told to, and asks no more", () =>
  withHub(async (hub, options) => {
    const person = asker("Y");
    const ensure = (person: Asker) =>
      ensureCheckpoint("some/tiny", { ...which(options), asker: person });
    const found = await ensure(person);
    assert.deepEqual([...found.files.keys()], FILES);
    const before = hub.asked.length;
    assert.deepEqual(await ensure(asker()), found);
    assert.equal(hub.asked.length, before);
    assert.equal(person.asked.length, 1);
  }));

Deno.test("ensureCheckpoint() asks nobody in a script with --yes", () =>
  withHub(async (_, options) => {
    const person = asker("n");
    const yes = { ...which(options), asker: person, yes: true };
    const { missing } = await ensureCheckpoint("some/tiny", yes);
    assert.deepEqual([missing, person.asked], [[], []]);
  }));

Deno.test("ensureCheckpoint() says so when it is to be offline", () =>
  withHub(async (hub, options) => {
    const settings = { ...options.settings, offline: true };
    await assert.rejects(
      ensureCheckpoint("some/tiny", {
        ...which(options),
        settings,
        asker: asker("y"),
      }),
      /HF_HUB_OFFLINE is set/,
    );
    assert.deepEqual(hub.asked, []);
  }));
