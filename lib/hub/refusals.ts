/** What a server that doesn't give a file means, in a sentence. */

/** What is asked for, in the words of errors. */
export interface Subject {
  /** Such as "vqvae/config.json of amused/amused-256". */
  readonly text: string;
  /** The page of its repository, if it is on the hub. */
  readonly page?: string;
  /** A token was sent along. */
  readonly hasToken: boolean;
}

/** Why there is no file, and whether there may be one later. */
export interface Refusal {
  readonly message: string;
  readonly again: boolean;
  /** The repository is there, without the file. */
  readonly isAbsent?: boolean;
  /** Milliseconds until the server wants to be asked again. */
  readonly after?: number;
}

/** A repository has no such file. */
export class AbsentFileError extends Error {
  override readonly name = "AbsentFileError";
}

/** There may be an answer at another time. */
export class UnansweredError extends Error {
  override readonly name = "UnansweredError";
}

/** Reads a status of 400 and up. */
export function refusalOf(
  { status, headers }: Pick<Response, "status" | "headers">,
  host: string,
  subject: Subject,
): Refusal {
  const refuse = (why: string): Refusal => ({
    message: `Cannot download ${subject.text}: ${why}`,
    again: false,
  });
  if (status === 401 || status === 403) {
    return refuse(forbidden(status, headers, host, subject));
  }
  if (status === 404 || status === 410) {
    return {
      ...refuse(missing(status, headers, host, subject)),
      isAbsent: headers.get("X-Error-Code") === "EntryNotFound",
    };
  }
  if (status === 429) {
    const after = retryAfter(headers);
    return {
      message: `Cannot download ${subject.text}: ${host} answers that it was ` +
        `asked too often (429)${
          after === undefined
            ? ""
            : `, to be asked again in ${Math.ceil(after / 1000)} s`
        }; try later` +
        (subject.page && !subject.hasToken
          ? ", or set HF_TOKEN, which is allowed more"
          : ""),
      again: true,
      after,
    };
  }
  if (status === 408 || status >= 500) {
    return {
      message: `Cannot download ${subject.text}: ${host} is out of order ` +
        `(${status}); try later, what is here already is kept`,
      again: true,
      after: retryAfter(headers),
    };
  }
  return refuse(`${host} refuses (${status}${detail(headers)})`);
}

function forbidden(
  status: number,
  headers: Headers,
  host: string,
  { page, hasToken }: Subject,
): string {
  if (page === undefined) {
    return `${host} does not give it to everybody (${status})`;
  }
  if (host !== new URL(page).host) {
    return `${host}, where the hub keeps it, refuses ` +
      `(${status}${detail(headers)}); its addresses end after a while, so ` +
      "try again";
  }
  if (headers.get("X-Error-Code") === "GatedRepo") {
    return `its repository is gated (${status}); accept its licence at ` +
      `${page}, then set HF_TOKEN to a token of ` +
      (hasToken
        ? "the same account (the one that is set has no access)"
        : "that account");
  }
  if (status === 403) {
    return `the hub forbids it (403${detail(headers)}); ` +
      (hasToken
        ? `check that the token of HF_TOKEN may read ${page}`
        : `see ${page}, or set HF_TOKEN to a token that may read it`);
  }
  // The hub answers so for repositories that don't exist, too.
  return hasToken
    ? `the hub refuses the token (${status}${detail(headers)}); check the ` +
      `name, ${page}, and that HF_TOKEN may read it`
    : `there is no such repository, or it is private (${status}); check the ` +
      `name, ${page}, or set HF_TOKEN to a token that may read it`;
}

const MISSING: Readonly<Record<string, string>> = {
  EntryNotFound: "its repository has no such file",
  RevisionNotFound: "its repository has no such revision",
  RepoNotFound: "there is no such repository",
};

function missing(
  status: number,
  headers: Headers,
  host: string,
  { page }: Subject,
): string {
  const code = headers.get("X-Error-Code") ?? "";
  const why = Object.hasOwn(MISSING, code)
    ? MISSING[code]
    : `${host} has nothing at this address any more`;
  return `${why} (${status})${page ? `; see ${page}` : ""}`;
}

function detail(headers: Headers): string {
  const text = headers.get("X-Error-Message");
  return text ? `, "${text}"` : "";
}

/** Milliseconds of a Retry-After header: of seconds, or a date. */
export function retryAfter(
  headers: Headers,
  now: number = Date.now(),
): number | undefined {
  const text = headers.get("Retry-After")?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
