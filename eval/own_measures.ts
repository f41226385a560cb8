/** What a model itself says of pictures: the measures that need nothing else. */

import { tokenCount } from "../lib/muse/config.ts";
import { encodeText } from "../lib/text/encode.ts";
import { openLikelihood } from "./caption_likelihood.ts";
import { meanOf, type Measure } from "./measure.ts";
import { tokenAgreement } from "./token_agreement.ts";

/** Whether the tokens are those of a picture. */
export const AGREEMENT: Measure = {
  columns: [{
    name: "agreement",
    title: "tokens that come back",
    unit: "share",
    better: "higher",
    shows: "fidelity",
  }],
  open({ base, tokenizer }) {
    const length = tokenCount(base.config);
    return Promise.resolve({
      start() {
        const shares: number[] = [];
        return {
          async add({ tokens }) {
            shares.push(...await tokenAgreement(tokenizer, tokens, length));
          },
          figures: () => ({ agreement: meanOf(shares) }),
        };
      },
      release: () => Promise.resolve(),
    });
  },
};

/**
 * How likely the base transformer finds the tokens under the caption, and how
 * much likelier than under that of the next scene of the batch. It flatters
 * pictures of few colours and shapes, and every model flatters itself.
 */
export const LIKELIHOOD: Measure = {
  columns: [
    {
      name: "likelihood",
      title: "log-likelihood under the caption",
      unit: "nats a token",
      better: "higher",
      shows: "fidelity",
    },
    {
      name: "captionGain",
      title: "likelier than under another caption",
      unit: "nats a token",
      better: "higher",
      shows: "alignment",
    },
  ],
  async open({ base, encoder }) {
    const { rate, release } = await openLikelihood(base.config, base.weights);
    return {
      start() {
        const likelihoods: number[] = [];
        const gains: number[] = [];
        return {
          async add({ tokens, captions, indices }) {
            const others = captions.map((_, i) =>
              captions[(i + 1) % captions.length]
            );
            const own = await encodeText(encoder, captions);
            const right = await rate(tokens, own, indices);
            const another = await encodeText(encoder, others);
            const wrong = await rate(tokens, another, indices);
            likelihoods.push(...right);
            gains.push(...right.map((one, i) => one - wrong[i]));
          },
          figures: () => ({
            likelihood: meanOf(likelihoods),
            captionGain: meanOf(gains),
          }),
        };
      },
      release,
    };
  },
};

/** All measures that need nothing but the model. */
export const OWN_MEASURES: readonly Measure[] = [AGREEMENT, LIKELIHOOD];
