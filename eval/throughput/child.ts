/** The process of a part: see `process_runner.ts`. Its argument is the job. */

import process from "node:process";
import { createInterface } from "node:readline";
import type { Opening } from "./process_runner.ts";
import { type Job, openHere } from "./runner.ts";
import { SYSTEMS } from "./systems.ts";

const say = (line: unknown) => console.log(JSON.stringify(line));

const job: Job = JSON.parse(Deno.args[0]);
let runner;
try {
  runner = await openHere(SYSTEMS, job);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  say({ error: message } satisfies Opening);
  Deno.exit(0);
}
say({ about: runner.about } satisfies Opening);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "run" || line === "peakMb" || line === "multiplyGflops") {
    say(await runner[line]());
  }
}
await runner.end();
