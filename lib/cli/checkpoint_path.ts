/** Where the weights are of a network that looks at pictures. */

import type { FeatureName } from "../../eval/extract/extractor.ts";
import { judgePath } from "../../eval/probe/judge.ts";
import { pathOf } from "../hub/find.ts";
import { exists } from "../run/exists.ts";

/** The checkpoints whose figures are published. */
const PUBLISHED: Readonly<Record<Exclude<FeatureName, "probe">, string>> = {
  inception: "fid-inception",
  clip: "clip-vit-large-patch14-336", // CMMD's
  dinov2: "dinov2-vitl14",
};

/** CLIPs by the names that people know them by. */
export const CLIP_CHECKPOINTS: Readonly<Record<string, string>> = {
  "b-32": "clip-vit-base-patch32",
  "l-14": "clip-vit-large-patch14",
  "l-14-336": "clip-vit-large-patch14-336",
};

/**
 * The path of a network's weights: the one that is given if something is there,
 * or else that of a checkpoint of the name, by default the network's own.
 *
 * @param yes whether it may be downloaded without asking
 * @throws Error if there is no such checkpoint, or it isn't here
 */
export async function checkpointPath(
  network: FeatureName,
  given: string | undefined,
  yes: boolean,
): Promise<string> {
  if (given !== undefined && await exists(given)) return given;
  if (given === undefined && network === "probe") {
    const path = judgePath();
    if (await exists(path)) return path;
    throw new Error(
      `Cannot compute FD-probe: there is no ${path}; name a judge by --weights`,
    );
  }
  const name = given ?? PUBLISHED[network as keyof typeof PUBLISHED];
  const { ensureCheckpoint } = await import("./ensure_checkpoint.ts");
  return pathOf(await ensureCheckpoint(name, { yes }));
}
