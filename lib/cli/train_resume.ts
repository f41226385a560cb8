/** Whether a command goes on with the run that lies in its folder. */

import type { Checkpoint } from "../train/checkpoint.ts";
import { configChanges } from "../train/config_changes.ts";
import type { TrainRequest } from "./train.ts";

/**
 * Checks that the run is the same but for its number of steps, if that is
 * given.
 *
 * @param metadata what the command's own checkpoints will say
 * @throws Error that names what differs
 */
export function checkRun(
  { state, metadata: before }: Checkpoint,
  { folder, resume, init, steps, tokenizers }: TrainRequest,
  metadata: Readonly<Record<string, string>>,
): void {
  const refuse = (why: string, instead: string): never => {
    throw new Error(
      `Cannot go on with the run in ${folder}: ${why}; ${instead} or choose ` +
        `another --name`,
    );
  };
  if (!resume) {
    throw new Error(
      `Cannot start the run in ${folder}: it holds a checkpoint of step ` +
        `${state.step}; go on with --resume or choose another --name`,
    );
  }
  if (before.stage !== metadata.stage) {
    const own = `train ${before.stage}`;
    refuse(`it is of the stage ${before.stage}, not ${metadata.stage}`, own);
  }
  if (init !== undefined) {
    refuse(
      `its checkpoint of step ${state.step} and not ${init} says where from`,
      "leave out --init",
    );
  }
  const changes = configChanges(
    JSON.parse(before.config),
    JSON.parse(metadata.config),
  ).filter(({ field }) => steps === undefined || field !== "training.steps")
    .map(({ field, before, after }) => `${field} was ${before}, is ${after}`);
  if (changes.length > 0) {
    refuse(
      `the configuration differs: ${changes.join(", ")}`,
      "give the --config it began with",
    );
  }
  const data = dataChanges(before.data, metadata.data);
  if (data.length > 0) {
    refuse(
      `it was trained on other data: ${data.join(", ")}`,
      "give the --data it began with",
    );
  }
  for (const [option, path] of Object.entries(tokenizers)) {
    const [was, is] = [before[option], metadata[option]];
    // A run that began before checkpoints had this field is taken on trust.
    if (was === undefined || was === is) continue;
    refuse(
      `it learned the tokens of another tokenizer than ${path} (SHA-256 ` +
        `${was.slice(0, 12)}…, not ${is.slice(0, 12)}…)`,
      `give the --${option} it began with`,
    );
  }
}

/** What a record of the data has that another one has not. */
function dataChanges(
  before: string | undefined,
  after: string | undefined,
): string[] {
  const read = (record: string | undefined) =>
    record === undefined ? { set: "emoji" } : JSON.parse(record);
  const [was, is] = [read(before), read(after)];
  // A set that was moved is the same by its listing.
  const moved = was.listing !== undefined && was.listing === is.listing;
  return configChanges(was, is)
    .filter(({ field }) => !(moved && field === "set"))
    .map(({ field, before, after }) => `${field} was ${before}, is ${after}`);
}
