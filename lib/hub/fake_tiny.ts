/** For tests: a tiny repository on servers of this machine. */

import { join } from "node:path";
import { contents, withFolder } from "../run/temp_folder.ts";
import {
  fakeBytes,
  type FakeHub,
  type FakeRepository,
  sha256,
  startHub,
} from "./fake_hub.ts";
import type { PullOptions } from "./pull.ts";
import type { HubSettings } from "./settings.ts";

export const COMMIT = "ab".repeat(20);
export const CONFIG = '{"layers": 2}';
export const WEIGHTS = fakeBytes(50_000, 1);
export const WEIGHTS_HASH = sha256(WEIGHTS);
export const TINY: FakeRepository = {
  name: "some/tiny",
  commit: COMMIT,
  small: { "net/config.json": CONFIG },
  large: { "net/weights.bin": WEIGHTS },
};
export const FILES = ["net/config.json", "net/weights.bin"];

/** The files of a folder as a repository. */
export async function folderRepository(
  name: string,
  folder: string,
): Promise<FakeRepository> {
  const small: Record<string, string> = {};
  const large: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const path of contents(folder)) {
    const file = join(folder, path);
    if (!(await Deno.stat(file)).isFile) continue;
    if (path.endsWith(".safetensors")) large[path] = await Deno.readFile(file);
    else small[path] = await Deno.readTextFile(file);
  }
  return { name, commit: COMMIT, small, large };
}

/** Lends servers and an empty folder. */
export async function withHub(
  test: (hub: FakeHub, options: Pulling) => Promise<void>,
  ...repositories: readonly FakeRepository[]
): Promise<void> {
  await withFolder(async (folder) => {
    const published = repositories.length > 0 ? repositories : [TINY];
    await using hub = startHub(...published);
    const waits: number[] = [];
    const notes: string[] = [];
    await test(hub, {
      folder,
      waits,
      notes,
      files: FILES,
      settings: hub.settings(folder),
      pause: (time) => Promise.resolve(void waits.push(time)),
      onNote: (text) => void notes.push(text),
    });
  });
}

/** Options for a pull from there, into an empty folder. */
export interface Pulling extends PullOptions {
  readonly folder: string;
  /** Milliseconds it would have waited, and what it said meanwhile. */
  readonly waits: number[];
  readonly notes: string[];
  readonly settings: NonNullable<PullOptions["settings"]>;
}

/** What lies in the cache of the hub, but for the locks. */
export function cached({ settings }: Pulling): string[] {
  return contents(settings.hubCache).filter((path) =>
    !path.startsWith(".locks")
  );
}

/** What lies in the folder of blobs. */
export function blobs(
  { settings: { hubCache } }: {
    readonly settings: Pick<HubSettings, "hubCache">;
  },
): string[] {
  return contents(join(hubCache, "models--some--tiny", "blobs"));
}

/** The ranges that large files were asked for in. */
export const ranges = ({ asked }: FakeHub) =>
  asked.filter(({ server, method }) => server === "storage" && method === "GET")
    .map(({ headers }) => headers.get("Range"));
