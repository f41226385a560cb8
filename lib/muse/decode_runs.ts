/** Whole decodes by a table in place of a network, for tests. */

import { decode, type Predict, type StepOptions } from "./decode.ts";
import {
  blankTokens,
  type DecodeStart,
  type DecodeState,
  startDecode,
} from "./decode_state.ts";
import { CODES, tablePredict } from "./decode_table.ts";

/** Tokens of a picture, unless told otherwise. */
export const LENGTH = 64;

/** How steps go, unless told otherwise. */
export const OPTIONS: StepOptions = {
  guidance: { kind: "linear", from: 0, to: 2 },
  temperature: 1,
  choiceTemperature: 2,
};

/** A start with nothing known, but for the changes. */
export function start(
  changes: Partial<DecodeStart> = {},
  batch = 1,
): DecodeState {
  const { length = LENGTH } = changes;
  return startDecode({
    tokens: blankTokens(batch, length, CODES),
    length,
    maskId: CODES,
    seed: 0,
    schedule: "cosine",
    steps: 12,
    ...changes,
  });
}

/** The states of a whole decode, the first one included. */
export async function run(
  first: DecodeState,
  options = OPTIONS,
  predict: Predict = tablePredict(first.length).predict,
): Promise<DecodeState[]> {
  const states = [first];
  for await (const state of decode(first, predict, options)) states.push(state);
  return states;
}

/** The tokens of the last state. */
export const finalTokens = async (first: DecodeState, options = OPTIONS) =>
  (await run(first, options)).at(-1)!.tokens;

/** The tokens of a state of one picture, a dot where one is unknown. */
export const print = ({ tokens, mask }: DecodeState) =>
  Array.from(tokens, (id, i) => mask[i] ? "." : id).join("");
