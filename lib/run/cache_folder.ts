import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where files are kept that can be made again: `$XDG_CACHE_HOME/muselab`, or
 * `~/.cache/muselab`.
 */
export function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") || join(homedir(), ".cache");
  return join(base, "muselab");
}
