/** What a published `preprocessor_config.json` says of pictures. */

import type { ChannelStatistics } from "./preprocess.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The statistics that pictures are normalized by.
 *
 * @param size of the vision tower's pictures
 * @throws Error if pictures are to be prepared in another way than CLIP's: to
 * `size` by their shorter side with a bicubic filter, cut to a square
 */
export function parsePreprocessor(json: Json, size: number): ChannelStatistics {
  const wrong = (key: string, wanted: string): never => {
    throw new Error(
      `reading how CLIP's pictures are prepared: "${key}" is ` +
        `${
          JSON.stringify(json[key])
        }, wanted ${wanted}; take config.json and ` +
        `preprocessor_config.json from the same model`,
    );
  };
  for (const step of ["resize", "center_crop", "normalize"]) {
    if (json[`do_${step}`] === false) wrong(`do_${step}`, "true");
  }
  if ((json.resample ?? 3) !== 3) wrong("resample", "3, bicubic");
  if (!isSize(json.size, size, ["shortest_edge"])) wrong("size", `${size}`);
  if (!isSize(json.crop_size, size, ["height", "width"])) {
    wrong("crop_size", `${size}`);
  }
  const three = (key: string) => {
    const value = json[key];
    return isThree(value) ? value : wrong(key, "three numbers");
  };
  return { mean: three("image_mean"), deviation: three("image_std") };
}

/** A number, as older files have it, or an object of that number. */
function isSize(found: unknown, size: number, keys: readonly string[]) {
  if (typeof found !== "object" || found === null) return found === size;
  return keys.every((key) => (found as Json)[key] === size);
}

function isThree(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length === 3 &&
    value.every(Number.isFinite);
}
