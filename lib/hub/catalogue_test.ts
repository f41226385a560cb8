import assert from "node:assert/strict";
import { findEntry, recordKey } from "./catalogue.ts";
import { checkPath, checkRevised } from "./layout.ts";
import { PUBLISHED } from "./published.ts";

Deno.test("PUBLISHED holds names once, and hashes and sizes that can be", () => {
  const names = PUBLISHED.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const entry of PUBLISHED) {
    assert.match(entry.name, /^[\w.-]+$/);
    assert.ok(entry.licence && entry.about && entry.files.length > 0);
    if (entry.kind === "hub") checkRevised(entry);
    for (const { path, bytes, about, sha256 } of entry.files) {
      checkPath(path);
      if (sha256) assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.ok(!(bytes !== undefined && about !== undefined), path);
      assert.ok((bytes ?? about ?? 1) > 0);
    }
    if (entry.kind !== "addresses") continue;
    for (const { url } of entry.files) assert.match(url, /^https:\/\//);
  }
});

Deno.test("findEntry() knows checkpoints by their names and repositories", () => {
  for (const entry of PUBLISHED) {
    assert.equal(findEntry(entry.name), entry);
    if (entry.kind !== "hub") continue;
    assert.equal(findEntry(entry.repository).kind, "hub");
  }
  assert.equal(findEntry("amused/amused-512").name, "amused-512");
});

Deno.test("findEntry() knows the parts of a checkpoint", () => {
  const part = findEntry("amused-256-fp16/vqvae");
  assert.equal(part.name, "amused-256-fp16/vqvae");
  assert.deepEqual(part.files.map(({ path }) => path), [
    "vqvae/config.json",
    "vqvae/diffusion_pytorch_model.fp16.safetensors",
  ]);
  const whole = findEntry("amused-256-fp16");
  assert.equal(
    recordKey(part, part.files[0].path),
    recordKey(whole, part.files[0].path),
  );
});

Deno.test("findEntry() forgets hashes and sizes for another revision", () => {
  const commit = "ab".repeat(20);
  const entry = findEntry(`clip-vit-large-patch14@${commit}`);
  assert.equal(entry.kind === "hub" && entry.revision, commit);
  assert.equal(entry.name, `clip-vit-large-patch14@${commit}`);
  const weights = entry.files.find(({ path }) => path.endsWith("safetensors"));
  assert.deepEqual(weights, {
    path: "model.safetensors",
    about: 1_710_540_580,
  });
  assert.equal(findEntry("amused-256@main"), findEntry("amused-256"));
});

Deno.test("findEntry() takes any repository, with files or those of another", () => {
  const named = findEntry("some/tuned@v1.2", { files: ["a.bin", "b/c.json"] });
  assert.deepEqual(named, {
    kind: "hub",
    name: "some/tuned@v1.2",
    about: "a repository of the hub",
    licence: "see the page",
    repository: "some/tuned",
    revision: "v1.2",
    files: [
      { path: "a.bin", about: undefined },
      { path: "b/c.json", about: undefined },
    ],
  });
  const like = findEntry("some/tuned", { like: "amused-512" });
  assert.deepEqual(
    like.files.map(({ path }) => path),
    findEntry("amused-512").files.map(({ path }) => path),
  );
  assert.ok(like.files.every(({ sha256, bytes }) => !sha256 && !bytes));
  const other = findEntry("some/tuned@v1", { like: "amused-256" });
  assert.deepEqual(
    other.files.flatMap(({ otherwise }) => otherwise ?? [])
      .filter((path) => path.includes("fp16")),
    findEntry("amused-256-fp16").files.map(({ path }) => path)
      .filter((path) => path.includes("fp16")),
  );
  assert.ok(other.kind === "hub" && other.like === "amused-256");
  const some = findEntry("amused-512", { files: ["vqvae/config.json"] });
  assert.equal(some.files.length, 1);
});

Deno.test("findEntry() refuses what names nothing", () => {
  const names = [
    "amused-300",
    "",
    "a/b/c",
    "amused-256/nothing/more",
    "some/tuned@",
    "some/tuned@a@b",
    "../tuned",
    "some/..",
    "-some/tuned",
    "some--x/tuned",
    "so me/tuned",
    "some/tuned@../../x",
    "some/tuned@a//b",
  ];
  for (const name of names) assert.throws(() => findEntry(name), /Cannot /);
  assert.throws(
    () => findEntry("some/tuned", { like: "fid-inception" }),
    /Cannot take the files of "fid-inception"/,
  );
  assert.throws(
    () => findEntry("fid-inception@main"),
    /has no revisions/,
  );
  assert.throws(
    () => findEntry("fid-inception", { files: ["other.pth"] }),
    /it has pt_inception-2015-12-05-6726825d\.pth/,
  );
});
