/** A drawing of `generate` under way, and what comes of it. */

import type { Picture } from "../image/picture.ts";
import type { Model } from "../muse/pipeline.ts";
import type { BestSeed, OpenBest } from "./candidates.ts";
import type { GenerateRequest } from "./generate_args.ts";
import type { Plan, PlannedPrompt } from "./generate_plan.ts";
import type { SettingName } from "./setting_forms.ts";
import type { TracedStates } from "./draw_trace.ts";

/** Who is told how it goes. */
export interface Listener {
  /** What is being done. */
  status(text: string): void;
  /** A file is written. */
  wrote(path: string): void;
  warn(text: string): void;
}

/** What `--json` prints. */
export interface GenerateResult {
  readonly model: { readonly name: string; readonly hash: string };
  readonly settings: Readonly<Record<SettingName, string | number | null>>;
  readonly pictures: readonly {
    readonly file: string;
    readonly prompt: string;
    readonly seed: number;
    /** Of the best candidate, if there were several. */
    readonly best?: BestSeed;
  }[];
  /** Contact sheets: one a prompt if there are several of each, and --sheet. */
  readonly sheets: readonly string[];
  readonly trace: string | null;
  /** Seconds from the beginning of the command to the end of the first step. */
  readonly firstStep: number;
  readonly seconds: {
    readonly load: number;
    readonly text: number;
    readonly decode: number;
    /** Where there was super-resolution. */
    readonly superres?: number;
    readonly picture: number;
    readonly total: number;
  };
}

/** A drawing under way. */
export interface Drawing {
  readonly request: GenerateRequest;
  readonly plan: Plan;
  readonly listener: Listener;
  readonly muse: Model;
  readonly pictures: GenerateResult["pictures"][number][];
  readonly sheets: string[];
  /** What is to stand on --sheet. */
  readonly together: Picture[];
  readonly seconds: {
    text: number;
    decode: number;
    superres?: number;
    picture: number;
  };
  /** When the first decode step was done, in milliseconds. */
  firstStep?: number;
  /** States of the decode, if there is to be a trace. */
  readonly states: TracedStates;
  /** If there are several candidates. */
  readonly best: OpenBest | undefined;
}

/** One picture to draw. */
export interface Job {
  readonly planned: PlannedPrompt;
  /** Which of the prompt's. */
  readonly index: number;
}
