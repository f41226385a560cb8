/** Asks servers for files: redirects, tokens, patience and second tries. */

import {
  AbsentFileError,
  type Refusal,
  refusalOf,
  type Subject,
  UnansweredError,
} from "./refusals.ts";
import type { HubSettings } from "./settings.ts";

/** How servers are asked. */
export interface Web {
  /** Goes to the endpoint's own origin only. */
  readonly access: Pick<HubSettings, "endpoint" | "token">;
  /** Milliseconds without a byte after which a connection counts as lost. */
  readonly patience: number;
  /** Times that something is tried before it is given up. */
  readonly tries: number;
  /** Waits so many milliseconds. */
  pause(milliseconds: number): Promise<void>;
  /** Takes a line for the person who waits. */
  note(text: string): void;
}

/** What may be told of a {@linkcode Web}. */
export interface WebOptions {
  /** Told what is worth knowing, such as why it is tried again. */
  readonly onNote?: (text: string) => void;
  /** Waits between tries. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** Milliseconds without a byte after which a connection counts as lost. */
  readonly patience?: number;
  /** Times that something is tried before it is given up. */
  readonly tries?: number;
}

/** Servers asked with this access, waited for as long as one does. */
export function createWeb(
  access: Web["access"],
  {
    onNote = () => {},
    pause = (time) => new Promise((resolve) => setTimeout(resolve, time)),
    patience = 60_000,
    tries = 5,
  }: WebOptions = {},
): Web {
  return { access, patience, tries, pause, note: onNote };
}

/** One question. */
export interface Question {
  readonly url: string;
  readonly method: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly subject: Subject;
  /** Sees every answer, redirects too; true if the next ones don't matter. */
  readonly isEnough?: (response: Response) => boolean;
}

/** Milliseconds that a server may make us wait at once. */
const LONGEST_WAIT = 120_000;
const MOST_REDIRECTS = 10;

/** Milliseconds before a try, the first being 1: 1 s, 2 s, 4 s, 8 s. */
export function backoff(tries: number): number {
  return 1000 * 2 ** (tries - 1);
}

/** The answer, or why there is none. */
type Outcome =
  | { readonly kind: "answer"; readonly response: Response }
  | ({ readonly kind: "refusal" } & Refusal);

/**
 * Asks until there is an answer below 400 (or 416, which is about a range),
 * following redirects.
 *
 * @throws Error with a sentence that says why there is no file; AbsentFileError
 * if its repository is there, UnansweredError if another time may do
 */
export async function request(
  web: Web,
  question: Question,
): Promise<Response> {
  for (let tries = 1;; tries++) {
    const outcome = await follow(web, question);
    if (outcome.kind === "answer") return outcome.response;
    const { message, again, after = backoff(tries) } = outcome;
    if (!again || tries === web.tries || after > LONGEST_WAIT) {
      const Kind = outcome.isAbsent
        ? AbsentFileError
        : again
        ? UnansweredError
        : Error;
      throw new Kind(message);
    }
    web.note(`${message}. Trying again in ${Math.ceil(after / 1000)} s`);
    await web.pause(after);
  }
}

async function follow(web: Web, question: Question): Promise<Outcome> {
  const { subject } = question;
  let url = new URL(question.url);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await ask(web, url, question);
    if ("message" in response) return { kind: "refusal", ...response };
    const enough = question.isEnough?.(response) ?? false;
    const { status, headers } = response;
    if (status < 300 || status === 416 || enough && status < 400) {
      return { kind: "answer", response };
    }
    await response.body?.cancel();
    if (status >= 400) {
      const refusal = refusalOf(response, url.host, subject);
      return { kind: "refusal", ...refusal };
    }
    const next = nextHop(url, headers.get("Location"));
    if (typeof next === "string") {
      const message = `Cannot download ${subject.text}: ${next}`;
      return { kind: "refusal", message, again: false };
    }
    url = next;
  }
  const message = `Cannot download ${subject.text}: ${url.host} sends from ` +
    `address to address, more than ${MOST_REDIRECTS} times`;
  return { kind: "refusal", message, again: false };
}

/** Where a redirect leads, or what is wrong with it. */
export function nextHop(from: URL, location: string | null): URL | string {
  if (location === null || !URL.canParse(location, from)) {
    return `${from.host} redirects to no address`;
  }
  const to = new URL(location, from);
  const isSafe = to.protocol === "https:" ||
    to.protocol === "http:" && from.protocol === "http:";
  if (isSafe) return to;
  return `${from.host} redirects to ${to.protocol}//${to.host}, which is not ` +
    "encrypted";
}

async function ask(
  { access, patience }: Web,
  url: URL,
  { method, headers, subject }: Question,
): Promise<Response | Refusal> {
  const isOurs = url.origin === new URL(access.endpoint).origin;
  const silence = new AbortController();
  const timer = setTimeout(
    () => silence.abort(new Error(`no answer for ${patience / 1000} s`)),
    patience,
  );
  try {
    return await fetch(url, {
      method,
      redirect: "manual",
      signal: silence.signal,
      headers: {
        "Accept-Encoding": "identity", // sizes are those of files
        "User-Agent": "muselab",
        ...headers,
        ...(isOurs && access.token
          ? { Authorization: `Bearer ${access.token}` }
          : {}),
      },
    });
  } catch (error) {
    return unreached(error, url, subject);
  } finally {
    clearTimeout(timer);
  }
}

function unreached(error: unknown, { host }: URL, { text }: Subject): Refusal {
  if (error instanceof Deno.errors.NotCapable) {
    return {
      message: `Cannot download ${text}: this program may not use the ` +
        "network; `deno task weights pull` may, as may --allow-net",
      again: false,
    };
  }
  return {
    message: `Cannot download ${text}: no connection to ${host} ` +
      `(${reason(error)}); check the network`,
    again: true,
  };
}

/** The innermost reason, without addresses. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reason(error.cause);
  return error.message.replace(/^error sending request.*?\): /, "")
    .replace(/^client error \(Connect\): /, "")
    .replace(/ \(os error \d+\)/, "");
}
