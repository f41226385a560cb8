/** Offers to download what a command needs. */

import { pageOf } from "../hub/catalogue.ts";
import {
  findCheckpoint,
  type FindOptions,
  type FoundCheckpoint,
} from "../hub/find.ts";
import { filesToPull, pullCheckpoint } from "../hub/pull.ts";
import { hubSettings } from "../hub/settings.ts";
import { missingText, pullCommand } from "./missing_text.ts";
import { pullStatus } from "./pull_status.ts";

/** Who may be asked. */
export interface Asker {
  /** A person reads and writes. */
  readonly isTerminal: boolean;
  /** Asks and returns the line that is answered. */
  ask(question: string): Promise<string>;
}

/** Which files, and whether they may be downloaded. */
export interface EnsureOptions extends FindOptions {
  /** Download without asking, for scripts. */
  readonly yes?: boolean;
  /** By default the terminal. */
  readonly asker?: Asker;
}

/**
 * Makes sure that a checkpoint is here: finds it, or downloads what is missing
 * after having said how much that is and having been told to. In a script that
 * is not told beforehand, by `yes`, it downloads nothing.
 *
 * @throws Error that names the command that downloads it
 */
export async function ensureCheckpoint(
  name: string,
  { yes = false, asker = terminal(), ...options }: EnsureOptions = {},
): Promise<FoundCheckpoint> {
  const settings = options.settings ?? hubSettings();
  const found = await findCheckpoint(name, { ...options, settings });
  if (found.missing.length === 0) return found;
  const { checkpoint } = found;
  if (!yes && !settings.offline) {
    const files = missingText(await filesToPull(found, settings));
    const what = `${checkpoint.name} is not all here: ${files} ` +
      `to download from ${pageOf(checkpoint, settings.endpoint)} ` +
      `(licence: ${checkpoint.licence})`;
    const isTold = asker.isTerminal &&
      /^y(?:es)?$/i.test((await asker.ask(`${what}. Download? [y/N] `)).trim());
    if (!isTold) {
      throw new Error(
        `${what}; get it with \`${pullCommand(found)}\`` +
          (asker.isTerminal ? "" : ", or add --yes"),
      );
    }
  }
  using status = pullStatus();
  return await pullCheckpoint(name, { ...options, ...status, settings });
}

function terminal(): Asker {
  return {
    isTerminal: Deno.stdin.isTerminal() && Deno.stderr.isTerminal(),
    async ask(question) {
      await Deno.stderr.write(new TextEncoder().encode(question));
      const line = new Uint8Array(1024);
      const count = await Deno.stdin.read(line);
      return new TextDecoder().decode(line.subarray(0, count ?? 0));
    },
  };
}
