/** The function that a decode calls, over the sessions of a network. */

import type { HostTensor, Session } from "../run/session.ts";
import type { Predict } from "./decode.ts";
import type { SamplerOptions } from "./sample_graph.ts";
import { samplerFeeds, variantOf } from "./step_variant.ts";

/** What a network reads besides the tokens, and how it is run. */
export interface Conditioned {
  /**
   * What guided steps are fed: of each, first what belongs to the prompts and
   * then as much again of what guidance leads away from.
   */
  readonly feeds: Readonly<Record<string, Float32Array>>;
  /** Pictures B. */
  readonly batch: number;
  /** Tokens N of a picture. */
  readonly length: number;
  /** Codes K, and the mask's id. */
  readonly codes: number;
  /** Whether steps of scale 0 are run as guided ones. */
  readonly always: boolean;
  /**
   * The session of a step: tokens [B,N] and more -> `ids`, `confidence`, and
   * `scores` where there are some.
   */
  openStep(variant: SamplerOptions): Promise<Session>;
}

/**
 * The memory of a network's conditions as what guided steps are fed. Where
 * guidance leads away from nothing, the memory is that of the prompts alone:
 * it stands in for the other half too, in which it doesn't count.
 */
export function memoryFeeds(
  memory: Readonly<Record<string, HostTensor>>,
  hasNegative: boolean,
): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(memory).map(([name, { data }]) => {
      const values = data as Float32Array;
      return [name, hasNegative ? values : twice(values)];
    }),
  );
}

/** The values, then the same again. */
export function twice<Values extends Float32Array | Int32Array>(
  values: Values,
): Values {
  const both = new (values.constructor as new (length: number) => Values)(
    2 * values.length,
  );
  both.set(values);
  both.set(values, values.length);
  return both;
}

/**
 * The network as a function of the tokens.
 *
 * @returns a function that throws RangeError for tokens that are neither codes
 * nor the mask id, or don't fit the number of pictures
 */
export function predictWith(network: Conditioned): Predict {
  const { feeds, batch, length, codes, always, openStep } = network;
  const plainFeeds = Object.fromEntries(
    Object.entries(feeds).map(([name, data]) => [
      name,
      data.subarray(0, data.length / 2),
    ]),
  );
  return async (tokens, request) => {
    checkRequest(batch, length, tokens, request.uniforms);
    checkTokens(codes, tokens);
    const variant = variantOf(request, codes, always);
    const session = await openStep(variant);
    const results = await session.run({
      ...(variant.guided ? feeds : plainFeeds),
      ...samplerFeeds(request, codes, variant),
      tokens,
    });
    return {
      ids: results.ids.data as Int32Array,
      confidence: results.confidence.data as Float32Array,
      scores: results.scores?.data as Float32Array | undefined,
    };
  };
}

function checkRequest(
  batch: number,
  length: number,
  tokens: Int32Array,
  uniforms: Float32Array,
): void {
  const wanted = batch * length;
  if (tokens.length === wanted && uniforms.length === wanted) return;
  throw new RangeError(
    `Cannot predict tokens: found ${tokens.length} of them and ` +
      `${uniforms.length} uniform numbers, wanted ${wanted}: ${batch} ` +
      `prompts with ${length} tokens each`,
  );
}

/**
 * Whether all tokens are such as a network with that mask's id reads.
 * @throws RangeError naming one that is not
 */
export function checkTokens(maskId: number, tokens: Int32Array): void {
  const odd = tokens.find((id) => !(id >= 0 && id <= maskId));
  if (odd === undefined) return;
  throw new RangeError(
    `Cannot predict tokens: found the token ${odd}, wanted codes from 0 to ` +
      `${maskId - 1}, or the mask id ${maskId} where a token is unknown`,
  );
}
