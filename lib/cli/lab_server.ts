/** For tests: JupyterLab, as `deno task notebooks` starts it. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { within } from "../run/within.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Seconds that it has to answer, and to end. */
const START_SECONDS = 300;
const END_SECONDS = 30;

/** What differs from the settings that users begin with. */
const SETTINGS = {
  // Nothing is written into the notebooks that are here.
  "docmanager-extension/plugin": { autosave: false },
  // Outputs that are out of sight are drawn too.
  "notebook-extension/tracker": { windowingMode: "none" },
  "apputils-extension/notification": {
    checkForUpdates: false,
    fetchNews: "false",
  },
} as const;

/** A running server. */
interface Server {
  readonly url: string;
  readonly pid: number;
}

/**
 * Starts JupyterLab without a browser, lends the address of its page of a
 * notebook, and ends it. The kernel is installed into the folder, as everything
 * that Jupyter writes.
 *
 * @throws Error with what it said last, if it ends or does not answer
 */
export async function withLab<Result>(
  folder: string,
  use: (addressOf: (notebook: string) => string) => Promise<Result>,
): Promise<Result> {
  await writeSettings(folder);
  const token = crypto.randomUUID();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-RWES", "--allow-run", MAIN]
      .concat("notebooks", "--", "--no-browser", "--ip=127.0.0.1", "--port=0")
      // Tests may run as root; the page's program answers our questions.
      .concat("--allow-root", "--expose-app-in-browser"),
    env: {
      JUPYTER_TOKEN: token,
      JUPYTER_CONFIG_DIR: join(folder, "config"),
      JUPYTER_DATA_DIR: join(folder, "data"),
      JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
      MUSELAB_QUICK: "1",
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = child.stderr.text();
  const ended = child.status.then(async ({ code }): Promise<never> => {
    const words = (await said).slice(-2000);
    throw new Error(`JupyterLab ended with code ${code}. ${words}`);
  });
  ended.catch(() => {}); // told to whoever waits for it, if anybody
  const { url, pid } = await within(
    START_SECONDS,
    "starting JupyterLab",
    Promise.race([ended, answering(join(folder, "runtime"))]),
  );
  try {
    const addressOf = (notebook: string) =>
      `${url}lab/tree/${notebook}?token=${token}`;
    return await Promise.race([ended, use(addressOf)]);
  } finally {
    const headers = { authorization: `token ${token}` };
    const goodbye = fetch(`${url}api/shutdown`, { method: "POST", headers })
      .then((answer) => answer.body?.cancel())
      .then(() => child.status);
    await within(END_SECONDS, "ending JupyterLab", goodbye)
      .catch(() => Deno.kill(pid, "SIGKILL"));
    await child.status;
  }
}

async function writeSettings(folder: string): Promise<void> {
  for (const [name, values] of Object.entries(SETTINGS)) {
    const [extension, plugin] = name.split("/");
    const own = join(folder, "settings", "@jupyterlab", extension);
    await Deno.mkdir(own, { recursive: true });
    const text = JSON.stringify(values);
    await Deno.writeTextFile(join(own, `${plugin}.jupyterlab-settings`), text);
  }
}

/** A server writes down where it is once it listens. */
async function answering(folder: string): Promise<Server> {
  for (;;) {
    const names = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
    const file = names.find(({ name }) => /^jpserver-\d+\.json$/.test(name));
    if (file) {
      try {
        const text = await Deno.readTextFile(join(folder, file.name));
        return JSON.parse(text);
      } catch { /* half of it is written */ }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
