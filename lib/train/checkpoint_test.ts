import assert from "node:assert/strict";
import { parameter } from "../graph/ops.ts";
import type { Node } from "../graph/node.ts";
import { createRng } from "../run/random.ts";
import { writeSafetensors } from "../run/safetensors.ts";
import { averagedWeights } from "./averages.ts";
import {
  checkpointPath,
  checkState,
  findCheckpoint,
  loadCheckpoint,
  removeLeftovers,
  saveCheckpoint,
} from "./checkpoint.ts";
import { createTrainState, type TrainState } from "./state.ts";
import { inFolder } from "./toy_run.ts";

const PARAMETERS = [
  parameter("encoder/odd name.weight", [3, 2]),
  parameter("bias", [4]),
] as Node<"parameter">[];
const PARTS = ["values", "first", "second", "averages"] as const;

/** A state whose numbers are all different. */
function someState(): TrainState {
  const rng = createRng("checkpoint test");
  const state = createTrainState(PARAMETERS, rng);
  state.step = 17;
  for (const part of PARTS) {
    for (const data of state[part].values()) {
      data.forEach((_, i) => data[i] = rng.normal());
    }
  }
  return state;
}

Deno.test(
  "loadCheckpoint() gives back what saveCheckpoint() was given",
  inFolder(async (folder) => {
    const state = someState();
    const extra = new Map([["idle", Float32Array.of(1, 0.1, 2 ** 24)]]);
    assert.equal(await findCheckpoint(folder), undefined);
    await saveCheckpoint(checkpointPath(folder), state, extra, {
      config: '{"a":1}',
    });
    const found = await findCheckpoint(folder);
    assert.deepEqual(found, {
      state,
      extra,
      metadata: { config: '{"a":1}', step: "17" },
    });
    checkState("here", found!.state, PARAMETERS);
  }),
);

Deno.test(
  "loadCheckpoint() names a damaged file, and one that is no checkpoint",
  inFolder(async (folder) => {
    const path = checkpointPath(folder);
    await saveCheckpoint(path, someState(), new Map(), {});
    const bytes = await Deno.readFile(path);
    for (const length of [0, 5, 100, bytes.length - 1]) {
      await Deno.writeFile(path, bytes.slice(0, length));
      await assert.rejects(
        findCheckpoint(folder),
        (error: Error) => error.message.includes(path),
      );
    }
    await writeSafetensors(path, []);
    await assert.rejects(
      loadCheckpoint(path),
      /Cannot go on from .*checkpoint\.safetensors: its metadata has no number/,
    );
  }),
);

Deno.test(
  "saveCheckpoint() leaves a whole file when it is killed",
  inFolder(async (folder) => {
    const module = new URL("./checkpoint.ts", import.meta.url);
    const path = JSON.stringify(checkpointPath(folder));
    const script = `
      import { saveCheckpoint } from "${module}";
      const values = new Map([["a", new Float32Array(2e6)]]);
      const state = {
        values, first: values, second: values, averages: values,
      };
      for (let step = 1;; step++) {
        values.get("a").fill(step);
        await saveCheckpoint(
          ${path}, { ...state, step }, new Map(), {},
        );
        console.log(step);
      }`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", script],
      stdout: "piped",
    }).spawn();
    const written = child.stdout.getReader();
    await written.read();
    await written.read();
    child.kill("SIGKILL");
    await child.status;
    await written.cancel();
    const { state } = await loadCheckpoint(checkpointPath(folder));
    assert.ok(state.step >= 2);
    for (const part of PARTS) {
      assert.ok(state[part].get("a")!.every((value) => value === state.step));
    }
  }),
);

Deno.test(
  "removeLeftovers() takes away what a killed write left",
  inFolder(async (folder) => {
    await saveCheckpoint(checkpointPath(folder), someState(), new Map(), {});
    const left = `${checkpointPath(folder)}.${crypto.randomUUID()}.part`;
    await Deno.writeTextFile(left, "half");
    await Deno.writeTextFile(`${folder}/log.jsonl`, "");
    await removeLeftovers(folder);
    const names = (await Array.fromAsync(Deno.readDir(folder)))
      .map(({ name }) => name).sort();
    assert.deepEqual(names, ["checkpoint.safetensors", "log.jsonl"]);
  }),
);

Deno.test("checkState() names what doesn't belong to the network", () => {
  const state = someState();
  state.first.delete("bias");
  state.values.set("bias", new Float32Array(5));
  state.averages.set("other", new Float32Array(1));
  assert.throws(
    () => checkState("a.safetensors", state, PARAMETERS),
    (error: Error) => {
      assert.match(error.message, /^Cannot go on from a\.safetensors: it is /);
      assert.match(error.message, /values\/bias has 5 values, wanted 4/);
      assert.match(error.message, /first\/bias has no values, wanted 4/);
      assert.match(error.message, /averages\/other is unexpected/);
      return true;
    },
  );
});

Deno.test("averagedWeights() gives the averages with the network's shapes", () => {
  const state = someState();
  const weights = averagedWeights(PARAMETERS, state);
  assert.deepEqual([...weights.keys()], ["encoder/odd name.weight", "bias"]);
  assert.deepEqual(weights.get("encoder/odd name.weight"), {
    kind: "memory",
    shape: [3, 2],
    data: state.averages.get("encoder/odd name.weight"),
  });
});
