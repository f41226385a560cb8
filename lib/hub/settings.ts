/**
 * Where the hub is and where files are kept, by the environment variables that
 * Hugging Face's own tools read, so that nothing is kept twice.
 */

import { homedir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../run/cache_folder.ts";

/** What getting published checkpoints depends on. */
export interface HubSettings {
  /** Where repositories are asked for, without a slash at the end. */
  readonly endpoint: string;
  /** Who asks, if that is known. It goes to the endpoint and nowhere else. */
  readonly token?: string;
  /** Nothing may be asked for. */
  readonly offline: boolean;
  /** The cache of repositories, shared with other programs. */
  readonly hubCache: string;
  /** False where the cache is to hold copies in place of links. */
  readonly symlinks: boolean;
  /** Files from elsewhere, and the record of what was downloaded. */
  readonly ownFolder: string;
}

/**
 * Reads `HF_ENDPOINT`, `HF_TOKEN` (or the file of the token), `HF_HUB_OFFLINE`,
 * `HF_HOME`, `HF_HUB_CACHE` and `HF_HUB_DISABLE_SYMLINKS`.
 *
 * @throws Error if the endpoint is no address or the token has characters that
 *   no token has
 */
export function hubSettings(
  variable: (name: string) => string | undefined = (name) => Deno.env.get(name),
): HubSettings {
  const read = (name: string) => variable(name)?.trim() || undefined;
  const base = read("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  const home = expandHome(read("HF_HOME") ?? join(base, "huggingface"));
  const hubCache = read("HF_HUB_CACHE") ?? read("HUGGINGFACE_HUB_CACHE") ??
    join(home, "hub");
  const token = read("HF_TOKEN") ?? read("HUGGING_FACE_HUB_TOKEN") ??
    readToken(expandHome(read("HF_TOKEN_PATH") ?? join(home, "token")));
  if (token !== undefined) checkToken(token);
  return {
    endpoint: checkEndpoint(read("HF_ENDPOINT") ?? "https://huggingface.co"),
    ...(token === undefined ? {} : { token }),
    offline: isTrue(read("HF_HUB_OFFLINE")),
    hubCache: expandHome(hubCache),
    symlinks: !isTrue(read("HF_HUB_DISABLE_SYMLINKS")),
    ownFolder: join(cacheFolder(), "checkpoints"),
  };
}

function expandHome(path: string): string {
  return path.replace(/^~(?=$|[/\\])/, homedir());
}

/** As Hugging Face's tools understand it. */
function isTrue(value: string | undefined): boolean {
  return /^(?:1|on|yes|true)$/i.test(value ?? "");
}

/** The token that `hf auth login` left, if it can be read. */
function readToken(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim() || undefined;
  } catch {
    return undefined;
  }
}

function checkToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw new Error(
    "Cannot use the token of the hub: it holds a space or a character that " +
      "no token has; set HF_TOKEN to the whole token and nothing else",
  );
}

function checkEndpoint(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) {
    return text.replace(/\/+$/, "");
  }
  throw new Error(
    `Cannot use HF_ENDPOINT: "${text}" is no address that starts with ` +
      "https://; remove the variable to use huggingface.co",
  );
}
