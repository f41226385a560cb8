import assert from "node:assert/strict";
import {
  add,
  conv,
  gather,
  input,
  matmul,
  parameter,
  sum,
} from "../graph/ops.ts";
import type { Node } from "../graph/node.ts";
import { assertClose } from "./assert_close.ts";
import { interpret } from "./interpret.ts";
import { loadWeights, readWeightsF32 } from "./load_weights.ts";
import { quantizeInt8, scaleName } from "./quantize.ts";
import { createRng } from "./random.ts";
import { readSafetensorsHeader, writeSafetensors } from "./safetensors.ts";
import { createSession } from "./session.ts";

const ROWS = 6;
const COLUMNS = 8;
const ids = input("ids", ["1B", 3], "int32");
const x = input("x", ["1B", COLUMNS]);

/** Ways a network uses a parameter of 6 rows of 8 values. */
const USES: Record<string, (p: (shape: number[]) => Node) => Node> = {
  "a linear layer": (p) => matmul(x, p([ROWS, COLUMNS]), { transposeB: true }),
  "a table": (p) => gather(p([ROWS, COLUMNS]), ids),
  "a table of matrices": (p) => gather(p([ROWS, 2, 4]), ids),
  "a table and a linear layer": (p) => {
    const table = p([ROWS, COLUMNS]);
    const layer = { transposeB: true };
    const scores = matmul(gather(table, ids), table, layer); // [B,3,6]
    return add(sum(scores, [1]), matmul(x, table, layer)); // [B,6]
  },
  "a parameter named twice": (p) => {
    const [a, b, c, d] = [1, 2, 3, 4].map(() => p([ROWS, COLUMNS]));
    const rows = add(gather(a, ids), gather(b, ids)); // [B,3,8]
    return matmul(rows, add(c, d), { transposeB: true }); // [B,3,6]
  },
  "a kernel": (p) =>
    conv(input("picture", ["1B", 2, 5, 5]), p([ROWS, 2, 2, 2])),
  "a result": (p) => p([ROWS, COLUMNS]),
};

for (const [what, use] of Object.entries(USES)) {
  for (const group of [2, COLUMNS]) {
    Deno.test(`int8 in groups of ${group} serves as ${what}`, async () => {
      let shape: number[] = [];
      const y = use((wanted) => parameter("w", shape = wanted));
      const random = createRng(what);
      const floats = (count: number) =>
        Float32Array.from({ length: count }, () => random.normal());
      const path = await Deno.makeTempFile();
      const { values, scales } = quantizeInt8(floats(ROWS * COLUMNS), group);
      await writeSafetensors(path, [
        { name: "w", dtype: "I8", shape, data: values },
        {
          name: scaleName("w"),
          dtype: "F16",
          shape: [ROWS, COLUMNS / group],
          data: scales,
        },
      ]);
      const feeds = {
        ids: Int32Array.of(0, 5, 2, 3, 3, 1),
        x: floats(2 * COLUMNS),
        picture: floats(2 * 2 * 25),
      };
      const session = await createSession({ y }, await loadWeights(path));
      const found = await session.run(feeds);
      const weights = await readWeightsF32(await readSafetensorsHeader(path));
      const wanted = interpret({ y }, feeds, (name) => weights.get(name)?.data);
      assert.deepEqual([...found.y.shape], wanted.y.shape);
      assertClose(found.y.data, wanted.y.dataSync(), 1e-6);
      wanted.y.dispose();
      await session.release();
      await Deno.remove(path);
    });
  }
}
