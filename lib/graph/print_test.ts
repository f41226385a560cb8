import assert from "node:assert/strict";
import { B } from "./dim.ts";
import { grad } from "./grad.ts";
import * as g from "./ops.ts";
import { printGraph } from "./print.ts";

Deno.test("printGraph() writes one line a node and names the outputs", () => {
  const x = g.input("x", [B, 4]);
  const w = g.parameter("head.weight", [3, 4]);
  const logits = g.matmul(x, w, { transposeB: true });
  const top = g.argMax(logits);
  assert.equal(
    printGraph({ logits, top }),
    `%0:float32[B,4] = input name=x
%1:float32[3,4] = parameter name=head.weight
%2:float32[B,3] = matmul %0 %1 transposeA=false transposeB=true
%3:int32[B] = argMax %2 axis=1
return logits %2
return top %3`,
  );
});

Deno.test("printGraph() writes shapes, short constants and padding", () => {
  const x = g.reshape(g.input("x", [B, 6]), [B, 1, 2, 3]);
  const kernel = g.constant(new Float32Array(9).fill(1 / 3), [1, 1, 3, 3]);
  const y = g.conv(x, kernel, undefined, { padding: [1, 1, 1, 1] });
  assert.equal(
    printGraph({ y }),
    `%0:float32[B,6] = input name=x
%1:float32[B,1,2,3] = reshape %0 shape=[B,1,2,3]
%2:float32[1,1,3,3] = constant values=[0.333333,0.333333,0.333333,0.333333,…]
%3:float32[1] = constant values=[0]
%4:float32[B,1,2,3] = conv %1 %2 %3 stride=[1,1] padding=[1,1,1,1] groups=1
return y %4`,
  );
});

Deno.test("printGraph() prints equal graphs equally", () => {
  const build = () => {
    const x = g.input("x", [B]);
    return { y: g.sum(g.gelu(g.add(x, 1))) };
  };
  assert.equal(printGraph(build()), printGraph(build()));
});

Deno.test("printGraph() shows a gradient", () => {
  const x = g.input("x", [B, 2]);
  const w = g.parameter("w", [2]);
  const [dw] = grad(g.sum(g.tanh(g.mul(x, w))), [w]);
  assert.equal(
    printGraph({ dw }),
    `%0:float32[B,2] = input name=x
%1:float32[2] = parameter name=w
%2:float32[B,2] = mul %0 %1
%3:float32[B,2] = tanh %2
%4:float32[] = constant values=[1]
%5:float32[1,1] = reshape %4 shape=[1,1]
%6:float32[B,2] = expand %5 shape=[B,2]
%7:float32[B,2] = mul %3 %3
%8:float32[] = constant values=[1]
%9:float32[B,2] = sub %8 %7
%10:float32[B,2] = mul %6 %9
%11:float32[B,2] = mul %10 %0
%12:float32[2] = sum %11 axes=[0] keepDims=false
return dw %12`,
  );
});
