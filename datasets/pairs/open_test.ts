import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../lib/run/temp_folder.ts";
import { MOST_IMAGE_BYTES, readStored } from "../files/place.ts";
import { makeTar } from "../files/tar_fixture.ts";
import {
  type Files,
  type Made,
  makePicture,
  writeFiles,
  zipped,
} from "./fixture.ts";
import { openPairs } from "./open.ts";
import { listingHash, type PairSet, picturesHash } from "./pair.ts";

const made = await Promise.all([0, 1, 2, 3].map(makePicture));
const bytes = (text: string) => new TextEncoder().encode(text);

/** Opens what is below a folder with these files. */
function opened<T>(
  files: Files,
  path: string,
  use: (set: PairSet, folder: string) => T | Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    await writeFiles(folder, files);
    return await use(await openPairs(join(folder, path)), folder);
  });
}

/** Ids and captions of a set whose pictures are the first of those made. */
async function contentsOf({ pairs }: PairSet, wanted: readonly Made[] = made) {
  const contents: [string, readonly string[]][] = [];
  for (const { id, captions, image } of pairs) {
    const data = await readStored(image, MOST_IMAGE_BYTES);
    const isMade = wanted.some((one) => String(one.bytes) === String(data));
    assert.ok(isMade, id);
    contents.push([id, captions]);
  }
  return contents;
}

Deno.test("openPairs() pairs pictures of a folder with the texts beside them", () =>
  opened(
    {
      "b/2.jpg": made[1].bytes,
      "b/2.txt": "one line\r\n\r\n  and   another \n",
      "1.png": made[0].bytes,
      "1.txt": "\uFEFFfirst",
      "3.JSON": "{}",
      "3.WEBP": made[2].bytes,
      "4.webp": made[2].bytes,
      "4.txt": " \n",
      "5.txt": "words only",
      "6.v2.png": made[3].bytes,
      "6.v2.json": JSON.stringify({ caption: "of a record" }),
      "7.png": made[3].bytes,
      "7.txt": Uint8Array.of(0xff),
      "notes.md": "not part of it",
      ".DS_Store": "nor this",
    },
    "",
    async (set) => {
      assert.equal(set.kind, "a folder");
      assert.deepEqual(await contentsOf(set), [
        ["1.png", ["first"]],
        ["6.v2.png", ["of a record"]],
        ["b/2.jpg", ["one line", "and another"]],
      ]);
      assert.deepEqual(set.leftOut, [
        { name: "3.WEBP", reason: "its caption is empty" },
        { name: "4.webp", reason: "its caption is empty" },
        { name: "5.txt", reason: "no picture beside it" },
        { name: "7.png", reason: "Cannot read 7.txt: it is not UTF-8" },
      ]);
    },
  ));

Deno.test("openPairs() reads shards as WebDataset does, one or many", async () => {
  const shard = (first: number) =>
    makeTar([0, 1].flatMap((i) => {
      const { ending, bytes: data, caption } = made[first + i];
      const key = `00000${first + i}`;
      const json = JSON.stringify({ caption, url: "http://x/", key });
      return [
        { name: `./${key}.${ending}`, data },
        { name: `./${key}.json`, data: bytes(json) },
        ...(i ? [] : [{ name: `./${key}.txt`, data: bytes(caption) }]),
      ];
    }));
  const files = {
    "00000.tar": shard(0),
    "00001.tar": shard(2),
    "00000_stats.json": "{}",
    "one/x.tar": makeTar([
      { name: "a.b/k.seg.png", data: made[0].bytes },
      { name: "a.b/k.txt", data: bytes("keys end at the first dot") },
    ]),
  };
  for (const path of ["", "*.tar", "{00000..00001}.tar"]) {
    await opened(files, path, async (set) => {
      assert.equal(set.kind, "WebDataset shards");
      assert.deepEqual(
        await contentsOf(set),
        made.map(({ ending, caption }, i) => [
          `0000${i >> 1}.tar/00000${i}.${ending}`,
          [caption],
        ]),
      );
      assert.deepEqual(set.leftOut, []);
    });
  }
  await opened(files, "one/x.tar", async (set) => {
    const wanted = [["x.tar/a.b/k.seg.png", ["keys end at the first dot"]]];
    assert.deepEqual(await contentsOf(set), wanted);
  });
});

