import assert from "node:assert/strict";
import { writeSafetensors } from "../run/safetensors.ts";
import { withFolder } from "../run/temp_folder.ts";
import { measureFile } from "./embedded.ts";
import { beforeFinetuning } from "./finetuned.ts";

Deno.test("beforeFinetuning() finds the tokenizer whose tokens a finetuned one has", () =>
  withFolder(async (folder) => {
    const write = async (
      name: string,
      value: number,
      metadata: Record<string, string>,
    ) => {
      const path = `${folder}/${name}.safetensors`;
      const data = Float32Array.of(value);
      const tensor = { name: "x", dtype: "F32", shape: [1], data } as const;
      await writeSafetensors(path, [tensor], metadata);
      return { path, sha256: (await measureFile(path)).sha256 };
    };
    const stage = "tokenizer";
    const own = await write("b", 1, { stage });
    await write("a", 2, { stage });
    await write("base", 3, { stage: "base" });
    const metadata = { stage, tokensOf: own.sha256 };
    const { path } = await write("decoder", 4, metadata);
    assert.equal(await beforeFinetuning(own.path), undefined);
    assert.deepEqual(await beforeFinetuning(path), {
      tokensOf: own.sha256,
      path: own.path,
    });
    await Deno.mkdir(`${folder}/other`);
    await Deno.rename(own.path, `${folder}/other/c.safetensors`);
    assert.deepEqual(await beforeFinetuning(path), { tokensOf: own.sha256 });
    assert.deepEqual(await beforeFinetuning(path, `${folder}/other`), {
      tokensOf: own.sha256,
      path: `${folder}/other/c.safetensors`,
    });
    await assert.rejects(
      beforeFinetuning(path, `${folder}/none`),
      /Cannot look for .*none/,
    );
  }));
