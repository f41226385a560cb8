/**
 * For tests: a headless Chromium, told what to do over its DevTools protocol.
 * It is taken from the PATH, or from the variable CHROMIUM; nothing is
 * downloaded.
 */

import { join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];
/** Codes without which a key does nothing of its own. */
const CODES = { Escape: 27, ArrowLeft: 37, ArrowRight: 39 };
/** Seconds until what is waited for counts as lost. */
const PATIENCE = 30;

/** The path of a Chromium; undefined where there is none. */
export async function findChromium(): Promise<string | undefined> {
  const named = Deno.env.get("CHROMIUM");
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const paths = named
    ? [named]
    : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of paths) {
    const found = await Deno.stat(path).catch(() => undefined);
    if (found?.isFile) return path;
  }
  return undefined;
}

/** A page in the browser. */
export interface Page {
  /** Waits until the page that is asked for is loaded. */
  open(url: string): Promise<void>;
  /** The value of an expression, awaited: something that JSON can hold. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true, for 30 seconds unless told more. */
  until(expression: string, seconds?: number): Promise<void>;
  /** Clicks in the middle of the element that a CSS selector finds. */
  click(selector: string): Promise<void>;
  /** Presses a key. */
  press(key: keyof typeof CODES): Promise<void>;
  /** Width and height of the window, in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  /** What is seen, as PNG. */
  screenshot(): Promise<Uint8Array>;
  /** What the page's scripts threw, and its requests of other servers. */
  readonly faults: readonly string[];
}

/**
 * Lends a page of a browser that is ended afterwards.
 *
 * @param path of the program
 */
export async function withPage<Result>(
  path: string,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const profile = await Deno.makeTempDir();
  const browser = new Deno.Command(path, {
    args: [
      "--headless=new",
      "--no-sandbox", // It has none where tests run as root.
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-dev-shm-usage",
      "--remote-debugging-address=127.0.0.1",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const port = await portOf(profile);
    const targets = await fetch(`http://127.0.0.1:${port}/json/list`);
    const [{ webSocketDebuggerUrl }] = await targets.json();
    const wire = await connect(webSocketDebuggerUrl);
    try {
      return await use(await pageOf(wire));
    } finally {
      wire.close();
    }
  } finally {
    browser.kill("SIGKILL");
    await browser.status;
    await removePatiently(profile);
  }
}

/** The browser writes its port into its profile once it listens. */
async function portOf(profile: string): Promise<string> {
  const file = join(profile, "DevToolsActivePort");
  const port = await waitFor(async () => {
    const text = await Deno.readTextFile(file).catch(() => "");
    return /^\d+\n/.test(text) ? text.split("\n")[0] : undefined;
  }, "Chromium didn't begin to listen");
  return port;
}

/** Children of the browser may write for a moment after it has ended. */
async function removePatiently(folder: string): Promise<void> {
  await waitFor(
    () =>
      Deno.remove(folder, { recursive: true }).then(() => true, () => false),
    `${folder} can't be removed`,
  );
}

async function waitFor<T>(
  find: () => Promise<T | undefined | null | false>,
  failure: string,
  seconds = PATIENCE,
): Promise<T> {
  const end = performance.now() + 1000 * seconds;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (performance.now() > end) throw new Error(failure);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

type Result = Readonly<Record<string, unknown>>;

/** Commands out, events in. */
interface Wire {
  send(method: string, parameters?: Result): Promise<Result>;
  on(method: string, hear: (event: Result) => void): void;
  close(): void;
}

/** A message of the protocol, of either kind. */
interface Message {
  readonly id?: number;
  readonly result?: Result;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: Result;
}

/** In CSS pixels. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** In the page: the middle of an element; null while pictures are loaded. */
const middleOf = `(selector) => {
  const found = document.querySelector(selector);
  found.scrollIntoView({ block: "center", behavior: "instant" });
  const isStill = ({ complete, loading, src }) =>
    complete || loading === "lazy" || !src;
  if (![...document.images].every(isStill)) return null;
  const { x, y, width, height } = found.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}`;

async function connect(url: string): Promise<Wire> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<Result>>();
  const heard = new Map<string, (event: Result) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error, method, params }: Message = JSON.parse(data);
    if (id === undefined) return heard.get(method ?? "")?.(params ?? {});
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error) answer?.reject(new Error(error.message));
    else answer?.resolve(result ?? {});
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  let last = 0;
  return {
    send(method, params = {}) {
      const answer = Promise.withResolvers<Result>();
      waiting.set(++last, answer);
      socket.send(JSON.stringify({ id: last, method, params }));
      return answer.promise;
    },
    on: (method, hear) => void heard.set(method, hear),
    close: () => socket.close(),
  };
}

async function pageOf(wire: Wire): Promise<Page> {
  const faults = hearFaults(wire);
  let loaded = Promise.withResolvers<void>();
  wire.on("Page.loadEventFired", () => loaded.resolve());
  for (const domain of ["Page", "Runtime", "Log"]) {
    await wire.send(`${domain}.enable`);
  }
  return {
    faults,
    evaluate: (expression) => evaluate(wire, expression),
    async open(url) {
      loaded = Promise.withResolvers();
      await wire.send("Page.navigate", { url });
      await loaded.promise;
    },
    async until(expression, seconds) {
      await waitFor(
        () => evaluate<boolean>(wire, expression),
        `It never came true: ${expression}`,
        seconds,
      );
    },
    async click(selector) {
      const { x, y } = await restOf(wire, selector);
      for (const type of ["mousePressed", "mouseReleased"]) {
        const event = { type, x, y, button: "left", clickCount: 1 };
        await wire.send("Input.dispatchMouseEvent", event);
      }
    },
    async press(key) {
      for (const type of ["keyDown", "keyUp"]) {
        await wire.send("Input.dispatchKeyEvent", {
          type,
          key,
          code: key,
          windowsVirtualKeyCode: CODES[key],
        });
      }
    },
    async resize(width, height) {
      await wire.send("Emulation.setDeviceMetricsOverride", {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: width < 600,
      });
    },
    async screenshot() {
      const { data } = await wire.send("Page.captureScreenshot", {
        format: "png",
      });
      return Uint8Array.fromBase64(data as string);
    },
  };
}

/** What goes wrong in the page, added to as it does. */
function hearFaults(wire: Wire): readonly string[] {
  const faults: string[] = [];
  wire.on("Runtime.exceptionThrown", ({ exceptionDetails }) => {
    const { text, exception } = exceptionDetails as {
      readonly text: string;
      readonly exception?: { readonly description?: string };
    };
    faults.push(exception?.description ?? text);
  });
  wire.on("Log.entryAdded", ({ entry }) => {
    const { level, text } = entry as { level: string; text: string };
    if (level === "error") faults.push(text);
  });
  return faults;
}

async function evaluate<T>(wire: Wire, expression: string): Promise<T> {
  const { result, exceptionDetails } = await wire.send("Runtime.evaluate", {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) {
    throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
  }
  return (result as { value: T }).value;
}

/**
 * The middle of an element once it moves no more: what moves beside a picture
 * that is being loaded would be missed.
 */
async function restOf(wire: Wire, selector: string): Promise<Point> {
  let last: Point | null = null;
  return await waitFor(async () => {
    const before = last;
    last = await evaluate<Point | null>(
      wire,
      `(${middleOf})(${JSON.stringify(selector)})`,
    );
    return last?.x === before?.x && last?.y === before?.y && last;
  }, `${selector} never came to rest`);
}
