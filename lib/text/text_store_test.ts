import assert from "node:assert/strict";
import { contents, withFolder } from "../run/temp_folder.ts";
import { encodeText, loadTextEncoder } from "./encode.ts";
import { rememberTexts } from "./remember_texts.ts";
import type { TextStates } from "./text_model.ts";
import { openTextStore } from "./text_store.ts";

const ENCODER = new URL("../../weights/text", import.meta.url).pathname;
const PROMPTS = ["a red apple", "two hearts", "a red apple"];

Deno.test("loadTextEncoder() says the same of texts that were kept, bit for bit", async () => {
  await withFolder(async (texts) => {
    const plain = await loadTextEncoder(ENCODER, { length: 8 });
    const wanted = await encodeText(plain, PROMPTS);
    await plain.release();
    const options = { length: 8, texts };
    const first = await loadTextEncoder(ENCODER, options);
    assert.deepEqual(await encodeText(first, PROMPTS), wanted);
    const kept = contents(texts);
    assert.equal(kept.filter((name) => name.includes("/")).length, 2);
    await first.release();
    // Another program finds them; one more text is read beside them.
    const second = await loadTextEncoder(ENCODER, options);
    assert.deepEqual(await encodeText(second, PROMPTS), wanted);
    assert.deepEqual(contents(texts), kept);
    const more = await encodeText(second, ["a blue fish", ...PROMPTS]);
    const size = 8 * second.width;
    assert.deepEqual(more.states.subarray(size), wanted.states);
    // Another length is another encoder.
    const longer = await loadTextEncoder(ENCODER, { ...options, length: 9 });
    await encodeText(longer, PROMPTS);
    assert.equal(
      contents(texts).filter((name) => !name.includes("/")).length,
      2,
    );
    await Promise.all([second.release(), longer.release()]);
  });
});

/** A store of an encoder whose weights are a file of these words. */
async function storeOf(folder: string, words: string, most?: number) {
  const file = `${folder}/${words}`;
  await Deno.writeTextFile(file, words);
  const options = { folder: `${folder}/texts`, files: [file], settings: [1] };
  return await openTextStore({ ...options, most });
}

const states = (value: number): TextStates => ({
  states: new Float32Array(100).fill(value),
  pooled: Float32Array.of(-value),
});

Deno.test("a store gives back what it was given, and only of its own encoder", async () => {
  await withFolder(async (folder) => {
    const store = await storeOf(folder, "one");
    await store.put([["a", states(1)], ["b", states(2)]]);
    assert.deepEqual(await store.get("b"), states(2));
    assert.equal(await store.get("c"), undefined);
    assert.equal(await (await storeOf(folder, "other")).get("a"), undefined);
  });
});

Deno.test("a store reads anew what is damaged, and removes what was longest unread", async () => {
  await withFolder(async (folder) => {
    const store = await storeOf(folder, "one", 1500);
    await store.put([["a", states(1)], ["b", states(2)]]);
    const old = new Date(0);
    for (const name of contents(`${folder}/texts`)) {
      if (name.includes("/")) {
        await Deno.utime(`${folder}/texts/${name}`, old, old);
      }
    }
    assert.deepEqual(await store.get("a"), states(1)); // which is read now
    await store.put([["c", states(3)]]);
    assert.equal(await store.get("b"), undefined);
    assert.deepEqual(await store.get("a"), states(1));
    for (const name of contents(`${folder}/texts`)) {
      if (name.includes("/")) {
        await Deno.truncate(`${folder}/texts/${name}`, 60);
      }
    }
    assert.equal(await store.get("a"), undefined);
    await store.put([["a", states(4)]]);
    assert.deepEqual(await store.get("a"), states(4));
  });
});

Deno.test("several writers share a store", async () => {
  await withFolder(async (folder) => {
    const stores = [await storeOf(folder, "one", 2500)];
    while (stores.length < 4) stores.push(await storeOf(folder, "one", 2500));
    await Promise.all(
      stores.flatMap((store) =>
        Array.from(
          { length: 8 },
          (_, text) => store.put([[`text ${text}`, states(text)]]),
        )
      ),
    );
    for (let text = 0; text < 4; text++) {
      const found = await stores[0].get(`text ${text}`);
      if (found) assert.deepEqual(found, states(text));
    }
    const left = contents(`${folder}/texts`);
    assert.ok(left.every((name) => !name.endsWith(".part")), `${left}`);
  });
});

Deno.test("rememberTexts() asks for each text once, and tells masks apart", async () => {
  const asked: string[] = [];
  const encode = rememberTexts(2, (ids, mask) => {
    asked.push(`${ids} ${mask}`);
    return Promise.resolve({ states: Float32Array.from(ids) });
  });
  const ids = Int32Array.of(1, 2, 1, 2, 3, 4);
  const mask = Float32Array.of(1, 1, 1, 0, 1, 1);
  const { states } = await encode(ids, mask);
  assert.deepEqual([...states], [...ids]);
  await encode(ids.subarray(2), mask.subarray(2));
  assert.deepEqual(asked, ["1,2,1,2,3,4 1,1,1,0,1,1"]);
});

Deno.test("rememberTexts() answers a call that waits while another pushes its texts out", async () => {
  const waiting = Promise.withResolvers<void>();
  const encode = rememberTexts(1, async (ids) => {
    if (ids.includes(2)) await waiting.promise;
    return { states: Float32Array.from(ids) };
  });
  const read = (ids: readonly number[]) =>
    encode(Int32Array.from(ids), new Float32Array(ids.length).fill(1));
  await read([1]);
  const slow = read([1, 2]);
  await read(Array.from({ length: 300 }, (_, i) => 10 + i));
  waiting.resolve();
  assert.deepEqual([...(await slow).states], [1, 2]);
});
