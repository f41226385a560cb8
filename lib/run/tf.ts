/**
 * TensorFlow.js, set up for this project. Import it from here only: production
 * mode has to be on before the first tensor is made, or the library greets on
 * stderr. In Deno its backend is `cpu`.
 */
import * as tf from "@tensorflow/tfjs";
import { registerMatMul } from "./tf_matmul.ts";

tf.enableProdMode();
registerMatMul();

export { tf };
