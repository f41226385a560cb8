/** Versions of the programs that a run's numbers depend on. */

import config from "../../deno.json" with { type: "json" };

const PACKAGES = ["onnxruntime-node", "sharp"] as const;

/** By name: ours, and those of the packages that compute and decode. */
export function runVersions(): Record<string, string> {
  return {
    muselab: config.version,
    ...Object.fromEntries(
      PACKAGES.map((name) => [
        name,
        config.imports[name].replace(/^.*@/, ""),
      ]),
    ),
  };
}
