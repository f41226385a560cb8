/** What the hub says of a file before it is downloaded. */

import { COMMIT, type Revised } from "./layout.ts";
import type { Subject } from "./refusals.ts";
import { request, type Web } from "./request.ts";

/** A file of a repository, as it is at a commit. */
export interface HubFile {
  /** Where it is downloaded. */
  readonly url: string;
  readonly commit: string;
  /**
   * What its blob is called: the SHA-256 of a large file, git's hash of
   * another.
   */
  readonly etag: string;
  readonly bytes?: number;
}

/** The words for a file of a repository in errors. */
export function hubSubject(
  { access: { endpoint, token } }: Web,
  { repository, revision }: Revised,
  path: string,
): Subject {
  const at = COMMIT.test(revision) ? revision.slice(0, 7) : revision;
  return {
    text: `${path} of ${repository}@${at}`,
    page: `${endpoint}/${repository}`,
    hasToken: token !== undefined,
  };
}

/** The address of a file. */
function hubUrl(
  { access: { endpoint } }: Web,
  { repository, revision }: Revised,
  path: string,
): string {
  const parts = path.split("/").map(encodeURIComponent).join("/");
  return `${endpoint}/${repository}/resolve/` +
    `${encodeURIComponent(revision)}/${parts}`;
}

/**
 * Asks the hub for the commit, name and size of a file.
 * @throws Error if there is none, or what answers is no hub
 */
export async function askHub(
  web: Web,
  revised: Revised,
  path: string,
): Promise<HubFile> {
  let commit: string | undefined;
  let linkedTag: string | undefined;
  let linkedSize: string | undefined;
  const subject = hubSubject(web, revised, path);
  const last = await request(web, {
    url: hubUrl(web, revised, path),
    method: "HEAD",
    subject,
    // A large file is elsewhere, and the redirect there tells all about it.
    isEnough({ headers }) {
      commit ??= headers.get("X-Repo-Commit") ?? undefined;
      linkedTag ??= headers.get("X-Linked-Etag") ?? undefined;
      linkedSize ??= headers.get("X-Linked-Size") ?? undefined;
      return commit !== undefined && linkedTag !== undefined;
    },
  });
  const size = linkedSize ??
    (last.ok ? last.headers.get("Content-Length") : null);
  const etag = plainTag(linkedTag ?? last.headers.get("ETag"));
  if (!commit || !COMMIT.test(commit) || !etag) {
    throw new Error(
      `Cannot download ${subject.text}: the answer of ` +
        `${web.access.endpoint} has not the headers of the hub ` +
        "(X-Repo-Commit, ETag); check HF_ENDPOINT",
    );
  }
  return {
    url: hubUrl(web, { ...revised, revision: commit }, path),
    commit,
    etag,
    ...(size && /^\d+$/.test(size) ? { bytes: Number(size) } : {}),
  };
}

/** Without the marks of HTTP; nothing if it can't be a file's name. */
function plainTag(etag: string | null): string | undefined {
  return /^(?:W\/)?"?([\w-]{1,128})"?$/.exec(etag ?? "")?.[1];
}
