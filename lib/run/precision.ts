/** How weights are held and multiplied. */

/**
 * float32; matrices of linear layers in 8 bits, multiplied by inputs of 8 bits;
 * those in 4 bits, for large text encoders; or float32 of files in float16.
 */
export type Precision = "fp32" | "int8" | "int4" | "fp16-storage";

/** All of them, the usual one first. */
export const PRECISIONS: readonly Precision[] = [
  "fp32",
  "int8",
  "int4",
  "fp16-storage",
];
