/**
 * ONNX Runtime, for the one place that imports it from: it is told not to
 * report what it does before it is loaded. From version 1.30 on it would keep
 * an id of the machine in the user's cache and send events to its makers.
 */

import "./no_telemetry.ts"; // first: modules run in the order of their imports

export {
  env,
  InferenceSession,
  listSupportedBackends,
  Tensor,
} from "onnxruntime-node";
