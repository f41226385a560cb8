/**
 * For tests: servers on this machine that speak the hub's protocol. Small files
 * come from the hub itself after a redirect to a path of its own; large ones
 * from another server, as from its storage.
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { HubSettings } from "./settings.ts";

/** A repository at one commit. */
export interface FakeRepository {
  readonly name: string;
  readonly commit: string;
  readonly small?: Readonly<Record<string, string>>;
  readonly large?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** The token that is let in. */
  readonly gatedFor?: string;
}

/** A request as it came, and on which server. */
export interface Asked {
  readonly server: "hub" | "storage";
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
}

/** Servers that run. */
export interface FakeHub extends AsyncDisposable {
  readonly endpoint: string;
  readonly storage: string;
  /** All requests so far. */
  readonly asked: readonly Asked[];
  /** Settings for it, with empty folders below the given one. */
  settings(folder: string): HubSettings;
  /** Replaces the repositories. */
  publish(...repositories: readonly FakeRepository[]): void;
  /** Answers the next requests for which it returns something. */
  intercept(answer: (asked: Asked) => Response | undefined): void;
}

/** Bytes that look like nothing, the same for the same number. */
export function fakeBytes(
  count: number,
  seed: number,
): Uint8Array<ArrayBuffer> {
  let state = seed + 1;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** As the hub names the content of a large file. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** As git, and the hub, name the content of a small file. */
export function gitSha1(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes)
    .digest("hex");
}

/** Starts the servers. */
export function startHub(...published: readonly FakeRepository[]): FakeHub {
  let repositories = published;
  let answer: (asked: Asked) => Response | undefined = () => undefined;
  const asked: Asked[] = [];
  const serve = (
    server: Asked["server"],
    handle: (asked: Asked) => Response,
  ) =>
    Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      const { pathname } = new URL(request.url);
      const { method, headers } = request;
      const question = { server, method, headers, path: pathname };
      asked.push(question);
      return answer(question) ?? handle(question);
    });
  const storageServer = serve("storage", (question) => {
    const bytes = repositories.flatMap(({ large = {} }) => Object.values(large))
      .find((bytes) => question.path.endsWith(sha256(bytes)));
    return bytes ? sendBytes(question, bytes) : reply(404);
  });
  const storage = `http://127.0.0.1:${storageServer.addr.port}`;
  const hubServer = serve(
    "hub",
    (question) => answerHub(question, repositories, storage),
  );
  const endpoint = `http://127.0.0.1:${hubServer.addr.port}`;
  return {
    endpoint,
    storage,
    asked,
    settings: (folder) => ({
      endpoint,
      offline: false,
      symlinks: true,
      hubCache: join(folder, "hub"),
      ownFolder: join(folder, "own"),
    }),
    publish(...next) {
      repositories = next;
    },
    intercept(next) {
      answer = next;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([storageServer.shutdown(), hubServer.shutdown()]);
    },
  };
}

/** A response without a body. */
export function reply(
  status: number,
  headers: Record<string, string> = {},
): Response {
  return new Response(null, { status, headers });
}

/** A body that breaks after some bytes, though its length was announced. */
export function cutAfter(
  bytes: Uint8Array,
  count: number,
  start = 0,
): Response {
  let isSent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isSent) controller.close();
      else controller.enqueue(bytes.slice(start, start + count));
      isSent = true;
    },
  });
  const length = bytes.length - start;
  return new Response(body, {
    status: start === 0 ? 200 : 206,
    headers: {
      "Content-Length": String(length),
      ...(start === 0 ? {} : {
        "Content-Range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      }),
    },
  });
}

function answerHub(
  { path, method, headers }: Asked,
  repositories: readonly FakeRepository[],
  storage: string,
): Response {
  const cached = "/api/resolve-cache/models";
  const isCached = path.startsWith(cached);
  const [, name, revision, file] = isCached
    ? /^\/([\w-]+\/[\w-]+)\/(\w+)\/(.+)$/.exec(path.slice(cached.length)) ?? []
    : /^\/([\w-]+\/[\w-]+)\/resolve\/(\w+)\/(.+)$/.exec(path) ?? [];
  const named = repositories.filter((repository) => repository.name === name);
  if (named.length === 0) {
    return reply(401, {
      "X-Error-Code": "RepoNotFound",
      "X-Error-Message": "Invalid username or password.",
    });
  }
  // The last one is where the branch is.
  const found = revision === "main"
    ? named.at(-1)
    : named.find(({ commit }) => commit === revision);
  if (!found) return reply(404, { "X-Error-Code": "RevisionNotFound" });
  const { commit, gatedFor, small = {}, large = {} } = found;
  const shown = headers.get("Authorization");
  if (gatedFor && shown !== `Bearer ${gatedFor}`) {
    return reply(shown ? 403 : 401, { "X-Error-Code": "GatedRepo" });
  }
  if (Object.hasOwn(large, file)) {
    const hash = sha256(large[file]);
    return reply(302, {
      "Location": `${storage}/stored/${hash}`,
      "X-Repo-Commit": commit,
      "X-Linked-Etag": `"${hash}"`,
      "X-Linked-Size": String(large[file].length),
    });
  }
  if (!Object.hasOwn(small, file)) {
    return reply(404, { "X-Error-Code": "EntryNotFound" });
  }
  if (!isCached) {
    return reply(307, {
      "Location": `${cached}/${name}/${commit}/${file}`,
      "X-Repo-Commit": commit,
    });
  }
  return new Response(method === "HEAD" ? null : small[file], {
    headers: {
      "ETag": `W/"${gitSha1(small[file])}"`,
      "X-Repo-Commit": commit,
      "Content-Length": String(new TextEncoder().encode(small[file]).length),
    },
  });
}

/** A file or, asked so, the rest of it. */
export function sendBytes(
  { headers }: Asked,
  bytes: Uint8Array<ArrayBuffer>,
): Response {
  const etag = `"${sha256(bytes).slice(0, 8)}"`;
  const range = /^bytes=(\d+)-$/.exec(headers.get("Range") ?? "");
  const isSame = (headers.get("If-Range") ?? etag) === etag;
  if (!range || !isSame) {
    return new Response(bytes, { headers: { "ETag": etag } });
  }
  const start = Number(range[1]);
  if (start >= bytes.length) return reply(416);
  return new Response(bytes.slice(start), {
    status: 206,
    headers: {
      "ETag": etag,
      "Content-Range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
    },
  });
}
