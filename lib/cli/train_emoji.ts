/** The emoji scenes as data of a run. */

import { streamEmoji } from "../../datasets/emoji/stream.ts";
import { tellSprites } from "./emoji.ts";
import type { TrainData } from "./train_data.ts";
import { encodeLive } from "./train_encoded.ts";

/** What is drawn: one kind of thing, counts, relations, colours, a style. */
const PROMPTS: readonly string[] = [
  "a fox",
  "a red apple",
  "three green apples",
  "a rocket above a house",
  "a cat to the left of a dog",
  "a bicycle on a blue background",
  "a slice of watermelon, flat style",
  "a crown",
  "two hearts",
  "a bear below a rainbow",
  "a snail in front of a tree",
  "a pizza on a pink background",
];

const pictures: TrainData["pictures"] = (size, batch) => {
  const sprites = { onProgress: tellSprites };
  return streamEmoji({ split: "train", size, batch, sprites });
};

/** Scenes that never end: none is kept out, and none comes again. */
export const EMOJI_DATA: TrainData = {
  record: undefined,
  prompts: PROMPTS,
  pictures,
  encoded: (batch, encoders) =>
    Promise.resolve(encodeLive({ pictures }, batch, encoders)),
  writeRecord: () => Promise.resolve(),
};
