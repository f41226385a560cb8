/** Toy configurations and a command line, for tests of `train`. */

import { fileURLToPath } from "node:url";
import { denoFolder } from "../run/deno_folder.ts";
import {
  BASE as TINY_BASE,
  SUPERRES as TINY_SUPERRES,
  TOKENIZER as TINY_TOKENIZER,
} from "../../eval/random_model.ts";

/** The program. */
const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const OPTIMIZER = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};
/** What all stages are told. */
export const COMMON = {
  seed: 1,
  batch: 2,
  steps: 60,
  learningRate: 0.001,
  warmupSteps: 5,
  floor: 0.1,
  averaging: 0.9,
  optimizer: OPTIMIZER,
};
/** A configuration. */
export const TOKENIZER = {
  network: TINY_TOKENIZER,
  training: {
    ...COMMON,
    losses: { absolute: 1, squared: 1, codebook: 1, commitment: 0.25 },
    reviveEvery: 10,
    reviveWindow: 320,
  },
};
/** A configuration. */
export const BASE = {
  network: TINY_BASE,
  training: { ...COMMON, steps: 3, labelSmoothing: 0, textDropout: 0.1 },
};
/** A configuration. */
export const SUPERRES = {
  network: TINY_SUPERRES,
  training: {
    ...COMMON,
    steps: 2,
    labelSmoothing: 0,
    textDropout: 0.1,
    lowCorruption: 0.2,
  },
};
/** The command, not yet running. */
export async function command(args: string[], cwd: string) {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "-RWES", "--allow-ffi", MAIN, ...args],
    env: { NO_COLOR: "1", DENO_DIR: await denoFolder() },
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** The exit code, and the last line of standard output or all of the error. */
export async function type(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await (await command(args, cwd)).output();
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trimEnd()
  );
  return { code, out: out.split("\n").at(-1)!, err };
}

/** Of a file, in hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    await Deno.readFile(path),
  );
  return new Uint8Array(digest).toHex();
}
