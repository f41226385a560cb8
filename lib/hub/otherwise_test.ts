/** Repositories that have something else in place of a model's files, or nothing. */

import assert from "node:assert/strict";
import { findEntry } from "./catalogue.ts";
import { fakeBytes, type FakeRepository } from "./fake_hub.ts";
import { COMMIT, ranges, withHub } from "./fake_tiny.ts";
import { findCheckpoint } from "./find.ts";
import { pullCheckpoint } from "./pull.ts";

const LIKE = "amused-256";
const NAME = "some/tuned";
const PATHS = findEntry(LIKE).files.map(({ path }) => path);
const isWeights = (path: string) => path.endsWith(".safetensors");
const half = (path: string) =>
  path.replace(".safetensors", ".fp16.safetensors");

/** The hub's, with weights by these names. */
function repository(nameOf: (path: string) => string): FakeRepository {
  const weights = PATHS.filter(isWeights).map((path, i) =>
    [nameOf(path), fakeBytes(300, i)] as const
  );
  const others = PATHS.filter((path) => !isWeights(path)).map((path) =>
    [path, "{}"] as const
  );
  return {
    name: NAME,
    commit: COMMIT,
    small: Object.fromEntries(others),
    large: Object.fromEntries(weights),
  };
}

/** Pulls from it, and finds the same again without the hub. */
async function pullFrom(published: FakeRepository) {
  const notes: string[] = [];
  let names: string[] = [];
  await withHub(async (hub, { settings, ...options }) => {
    const which = { settings, like: LIKE };
    const { onNote: _, files: __, ...quiet } = options;
    const onNote = (text: string) => void notes.push(text);
    const found = await pullCheckpoint(NAME, { ...quiet, ...which, onNote });
    names = [...found.files.keys()];
    assert.deepEqual(found.missing, []);
    assert.equal(ranges(hub).length, 3);
    assert.deepEqual(await findCheckpoint(NAME, which), found);
    const again = await pullCheckpoint(NAME, { ...which, ...quiet });
    assert.deepEqual(again, found);
    assert.equal(ranges(hub).length, 3);
  }, published);
  return { names, notes };
}

Deno.test("pullCheckpoint() takes float16 where a repository has that alone", async () => {
  const { names, notes } = await pullFrom(repository(half));
  const wanted = PATHS.map((path) => isWeights(path) ? half(path) : path);
  assert.deepEqual(names, wanted);
  assert.match(
    notes.join("\n"),
    /some\/tuned has vqvae\/diffusion_pytorch_model\.fp16\.safetensors in place of vqvae\/diff/,
  );
  assert.equal(notes.length, 3);
});

Deno.test("pullCheckpoint() takes float32 where there is that, of each part", async () => {
  const isMixed = (path: string) => path.startsWith("transformer/");
  const nameOf = (path: string) =>
    isWeights(path) && isMixed(path) ? half(path) : path;
  const published = repository(nameOf);
  assert.deepEqual((await pullFrom(published)).names, PATHS.map(nameOf));
  const [one, other] = [repository((path) => path), repository(half)];
  const all = await pullFrom({
    ...one,
    large: { ...one.large, ...other.large },
  });
  assert.deepEqual(all, { names: PATHS, notes: [] });
});

Deno.test("pullCheckpoint() takes a tokenizer of one file, and its config for two", () => {
  const whole = repository((path) => path);
  const { "tokenizer/tokenizer_config.json": config } = whole.small!;
  const others = Object.entries(whole.small!)
    .filter(([path]) => !path.startsWith("tokenizer/"));
  const own = ["tokenizer/tokenizer.json", "tokenizer/tokenizer_config.json"];
  return withHub(async (hub, { settings }) => {
    const which = { settings, like: LIKE };
    const counts = new Set<number>();
    const onProgress = ({ count }: { count: number }) => counts.add(count);
    const found = await pullCheckpoint(NAME, { ...which, onProgress });
    assert.deepEqual(found.missing, []);
    const names = [...found.files.keys()];
    const wanted = PATHS.filter((path) => !path.startsWith("tokenizer/"));
    assert.deepEqual(names.toSorted(), [...wanted, ...own].toSorted());
    assert.deepEqual([...counts], [names.length]);
    const before = hub.asked.length;
    assert.deepEqual(await findCheckpoint(NAME, which), found);
    assert.deepEqual(await pullCheckpoint(NAME, which), found);
    assert.equal(hub.asked.length, before);
  }, {
    ...whole,
    small: { ...Object.fromEntries(others), [own[0]]: "{}", [own[1]]: config },
  });
});

Deno.test("pullCheckpoint() names all that is there by neither name, and what to do", () =>
  withHub(async (_, { settings }) => {
    const which = { settings, like: LIKE };
    await assert.rejects(
      pullCheckpoint(NAME, which),
      /^Error: Cannot download some\/tuned: http:[^ ]*\/some\/tuned lacks text_encoder\/model\.safetensors \(or text_encoder\/model\.fp16\.safetensors\), transformer\/[^,]*, vqvae\/[^,]*, and a model like amused-256 wants all of its 12 files; if these .* put the files of both into one folder and name that$/,
    );
    await assert.rejects(
      pullCheckpoint("amused-256", { settings }),
      /there is no such repository/,
    );
  }, repository((path) => `other/${path}`)));

Deno.test("findCheckpoint() wants the catalogue's own files, whatever else is there", () =>
  withHub(async (_, { settings }) => {
    await pullCheckpoint(`${LIKE}-fp16@${COMMIT}`, { settings });
    const whole = `${LIKE}@${COMMIT}`;
    const { missing } = await findCheckpoint(whole, { settings });
    assert.deepEqual(missing.map(({ path }) => path), PATHS.filter(isWeights));
  }, { ...repository(half), name: "amused/amused-256" }));