Deno.test("openPairs() reads captions.jsonl and captions.csv", async () => {
  const pictures = { "p/0.png": made[0].bytes, "p/1.jpg": made[1].bytes };
  const lines = [
    { image: "p/1.jpg", caption: "one" },
    { image: "p/0.png", captions: ["nought", "zero"] },
    { image: "p/1.jpg", caption: "uno" },
    { image: "p/9.png", caption: "gone" },
    { image: "p/8.png", caption: " " },
  ];
  const jsonl = lines.map((line) => `${JSON.stringify(line)}\n`).join("\n");
  const wanted = [["p/1.jpg", ["one", "uno"]], ["p/0.png", ["nought", "zero"]]];
  await opened(
    { ...pictures, "any.jsonl": jsonl },
    "any.jsonl",
    async (set) => {
      assert.deepEqual(await contentsOf(set), wanted);
      assert.deepEqual(set.leftOut.map(({ name }) => name), [
        "p/9.png",
        "p/8.png",
      ]);
      assert.match(set.leftOut[0].reason, /no such file/);
    },
  );
  const csv = "\uFEFFcaption,file_name\r\n" +
    '"a ""quoted"", long\ncaption",p/0.png\r\nplain,p/1.jpg\r\n';
  await opened({ ...pictures, "captions.csv": csv }, "", async (set) => {
    assert.equal(set.kind, "a captions file");
    assert.deepEqual(await contentsOf(set), [
      ["p/0.png", ['a "quoted", long caption']],
      ["p/1.jpg", ["plain"]],
    ]);
  });
});

Deno.test("openPairs() names the line of a captions file that is wrong", async () => {
  const cases: [string, string, RegExp][] = [
    [
      "a.jsonl",
      '{"image":"x","caption":"y"}\n{"image":"x"\n',
      /line 2 has no f/,
    ],
    [
      "a.jsonl",
      '\n{"image":"x","label":3}\n',
      /line 2 has image, label, wanted/,
    ],
    ["a.jsonl", '{"image":"x","caption":null}', /line 1 has image, caption/],
    [
      "a.csv",
      "image,label\nx,y\n",
      /line 2 has image, label, wanted a picture/,
    ],
    ["a.csv", 'image,caption\nx,"y', /Cannot read .*a\.csv: Quote/],
  ];
  for (const [name, text, message] of cases) {
    await assert.rejects(opened({ [name]: text }, name, () => {}), message);
  }
});

/** COCO's annotations of two pictures, one of which is missing, and a third. */
const COCO = JSON.stringify({
  info: { year: 2014 },
  licenses: [],
  images: [
    { id: 42, file_name: "COCO_val2014_000000000042.jpg", width: 9, height: 9 },
    { id: 9, file_name: "COCO_val2014_000000000009.jpg" },
    { id: 7, file_name: "COCO_val2014_000000000007.jpg" },
    { id: 8, file_name: "COCO_val2014_000000000008.jpg" },
  ],
  annotations: [
    { id: 3, image_id: 42, caption: "A late caption. \n" },
    { id: 1, image_id: 42, caption: "An early\ncaption." },
    { id: 2, image_id: 9, caption: "Nine." },
    { id: 4, image_id: 7, caption: "Seven." },
  ],
});

Deno.test("openPairs() reads COCO's captions, pictures unpacked or not", async () => {
  const images = {
    "val2014/COCO_val2014_000000000009.jpg": made[1].bytes,
    "val2014/COCO_val2014_000000000042.jpg": made[2].bytes,
    "val2014/COCO_val2014_000000000008.jpg": made[3].bytes,
  };
  const json = "annotations/captions_val2014.json";
  const layouts: [Files, string][] = [
    [{ [json]: COCO, ...images }, ""],
    [{ [json]: COCO, "val2014.zip": await zipped(images) }, ""],
    [{ [json]: COCO, "zips/val2014.zip": await zipped(images) }, json],
    [{
      "annotations_trainval2014.zip": await zipped({ [json]: COCO }),
      "val2014.zip": await zipped(images),
    }, ""],
  ];
  const hashes = new Set<string>();
  for (const [files, path] of layouts) {
    await opened(files, path, async (set) => {
      assert.equal(set.kind, "COCO's captions of val2014");
      assert.deepEqual(await contentsOf(set), [
        ["COCO_val2014_000000000009.jpg", ["Nine."]],
        ["COCO_val2014_000000000042.jpg", [
          "An early caption.",
          "A late caption.",
        ]],
      ]);
      const [seven, eight] = set.leftOut;
      assert.equal(seven.name, "COCO_val2014_000000000007.jpg");
      assert.match(seven.reason, /^not in .*val2014/);
      assert.equal(eight.reason, "it has no caption");
      hashes.add(listingHash(set));
    });
  }
  assert.equal(hashes.size, 1);
});

Deno.test("openPairs() says what is wrong with a COCO folder", async () => {
  const cases: [Files, string, RegExp][] = [
    [{ "captions_val2014.json": COCO }, "", /Cannot find the pictures of/],
    [
      { "captions_val2014.json": "{" },
      "",
      /captions_val2014.json as COCO's captions: it is not JSON .*; get it anew/,
    ],
    [
      { "captions_x.json": '{"images":[],"annotations":[{"id":1}]}' },
      "captions_x.json",
      /annotations\.0\.image_id: found nothing, wanted a number; .*get it anew/,
    ],
    [
      { "instances_val2014.json": "{}" },
      "instances_val2014.json",
      /are called/,
    ],
    [
      { "captions_val2014.json": COCO, "captions_val2017.json": COCO },
      "",
      /Cannot choose among captions_val2014.json, captions_val2017.json/,
    ],
  ];
  for (const [files, path, message] of cases) {
    await assert.rejects(opened(files, path, () => {}), message);
  }
});

