/**
 * TensorFlow.js, set up for this project. Import it from here only: production
 * mode has to be on before the first tensor is made, or the library greets on
 * stderr. In Deno its backend is `cpu`.
 */
import * as library from "@tensorflow/tfjs";
import { registerMatMul } from "./tf_matmul.ts";

library.enableProdMode();
registerMatMul();

/** TensorFlow.js, on its `cpu` backend. */
export const tf: typeof library = library;

/**
 * Its types. They are named by what makes them, so that the check of this
 * project's documentation doesn't look into the library's.
 */
export declare namespace tf {
  /** A tensor of any rank. */
  export type Tensor = ReturnType<(typeof library)["tensor"]>;
  /** A vector. */
  export type Tensor1D = ReturnType<(typeof library)["tensor1d"]>;
  /** A matrix. */
  export type Tensor2D = ReturnType<(typeof library)["tensor2d"]>;
  /** A tensor of rank 3. */
  export type Tensor3D = ReturnType<(typeof library)["tensor3d"]>;
  /** A tensor of rank 4. */
  export type Tensor4D = ReturnType<(typeof library)["tensor4d"]>;
}
