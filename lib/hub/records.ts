/**
 * What was downloaded first: for files whose hash nobody has published, the
 * first download is trusted and later ones are compared with it. One line of
 * JSON a file, only ever appended to, so that programs that run at the same
 * time don't lose each other's.
 */

import { join } from "node:path";
import type { HubSettings } from "./settings.ts";

/** What is known of a file since it was first here. */
export interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
  /** Of the repository, if it comes from one. */
  readonly commit?: string;
}

/** The first record of each file by its key, see `recordKey()`. */
export type Records = ReadonlyMap<string, FileRecord>;

/** Where the records are. */
export function recordsPath({ ownFolder }: HubSettings): string {
  return join(ownFolder, "records.jsonl");
}

/** All records; none if nothing has been downloaded. */
export async function readRecords(settings: HubSettings): Promise<Records> {
  let text;
  try {
    text = await Deno.readTextFile(recordsPath(settings));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw error;
  }
  const records = new Map<string, FileRecord>();
  for (const line of text.split("\n")) {
    const found = parseLine(line);
    if (found && !records.has(found.key)) records.set(found.key, found.record);
  }
  return records;
}

/** Adds a record; an earlier one of the same file goes on counting. */
export async function addRecord(
  settings: HubSettings,
  key: string,
  record: FileRecord,
): Promise<void> {
  await Deno.mkdir(settings.ownFolder, { recursive: true });
  const line = `${JSON.stringify({ key, ...record })}\n`;
  await Deno.writeTextFile(recordsPath(settings), line, { append: true });
}

/** A line that was cut, as by a full disk, counts for nothing. */
function parseLine(
  line: string,
): { readonly key: string; readonly record: FileRecord } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { key, bytes, sha256, commit } = value as Record<string, unknown>;
  if (
    typeof key !== "string" || typeof bytes !== "number" ||
    typeof sha256 !== "string"
  ) return undefined;
  return {
    key,
    record: {
      bytes,
      sha256,
      ...(typeof commit === "string" ? { commit } : {}),
    },
  };
}
