/** Weights by tensor name, in a file or in memory. */

/** One weight and where its values are. */
export type Weight =
  /** Mapped from the file where it lies; nothing is copied. */
  | {
    readonly kind: "file";
    readonly path: string;
    readonly type: "float32" | "float16" | "bfloat16";
    readonly shape: readonly number[];
    readonly offset: number;
    readonly length: number;
  }
  /**
   * int8 in a file, widened where it is used: every so many consecutive values
   * share a float16 scale, which lies in the same file.
   */
  | {
    readonly kind: "int8";
    readonly path: string;
    readonly shape: readonly number[];
    readonly offset: number;
    readonly length: number;
    readonly scales: { readonly offset: number; readonly length: number };
  }
  /**
   * For the matrices of linear layers, packed as `blocks.ts` says; the float32
   * scales lie in the same file.
   */
  | {
    readonly kind: "blocks";
    readonly path: string;
    readonly shape: readonly number[];
    readonly bits: 4 | 8;
    readonly block: number;
    readonly offset: number;
    readonly length: number;
    readonly scales: { readonly offset: number; readonly length: number };
  }
  /** For the same, in int8 as `channels.ts` says; in a file. */
  | {
    readonly kind: "channels";
    readonly path: string;
    readonly shape: readonly number[];
    readonly offset: number;
    readonly length: number;
    readonly scales: { readonly offset: number; readonly length: number };
  }
  /** In blocks of 4 bits in memory. */
  | {
    readonly kind: "int4";
    readonly shape: readonly number[];
    readonly values: Uint8Array;
    readonly scales: Float32Array;
  }
  | {
    readonly kind: "memory";
    readonly shape: readonly number[];
    readonly data: Float32Array;
  };

/** Weights of a network by the checkpoint's own names. */
export type Weights = ReadonlyMap<string, Weight>;
