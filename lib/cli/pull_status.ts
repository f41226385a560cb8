/** How far a download is: sizes, rate and time left. */

import { sizeText } from "../run/disk.ts";
import type { PullProgress } from "../hub/pull_step.ts";
import { createStatus, duration, type Status } from "./status.ts";

/** Where a pull reports to. */
export interface PullStatus extends Disposable {
  readonly onProgress: (progress: PullProgress) => void;
  readonly onNote: (text: string) => void;
}

/** Milliseconds that a rate is taken over. */
const WINDOW = 10_000;

/** How much was here at a time, in milliseconds. */
interface Sample {
  readonly time: number;
  readonly bytes: number;
}

/**
 * Shows a pull on standard error until it is disposed of, and when it is
 * interrupted says that nothing is lost.
 */
export function pullStatus(
  status: Status = createStatus(),
  now: () => number = () => performance.now(),
  print: (text: string) => void = (text) => console.error(text),
): PullStatus {
  let path: string | undefined;
  let samples: Sample[] = [];
  const stopped = () => {
    status.clear();
    print("Stopped; the same command goes on from here.");
  };
  globalThis.addEventListener("unload", stopped, { once: true });
  return {
    onProgress(progress) {
      // Bytes of an earlier try are here without having been sent now.
      const isBack = progress.done < (samples.at(-1)?.bytes ?? 0);
      if (progress.path !== path || isBack) samples = [];
      path = progress.path;
      const sample = { time: now(), bytes: progress.done };
      samples.push(sample);
      // The oldest but one is the last that is old enough to go.
      while (samples.length > 2 && sample.time - samples[1].time >= WINDOW) {
        samples.shift();
      }
      status.show(pullText(progress, rateOf(samples)));
    },
    onNote(text) {
      status.clear();
      print(text);
    },
    [Symbol.dispose]() {
      globalThis.removeEventListener("unload", stopped);
      status.clear();
    },
  };
}

/** Bytes a second, or undefined if that can't be told yet. */
function rateOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)!];
  const seconds = (last.time - first.time) / 1000;
  const rate = (last.bytes - first.bytes) / seconds;
  return seconds >= 0.5 && rate > 0 ? rate : undefined;
}

/**
 * Such as "vocab.json, 2 of 12: 0.5 MB of 1.06 MB, 3.1 MB a second, 40 s left";
 * the time is that of all files.
 */
export function pullText(
  { path, done, total, index, count, after }: PullProgress,
  rate?: number,
): string {
  const name = path.replace(/^.*\//, "");
  const files = count > 1 ? `, ${index + 1} of ${count}` : "";
  const size = total === undefined ? "" : ` of ${sizeText(total)}`;
  const parts = [`${name}${files}: ${sizeText(done)}${size}`];
  if (rate !== undefined) {
    parts.push(`${sizeText(rate)} a second`);
    if (total !== undefined) {
      parts.push(`${duration((total - done + after) / rate)} left`);
    }
  }
  return parts.join(", ");
}
