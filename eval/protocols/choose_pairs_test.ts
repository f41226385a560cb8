import assert from "node:assert/strict";
import { join } from "node:path";
import type { PairSet } from "../../datasets/pairs/pair.ts";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { choosePairs } from "./choose_pairs.ts";
import { readIds } from "./id_list.ts";

const SET: PairSet = {
  name: "set",
  kind: "COCO val2014",
  leftOut: [],
  pairs: Array.from({ length: 40 }, (_, i) => ({
    id: `COCO_val2014_${String(i + 1).padStart(12, "0")}.jpg`,
    captions: [`${i} early`, `${i} late`, `${i} last`],
    image: {
      name: "",
      bytes: 1,
      stamp: "",
      place: { kind: "file", path: "" },
    },
  })),
};
const DEFAULT = { count: 30, seed: 1, captions: "seed" } as const;

Deno.test("choosePairs() takes distinct pictures, one caption each by the seed", () => {
  const chosen = choosePairs(SET, DEFAULT);
  assert.equal(new Set(chosen.map(({ id }) => id)).size, 30);
  assert.deepEqual(chosen, choosePairs(SET, DEFAULT));
  chosen.forEach(({ index, seed, id, caption }, i) => {
    assert.deepEqual([index, seed], [i, 1 + i]);
    assert.equal(caption.split(" ")[0], String(Number(id.slice(13, 25)) - 1));
  });
  const which = new Set(chosen.map(({ caption }) => caption.split(" ")[1]));
  assert.equal(which.size, 3);
  assert.notDeepEqual(chosen, choosePairs(SET, { ...DEFAULT, seed: 2 }));
  // Which caption a picture has does not depend on how many there are.
  const fewer = choosePairs(SET, { ...DEFAULT, count: 10 });
  for (const { id, caption } of fewer) {
    const same = chosen.find((one) => one.id === id);
    assert.ok(!same || same.caption === caption);
  }
});

Deno.test("choosePairs() takes first captions, or all of them", () => {
  const first = choosePairs(SET, { ...DEFAULT, captions: "first" });
  assert.ok(first.every(({ caption }) => caption.endsWith("early")));
  const whole = { ...DEFAULT, count: undefined, captions: "all" } as const;
  assert.equal(choosePairs(SET, whole).length, 120);
  assert.throws(
    () => choosePairs(SET, { ...DEFAULT, count: 41 }),
    /Cannot take 41 samples of set: it has 40; ask for fewer by --samples/,
  );
});

Deno.test("choosePairs() takes published lists as they are", () =>
  withFolder(async (folder) => {
    const lists = {
      "a.csv": "image_id,text\n7,seven\n3,three\n",
      "a.json": JSON.stringify({
        annotations: [
          { image_id: 7, id: 1, caption: "seven" },
          { image_id: 3, id: 2, caption: "three" },
        ],
      }),
      "b.json": '[{"file_name":"COCO_val2014_000000000007.jpg","caption":' +
        '"seven"},{"image_id":"3","text":"three"}]',
      "a.jsonl": '{"image_id":7,"caption":"seven"}\n' +
        '{"image_id":3,"caption":"three"}\n',
      "a.txt": "7\tseven\nCOCO_val2014_000000000003.jpg\tthree\n",
    };
    for (const [name, text] of Object.entries(lists)) {
      const path = join(folder, name);
      await Deno.writeTextFile(path, text);
      const ids = readIds(path);
      const chosen = choosePairs(SET, { ...DEFAULT, count: undefined, ids });
      assert.deepEqual(
        chosen.map(({ id, caption }) => [Number(id.slice(13, 25)), caption]),
        [[7, "seven"], [3, "three"]],
        name,
      );
    }
    const wrong: [string, string, RegExp][] = [
      ["c.txt", "99\n", /set has no picture 99/],
      ["c.txt", "\n", /c\.txt: it is empty/],
      ["c.json", '[{"caption":"x"}]', /neither image_id nor file_name/],
      ["c.json", "[", /Cannot read the list .*c\.json: it is not JSON/],
      [
        "c.jsonl",
        '{"image_id":7}\n{"image_id":true}\n',
        /c\.jsonl: 1\.image_id: found true, wanted a string or a number; correct/,
      ],
      [
        "c.json",
        '{"images":[]}',
        /found \{"images":\[\]\}, wanted a list; correct/,
      ],
      ["c.tsv", "1", /ends on none of txt, csv, jsonl, json/],
    ];
    for (const [name, text, message] of wrong) {
      const path = join(folder, name);
      await Deno.writeTextFile(path, text);
      assert.throws(
        () => choosePairs(SET, { ...DEFAULT, ids: readIds(path) }),
        message,
      );
    }
  }));

Deno.test("choosePairs() takes no short name that two pictures have", () => {
  const [first] = SET.pairs;
  const pairs = ["cats/01.jpg", "dogs/01.jpg", "dogs/02.jpg"]
    .map((id) => ({ ...first, id }));
  const take = (id: string) =>
    choosePairs({ ...SET, pairs }, {
      ...DEFAULT,
      count: undefined,
      ids: [{ id }],
    })[0].id;
  assert.equal(take("02"), "dogs/02.jpg");
  assert.equal(take("cats/01.jpg"), "cats/01.jpg");
  for (const id of ["01", "01.jpg", "1"]) {
    assert.throws(
      () => take(id),
      /may be cats\/01\.jpg or dogs\/01\.jpg of .*; write the path/,
    );
  }
});
