/** What each kind of edit does with a picture. */

import { imageToImage, inpaintWhole } from "../amused/edit_whole.ts";
import type { BestOf } from "../muse/best_of.ts";
import type { DecodeState } from "../muse/decode_state.ts";
import { editMaskFree, type KeptPictures } from "../muse/edit_free.ts";
import { inpaint } from "../muse/edit_inpaint.ts";
import type { Edited } from "../muse/edit_picture.ts";
import { vary } from "../muse/edit_vary.ts";
import type { Model } from "../muse/pipeline.ts";
import type { ResampleState } from "../muse/resample.ts";
import type { TracedState } from "../plot/trace.ts";
import type { Change } from "./edit_change.ts";
import type { Scene } from "./edit_scene.ts";

/** For what an edit is done, and what is called on the way. */
export interface EditTask {
  /** A prompt for each picture. */
  readonly prompts: readonly string[];
  /** A seed for each picture. */
  readonly seed: readonly number[];
  readonly bestOf: BestOf | undefined;
  /** A step of the base or an iteration, and how many there are. */
  onStep(state: TracedState, steps: number): void;
  onSuperresStep(state: DecodeState): void;
}

/** Edits of a picture, with those of earlier iterations where there are any. */
export type EditedPictures = Omit<Edited, "window"> & {
  readonly kept?: readonly KeptPictures[];
};

/** One kind of edit. */
type Edit<C extends Change> = (
  muse: Model,
  scene: Scene,
  change: C,
  task: EditTask,
) => Promise<EditedPictures>;

type ChangeOf<K extends Change["kind"]> = Extract<Change, { kind: K }>;

const paintRegion: Edit<ChangeOf<"inpaint" | "outpaint">> = (
  muse,
  { picture, region },
  { settings, composite, context, whole },
  { prompts, seed, bestOf, onStep, onSuperresStep },
) => {
  const options = { ...settings, composite, seed, bestOf };
  const onBase = (state: DecodeState) => onStep(state, state.steps);
  return whole
    ? inpaintWhole(muse, picture, region!, prompts, options, onBase)
    : inpaint(
      muse,
      picture,
      region!,
      prompts,
      { ...options, context },
      onBase,
      onSuperresStep,
    );
};

const EDITS: {
  readonly [K in Change["kind"]]: Edit<ChangeOf<K>>;
} = {
  inpaint: paintRegion,
  outpaint: paintRegion,
  vary: (
    muse,
    { picture },
    change,
    { prompts, seed, bestOf, ...listeners },
  ) => {
    const { settings, strength, whole } = change;
    const options = { ...settings, strength, seed, bestOf };
    const onStep = (state: DecodeState) => listeners.onStep(state, state.steps);
    return whole
      ? imageToImage(muse, picture, prompts, options, onStep)
      : vary(muse, picture, prompts, options, onStep, listeners.onSuperresStep);
  },
  free: (
    muse,
    { picture },
    change,
    { prompts, seed, bestOf, ...listeners },
  ) => {
    const { settings, keepEvery, superresKept } = change;
    return editMaskFree(
      muse,
      picture,
      prompts,
      { ...settings, keepEvery, superresKept, seed, bestOf },
      (state) => listeners.onStep(tracedOf(state), state.iterations),
      listeners.onSuperresStep,
    );
  },
};

/** An iteration as a step of a decode in which all tokens are known. */
function tracedOf(state: ResampleState): TracedState {
  const { iteration, tokens, resampled, ...others } = state;
  return {
    ...others,
    step: iteration,
    predicted: tokens,
    mask: new Uint8Array(tokens.length),
    chosen: resampled,
    choiceTemperature: 0,
  };
}

/**
 * Edits the picture of a scene, once for each prompt by its seed. The region of
 * a change that has one is in the scene.
 */
export function editPictures(
  muse: Model,
  scene: Scene,
  change: Change,
  task: EditTask,
): Promise<EditedPictures> {
  const edit: Edit<never> = EDITS[change.kind];
  return edit(muse, scene, change as never, task);
}
