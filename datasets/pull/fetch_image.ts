/** One picture from whatever server has it, or why it can't be had. */

import { nextHop } from "../../lib/hub/request.ts";
import { decodeAsPillow } from "../../lib/image/decode_pillow.ts";

/** How long and how much is waited for. */
export interface FetchLimits {
  /** Milliseconds that a picture may take from question to last byte. */
  readonly patience: number;
  /** Bytes that it may have. */
  readonly most: number;
}

/** What came of asking for a picture. */
export type Fetched =
  | {
    readonly kind: "picture";
    /** As the server sent them. */
    readonly bytes: Uint8Array<ArrayBuffer>;
    /** By what is in them: "jpg", "png" or "webp". */
    readonly ending: string;
    /** Pixels. */
    readonly width: number;
    /** Pixels. */
    readonly height: number;
  }
  /** Asked again, the server would say the same. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Another time it may be there. */
  | {
    readonly kind: "unsure";
    readonly reason: string;
    /** Whether any server answered. */
    readonly isReached: boolean;
  };

/** The formats that are taken, by the bytes that their files begin with. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  jpg: /^\xff\xd8\xff/,
  png: /^\x89PNG\r\n/,
  webp: /^RIFF[^]{4}WEBP/,
};

const MOST_REDIRECTS = 10;

/** Answers that are about now and not about the picture. */
const PASSING = new Set([408, 425, 429]);

/** What servers send to keep pictures from being used here, as img2dataset reads it. */
const UNWILLING = /\bno(?:image)?ai\b/i;

/**
 * Asks for a picture, and decodes it to see that it is whole.
 *
 * @throws Error if this program may not use the network
 */
export async function fetchImage(
  address: string,
  { patience, most }: FetchLimits,
): Promise<Fetched> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), patience);
  let isReached = false;
  try {
    const response = await follow(address, silence.signal, () => {
      isReached = true;
    });
    if ("kind" in response) return response;
    const body = await readBody(response, most);
    if ("kind" in body) return body;
    clearTimeout(timer); // the rest is this machine's own work
    return await pictureOf(body, response.headers.get("Content-Type"));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = silence.signal.aborted
      ? `not there within ${patience / 1000} s`
      : isReached
      ? "the connection broke"
      : "no connection to the server";
    return { kind: "unsure", reason, isReached };
  } finally {
    clearTimeout(timer);
  }
}

const refused = (reason: string): Fetched => ({ kind: "refused", reason });

async function follow(
  address: string,
  signal: AbortSignal,
  onAnswer: () => void,
): Promise<Response | Fetched> {
  let url = URL.parse(address);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    if (!url || !/^https?:$/.test(url.protocol)) {
      return refused("no address of a picture");
    }
    const response = await fetch(url, {
      signal,
      redirect: "manual",
      headers: {
        "Accept": "image/jpeg, image/png, image/webp",
        "Accept-Encoding": "identity",
        "User-Agent": "muselab",
      },
    });
    onAnswer();
    const { status, headers } = response;
    if (status >= 200 && status < 300) {
      if (!UNWILLING.test(headers.get("X-Robots-Tag") ?? "")) return response;
      await response.body?.cancel();
      return refused("its server asks that AI not use it");
    }
    await response.body?.cancel();
    const reason = `the server answers ${status}`;
    if (status >= 500 || PASSING.has(status)) {
      return { kind: "unsure", reason, isReached: true };
    }
    if (status < 300 || status >= 400) return refused(reason);
    const next = nextHop(url, headers.get("Location"));
    if (typeof next === "string") return refused(`a bad redirect: ${next}`);
    url = next;
  }
  return refused(`more than ${MOST_REDIRECTS} redirects`);
}

async function readBody(
  { body, headers }: Response,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | Fetched> {
  const tooLong = refused(`more than ${most} bytes`);
  if (Number(headers.get("Content-Length") ?? 0) > most) {
    await body?.cancel();
    return tooLong;
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > most) return tooLong; // which cancels the body
  }
  return await new Blob(parts).bytes() as Uint8Array<ArrayBuffer>;
}

async function pictureOf(
  bytes: Uint8Array<ArrayBuffer>,
  type: string | null,
): Promise<Fetched> {
  if (bytes.length === 0) return refused("an empty answer");
  const beginning = String.fromCharCode(...bytes.subarray(0, 16));
  const format = Object.entries(FORMATS)
    .find(([, form]) => form.test(beginning));
  if (!format) {
    return refused(
      `no JPEG, PNG or WebP: it is said to be ${type ?? "nothing"}`,
    );
  }
  try {
    const { width, height } = await oneAtATime(() => decodeAsPillow(bytes));
    return { kind: "picture", bytes, ending: format[0], width, height };
  } catch (error) {
    return refused(`a damaged picture: ${(error as Error).message}`);
  }
}

let decoding: Promise<unknown> = Promise.resolve();

/** Decodes in turn: a few large pictures at once would fill the memory. */
function oneAtATime<T>(decode: () => Promise<T>): Promise<T> {
  const mine = decoding.then(decode);
  decoding = mine.catch(() => {}); // whose it is hears of it
  return mine;
}
