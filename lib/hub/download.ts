/**
 * Brings one file here: in parts if the connection breaks, compared with what
 * is known of it, and never under its own name before that.
 */

import { dirname } from "node:path";
import { readBody } from "./body.ts";
import { checkSpace } from "./check_space.ts";
import { type Hashes, openPart, type Part } from "./part.ts";
import type { Subject } from "./refusals.ts";
import { backoff, request, type Web } from "./request.ts";

/** What is known of a file before it is here. */
export interface Expected extends Partial<Hashes> {
  readonly bytes?: number;
}

/** A file to bring. */
export interface Job {
  readonly url: string;
  readonly subject: Subject;
  /** Where it grows and, complete and correct, is left. */
  readonly incomplete: string;
  readonly expected: Expected;
  /**
   * Where the server's name for the content is noted, if the path of the part
   * doesn't tell of what it is a part.
   */
  readonly validator?: string;
  /** Told how much is here, and of how much if that is known. */
  onBytes(done: number, total: number | undefined): void;
}

/** What was brought. */
export interface Downloaded extends Hashes {
  readonly bytes: number;
}

/** A connection that brought this much has not failed for nothing. */
const PROGRESS = 1 << 20;

/**
 * Downloads a file to `job.incomplete`, from where an earlier try ended.
 *
 * @throws Error if it can't be had, or is not what was expected; then its part
 *   is removed, and otherwise kept for the next try
 */
export async function download(web: Web, job: Job): Promise<Downloaded> {
  using part = await openPart(job.incomplete, job.expected.bytes);
  try {
    if (job.validator !== undefined && !await readText(job.validator)) {
      await part.restart();
    }
    return await downloadPart(web, job, part);
  } catch (error) {
    if (part.bytes() === 0) await removeParts(job);
    throw error;
  }
}

async function downloadPart(
  web: Web,
  job: Job,
  part: Part,
): Promise<Downloaded> {
  for (let isResumed = part.bytes() > 0;; isResumed = false) {
    await receiveAll(web, job, part);
    const found = { bytes: part.bytes(), ...await part.finish() };
    const problem = compare(found, job.expected);
    if (problem === undefined) {
      if (job.validator) await remove(job.validator);
      return found;
    }
    await part.restart();
    const message = `Cannot use ${job.subject.text}: ${problem}`;
    if (!isResumed) throw new Error(`${message}; it was removed, try again`);
    // The part that was here may be what is wrong.
    web.note(`${message}. Downloading all of it again`);
  }
}

async function removeParts({ incomplete, validator }: Job): Promise<void> {
  await remove(incomplete);
  if (validator) await remove(validator);
}

function compare(found: Downloaded, expected: Expected): string | undefined {
  const { bytes, sha256, gitSha1 } = expected;
  const differs = (what: string, is: string | number, was: string | number) =>
    `it came with ${what} ${is}, wanted ${was}`;
  if (bytes !== undefined && bytes !== found.bytes) {
    return differs("a size of", found.bytes, bytes);
  }
  if (sha256 !== undefined && sha256 !== found.sha256) {
    return differs("the SHA-256", found.sha256, sha256);
  }
  if (gitSha1 && found.gitSha1 && gitSha1 !== found.gitSha1) {
    return differs("git's hash", found.gitSha1, gitSha1);
  }
}

/** Tries again, from where it ended, while the connection breaks. */
async function receiveAll(web: Web, job: Job, part: Part): Promise<void> {
  for (let tries = 1;; tries++) {
    const before = part.bytes();
    const cut = await receive(web, job, part);
    if (cut === undefined) return;
    if (part.bytes() - before >= PROGRESS) tries = 1;
    const message = `Cannot download ${job.subject.text}: ${cut}`;
    if (tries === web.tries) {
      throw new Error(
        `${message}; what is here is kept, the same command goes on from there`,
      );
    }
    web.note(`${message}. Going on in ${backoff(tries) / 1000} s`);
    await web.pause(backoff(tries));
  }
}

/** Receives until the end; what cut it short, if something did. */
async function receive(
  web: Web,
  job: Job,
  part: Part,
): Promise<string | undefined> {
  const { expected, subject } = job;
  if (expected.bytes !== undefined) {
    if (part.bytes() > expected.bytes) await part.restart();
    if (part.bytes() === expected.bytes) return;
  }
  const response = await request(web, {
    url: job.url,
    method: "GET",
    subject,
    headers: await rangeHeaders(job, part),
  });
  const total = await placeBody(job, part, response);
  if (total === "elsewhere") {
    await response.body?.cancel();
    await part.restart();
    return "the server has no such part of it";
  }
  const wanted = expected.bytes ?? total;
  try {
    if (total !== undefined && total !== wanted) {
      throw new Error(
        `Cannot use ${subject.text}: the server's has ${total} bytes, wanted ` +
          `${wanted}; it is another file`,
      );
    }
    if (wanted !== undefined) {
      const rest = wanted - part.bytes();
      checkSpace(dirname(job.incomplete), rest, subject.text);
    }
    job.onBytes(part.bytes(), wanted);
    const cut = await readBody(web, response, async (chunk) => {
      await part.append(chunk);
      job.onBytes(part.bytes(), wanted);
      return wanted !== undefined && part.bytes() > wanted;
    });
    if (cut !== undefined) return cut;
  } finally {
    await response.body?.cancel().catch(() => {}); // it is read, or broken
  }
  if (wanted === undefined || part.bytes() >= wanted) return;
  return `the connection ended after ${part.bytes()} of ${wanted} bytes`;
}

/** Asks for the rest only, of the same content only. */
async function rangeHeaders(
  { validator }: Job,
  part: Part,
): Promise<Record<string, string>> {
  if (part.bytes() === 0) return {};
  const range = { Range: `bytes=${part.bytes()}-` };
  const name = validator && await readText(validator);
  return name ? { ...range, "If-Range": name } : range;
}

/**
 * Whether the body goes on where the part ends: if so the size of the whole,
 * where the server says it.
 */
async function placeBody(
  job: Job,
  part: Part,
  { status, headers }: Response,
): Promise<number | undefined | "elsewhere"> {
  if (status === 416) return "elsewhere";
  if (status === 206) {
    const range = headers.get("Content-Range") ?? "";
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
    if (Number(start) !== part.bytes()) return "elsewhere";
    return total === "*" ? undefined : Number(total);
  }
  if (part.bytes() > 0) await part.restart();
  if (job.validator) await noteValidator(job.validator, headers);
  const length = headers.get("Content-Length");
  // Of an encoded body it is another length.
  return length && !headers.has("Content-Encoding")
    ? Number(length)
    : undefined;
}

/** Notes what If-Range takes: a strong ETag, or a date. */
async function noteValidator(path: string, headers: Headers): Promise<void> {
  const etag = headers.get("ETag");
  const name = etag?.startsWith('"') ? etag : headers.get("Last-Modified");
  if (name) await Deno.writeTextFile(path, name);
  else await remove(path);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {}); // it may not be there
}
