/** Samplers on the command line, read and printed in the same form. */

import {
  type Sampler,
  SAMPLER_NAMES,
  type SamplerName,
} from "../muse/sampler.ts";
import { UsageError } from "./errors.ts";
import { didYouMean } from "../run/nearest.ts";
import { readNumber } from "./values.ts";

/** Share of the steps in which "hybrid" alone explores. */
const EXPLORE = 0.5;

type Readers = {
  readonly [K in SamplerName]: (share: string | undefined) => Sampler;
};

const READERS: Readers = {
  confidence: plain("confidence"),
  random: plain("random"),
  halton: plain("halton"),
  hybrid: (share) => ({
    kind: "hybrid",
    explore: share === undefined ? EXPLORE : readNumber("sampler", share, 0, 1),
  }),
};

function plain(
  kind: Exclude<SamplerName, "hybrid">,
): (share: string | undefined) => Sampler {
  return (share) => {
    if (share === undefined) return { kind };
    throw new UsageError(`--sampler ${kind} takes no number, not "${share}".`);
  };
}

/** "confidence", "random", "halton", "hybrid" or "hybrid:0.3". */
export function readSampler(text: string): Sampler {
  const [name, ...rest] = text.split(":");
  const known = SAMPLER_NAMES.find((one) => one === name.toLowerCase());
  if (known) return READERS[known](rest.length ? rest.join(":") : undefined);
  throw new UsageError(
    `there is no sampler "${name}"; ${didYouMean(name, SAMPLER_NAMES)}`,
  );
}

/** The form that {@linkcode readSampler} reads. */
export function samplerText(sampler: Sampler): string {
  return sampler.kind === "hybrid" ? `hybrid:${sampler.explore}` : sampler.kind;
}