Deno.test("openPairs() reads Conceptual Captions beside img2dataset's folders and shards", async () => {
  const tsv = "caption\turl\n" +
    [0, 1, 2, 0].map((i, line) => `caption ${line} of ${i}\thttp://x/${i}.jpg`)
      .join("\n");
  const record = (i: number) => JSON.stringify({ url: `http://x/${i}.jpg` });
  const unpacked = {
    "00000/000000000.jpg": made[0].bytes,
    "00000/000000000.txt": "never read",
    "00000/000000000.json": record(0),
    "00000/000000001.jpg": made[1].bytes,
    "00000/000000001.json": record(1),
    "00000/000000003.jpg": made[3].bytes,
    "00000/000000003.json": "{",
    "00000_stats.json": "{}",
  };
  const packed = makeTar(
    Object.entries(unpacked).filter(([name]) => name.startsWith("00000/"))
      .map(([name, data]) => ({
        name: name.slice(6),
        data: typeof data === "string" ? bytes(data) : data,
      })),
  );
  const table = "Train_GCC-training.tsv";
  for (
    const [files, prefix] of [
      [unpacked, "00000/"],
      [{ "data/00000.tar": packed }, "00000.tar/"],
    ] as const
  ) {
    await opened({ ...files, [table]: tsv }, "", async (set) => {
      assert.equal(set.kind, "Conceptual Captions");
      assert.deepEqual(await contentsOf(set), [
        [`${prefix}000000000.jpg`, ["caption 0 of 0", "caption 3 of 0"]],
        [`${prefix}000000001.jpg`, ["caption 1 of 1"]],
      ]);
      assert.deepEqual(set.leftOut.map(({ name }) => name), [
        `${prefix}000000003.json`,
        "http://x/2.jpg",
      ]);
      assert.equal(set.leftOut[1].reason, "not downloaded");
    });
  }
  await assert.rejects(
    opened({ "a.tsv": tsv }, "a.tsv", () => {}),
    /Cannot find the pictures .* img2dataset/,
  );
  await assert.rejects(
    opened({ "a.tsv": "no tab here\n" }, "a.tsv", () => {}),
    /line 1 is not a caption, a tab and an address/,
  );
});

Deno.test("openPairs() says what a path is not", async () => {
  const cases: [Files, string, RegExp][] = [
    [{}, "nothing", /There is no data set .*nothing; it is emoji, coco, cc3m/],
    [{ "a.parquet": "" }, "a.parquet", /ends on none of \.tar, \.zip, \.jsonl/],
    [{ "a.tar.gz": "" }, "a.tar.gz", /ends on none of/],
    [{ "a.txt": "x" }, "", /as a folder: it has no picture .*a\.txt \(no pic/],
    [{}, "", /as a folder: it has no picture with a caption$/],
    [{}, "*.tar", /There is no file like .*\*\.tar/],
  ];
  for (const [files, path, message] of cases) {
    await assert.rejects(opened(files, path, () => {}), message);
  }
});

Deno.test("openPairs() finds coco and cc3m in the cache folder", () =>
  withFolder(async (folder) => {
    const before = Deno.env.get("XDG_CACHE_HOME");
    Deno.env.set("XDG_CACHE_HOME", folder);
    try {
      const path = join(folder, "muselab/datasets/cc3m");
      await assert.rejects(openPairs("cc3m"), /There is no .*cc3m; put the/);
      await writeFiles(path, {
        "a.tsv": "three\thttp://x/",
        "0.jpg": made[1].bytes,
        "0.json": '{"url":"http://x/"}',
      });
      const { name, pairs } = await openPairs("cc3m");
      assert.equal(name, "cc3m");
      assert.deepEqual(pairs.map(({ captions }) => captions), [["three"]]);
    } finally {
      if (before === undefined) Deno.env.delete("XDG_CACHE_HOME");
      else Deno.env.set("XDG_CACHE_HOME", before);
    }
  }));

Deno.test("listingHash() is that of names, captions and sizes; picturesHash() sees changes", () =>
  withFolder(async (folder) => {
    const files = { "1.png": made[0].bytes, "1.txt": "a" };
    await writeFiles(folder, files);
    const before = await openPairs(folder);
    await Deno.utime(join(folder, "1.png"), 1, 1);
    const touched = await openPairs(folder);
    assert.equal(listingHash(touched), listingHash(before));
    assert.notEqual(picturesHash(touched), picturesHash(before));
    await writeFiles(folder, { "1.txt": "b" });
    const retold = await openPairs(folder);
    assert.notEqual(listingHash(retold), listingHash(before));
    assert.equal(picturesHash(retold), picturesHash(touched));
  }));
