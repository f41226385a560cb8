import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../run/temp_folder.ts";
import { fileURLToPath } from "node:url";
import { denoFolder } from "../run/deno_folder.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function command(args: string[], env: Record<string, string> = {}) {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-RWES", "--allow-ffi", MAIN]
      .concat(args),
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** What a user sees who types this. */
async function type(args: string[], env?: Record<string, string>) {
  const { code, stdout, stderr } = await command(args, env).output();
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, out, err };
}

async function commandNames(): Promise<string[]> {
  const { out } = await type(["--help"]);
  return [...out.matchAll(/^ {2}(\w+) +\S/gm)].map(([, name]) => name);
}

Deno.test("main lists its commands for --help, and as an error for nothing", async () => {
  const asked = await type(["--help"]);
  assert.equal(asked.code, 0);
  assert.match(asked.out, /^ {2}notebooks +\S/m);
  assert.equal(asked.err, "");
  const nothing = await type([]);
  assert.deepEqual([nothing.code, nothing.out], [2, ""]);
  assert.equal(nothing.err, asked.out);
});

Deno.test("main explains each command with --help", async () => {
  const names = await commandNames();
  assert.ok(names.length >= 3);
  for (const name of names) {
    const { code, out, err } = await type([name, "--help"]);
    assert.deepEqual([code, err], [0, ""], name);
    assert.match(out, new RegExp(`^Usage: (deno task )?${name}`), name);
  }
});

Deno.test("main ends every command with 2 for an option it does not know", async () => {
  for (const name of await commandNames()) {
    const { code, out, err } = await type([name, "--no-such-option"]);
    assert.deepEqual([code, out], [2, ""], name);
    assert.match(err, new RegExp(`^${name}: .*--no-such-option`), name);
    assert.match(err, new RegExp(`deno task ${name}( emoji)? --help`), name);
    assert.doesNotMatch(err, /^ +at /m, name);
  }
});

Deno.test("main suggests the command that was meant", async () => {
  const near = await type(["notebok"]);
  assert.equal(near.code, 2);
  assert.match(near.err, /no command "notebok".*mean "notebooks"/);
  const far = await type(["toString"]);
  assert.equal(far.code, 2);
  assert.match(far.err, /no command "toString".*--help/);
});

Deno.test("main prints one sentence for a failure, and the stack on request", () =>
  withFolder(async (folder) => {
    const config = join(folder, "no.json");
    await Deno.writeTextFile(config, "no");
    const args = ["train", "tokenizer", "--config", config];
    const { code, out, err } = await type([...args, "--runs", folder]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^train: .*no\.json.*\n$/);
    const stack = await type([...args, "--runs", folder], {
      MUSELAB_STACK: "1",
    });
    assert.equal(stack.code, 1);
    assert.match(stack.err, /^ +at .*train/m);
  }));

Deno.test("main ends with 130 on Ctrl-C and leaves nothing behind", () =>
  withFolder(async (folder) => {
    const args = ["datasets", "preview", "emoji", "--count", "400"];
    const child = command([...args, "--out", join(folder, "a.png")], {
      DENO_DIR: await denoFolder(), // packages aren't downloaded again
      XDG_CACHE_HOME: folder, // no sprites are kept there: it takes a while
    }).spawn();
    const told = child.stderr.getReader(); // it says that it has begun
    await told.read();
    child.kill("SIGINT");
    assert.equal((await child.status).code, 130);
    await Promise.all([told.cancel(), child.stdout.cancel()]);
    const left = (await Array.fromAsync(Deno.readDir(folder)))
      .filter(({ isFile }) => isFile);
    assert.deepEqual(left, []);
  }));
