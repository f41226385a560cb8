/**
 * The data sets: where captioned pictures come from.
 *
 * `emoji` composes captioned scenes by seed from openly licensed emoji; it is
 * what the embedded model is trained on. Everything else is pairs of pictures
 * and captions, in the forms in which people keep them: `openPairs()`.
 *
 * @module
 */

export {
  createEmojiLoader,
  type EmojiBatch,
  type EmojiLoader,
  type EmojiLoaderOptions,
} from "./emoji/loader.ts";
export type { BackgroundName, ObjectColour, Tint } from "./emoji/colours.ts";
export { captionScene } from "./emoji/caption.ts";
export { type CaptionedScene, captionedScene } from "./emoji/captioned.ts";
export { type Category, type Kind, kindOf, KINDS } from "./emoji/kinds.ts";
export { isHeldOut } from "./emoji/held_out.ts";
export { renderScene } from "./emoji/render.ts";
export {
  type SampleOptions,
  sampleScene,
  type Split,
  SPLITS,
} from "./emoji/sample.ts";
export {
  type Background,
  type Box,
  type Direction,
  DIRECTIONS,
  type Group,
  type Relation,
  RELATIONS,
  type Scene,
  type Size,
  SIZES,
  type Style,
  STYLES,
} from "./emoji/scene.ts";
export type { Noun } from "./emoji/words.ts";
export { loadSprites, type SpriteOptions } from "./emoji/sprites.ts";
export type { Sprites } from "./emoji/sprite_file.ts";
export {
  type FileList,
  type LeftOut,
  type Place,
  readStored,
  type StoredFile,
} from "./files/place.ts";
export { listFiles } from "./files/list.ts";
export { openPairs } from "./pairs/open.ts";
export {
  type CachedScenes,
  cachedScenes,
  type CachedScenesOptions,
} from "./cached/scenes.ts";
export type { PassOptions } from "./cached/shards.ts";
export { listingHash, type Pair, type PairSet } from "./pairs/pair.ts";
export {
  createPairLoader,
  type PairBatch,
  type PairLoader,
  type PairLoaderOptions,
} from "./pairs/loader.ts";
export { type OrderOptions, splitPairs } from "./pairs/order.ts";
export { type Cut, readSquare } from "./pairs/square.ts";
