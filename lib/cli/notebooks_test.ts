import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { denoFolder } from "../run/deno_folder.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Stands in for JupyterLab: tells its version, or what it was asked. */
const LAB = `#!/bin/sh
if [ "$1" = --version ]; then echo 9.9.9; exit 0; fi
printf '%s|' lab "$@"
if [ "$1" = --fail ]; then exit 5; fi
`;

/** Stands in for Python: makes environments, and writes down what pip is told. */
const PYTHON = `#!/bin/sh
if [ "$2" = venv ]; then
  echo venv
  if [ -n "$BROKEN" ]; then /bin/mkdir -p "$3/bin"; exit 3; fi
  /bin/mkdir -p "$3/bin"
  /bin/cp "$0" "$3/bin/python"
  exit 0
fi
if [ "$2" = pip ]; then
  printf '%s|' "$@"
  /bin/cp "\${0%/*}/../../../../lab" "\${0%/*}/jupyter-lab"
  exit 0
fi
exit 1
`;

/** A home folder, with nothing on the PATH but what is put there. */
async function withHome(
  body: (home: {
    readonly spec: string;
    addLab(): Promise<void>;
    addPython(): Promise<void>;
    addPlotly(): Promise<void>;
    readonly own: string;
    type(
      ...args: string[]
    ): Promise<{ code: number; out: string; err: string }>;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const bin = join(folder, "bin");
  await Deno.mkdir(bin);
  try {
    await body({
      spec: join(folder, "data/kernels/deno/kernel.json"),
      async addLab() {
        await Deno.writeTextFile(join(bin, "jupyter-lab"), LAB, {
          mode: 0o755,
        });
      },
      async addPython() {
        const mode = 0o755;
        await Deno.writeTextFile(join(folder, "lab"), LAB, { mode });
        await Deno.writeTextFile(join(bin, "python3"), PYTHON, { mode });
      },
      async addPlotly() {
        const name = "share/jupyter/labextensions/jupyterlab-plotly";
        await Deno.mkdir(join(folder, name), { recursive: true });
        await Deno.writeTextFile(join(folder, name, "package.json"), "{}");
      },
      own: join(folder, "cache/muselab/jupyter"),
      async type(...args) {
        const { code, stdout, stderr } = await new Deno.Command(
          Deno.execPath(),
          {
            args: ["run", "-q", "--no-check", "-RWES", "--allow-run", MAIN]
              .concat(
                "notebooks",
                args,
              ),
            env: {
              PATH: bin,
              JUPYTER_DATA_DIR: join(folder, "data"),
              XDG_CACHE_HOME: join(folder, "cache"),
              DENO_DIR: await denoFolder(),
              BROKEN: args.includes("--broken") ? "1" : "",
            },
          },
        ).output();
        const [out, err] = [stdout, stderr].map((bytes) =>
          new TextDecoder().decode(bytes)
        );
        return { code, out, err };
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The stand-in is a shell script. */
const ignore = Deno.build.os === "windows";

Deno.test({
  name: "notebooks without JupyterLab and Python says what is wanted",
  ignore,
  fn: () =>
    withHome(async ({ type, spec, own }) => {
      const { code, out, err } = await type();
      assert.equal(code, 1);
      assert.match(out, /No JupyterLab is on the PATH/);
      assert.match(err, /no such program; wanted Python 3.*pip install/s);
      assert.doesNotMatch(err, /\n +at /);
      await assert.rejects(Deno.stat(spec), Deno.errors.NotFound);
      await assert.rejects(Deno.stat(own), Deno.errors.NotFound);
    }),
});

Deno.test({
  name:
    "notebooks makes a Python environment of its own where there is no JupyterLab",
  ignore,
  fn: () =>
    withHome(async ({ type, addPython, own }) => {
      await addPython();
      const first = await type("--", "--port", "9");
      assert.deepEqual([first.code, first.err], [0, ""]);
      assert.match(first.out, /pip\|install\|.*jupyterlab>=4.*plotly>=6/);
      assert.match(first.out, /lab\|--port\|9\|/);
      const second = await type();
      assert.doesNotMatch(second.out, /pip/);
      assert.match(second.out, /^lab\|/m);
      assert.ok(Deno.statSync(own).isDirectory);
    }),
});

Deno.test({
  name: "notebooks leaves no half of an environment",
  ignore,
  fn: () =>
    withHome(async ({ type, addPython, own }) => {
      await addPython();
      const { code, err } = await type("--", "--broken");
      assert.equal(code, 1);
      assert.match(
        err,
        /Cannot install JupyterLab: python3 -m venv ended with 3/,
      );
      await assert.rejects(Deno.stat(own), Deno.errors.NotFound);
    }),
});

Deno.test({
  name: "notebooks --check tells what is missing and changes nothing",
  ignore,
  fn: () =>
    withHome(async ({ type, spec, addLab, addPlotly }) => {
      const nothing = await type("--check");
      assert.equal(nothing.code, 1);
      assert.match(nothing.out, /^JupyterLab +missing$/m);
      assert.match(nothing.out, /^Plotly +missing: figures are still images$/m);
      assert.match(nothing.out, /^Deno kernel +missing/m);
      await addLab();
      const lab = await type("--check");
      assert.equal(lab.code, 1);
      assert.match(lab.out, /^JupyterLab +9\.9\.9$/m);
      await assert.rejects(Deno.stat(spec), Deno.errors.NotFound);
      assert.match(lab.out, /^Plotly +missing/m);
      await addPlotly();
      await type();
      const all = await type("--check");
      assert.match(all.out, /^Plotly +there$/m);
      assert.deepEqual([all.code, all.err], [0, ""]);
      assert.ok(all.out.includes(spec));
    }),
});

Deno.test({
  name: "notebooks installs the kernel and opens JupyterLab",
  ignore,
  fn: () =>
    withHome(async ({ type, spec, addLab }) => {
      await addLab();
      const { code, out, err } = await type("--", "--port", "9");
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, /Installed the Deno kernel: .*kernel\.json/);
      assert.match(out, /lab\|--port\|9\|.*notebooks\|$/);
      assert.deepEqual(JSON.parse(await Deno.readTextFile(spec)), {
        display_name: "Deno",
        language: "typescript",
        argv: [
          Deno.execPath(),
          "jupyter",
          "--kernel",
          "--conn",
          "{connection_file}",
        ],
        interrupt_mode: "message",
      });
      assert.doesNotMatch((await type()).out, /Installed/);
    }),
});

Deno.test({
  name: "notebooks mends an installed kernel and keeps the rest of it",
  ignore,
  fn: () =>
    withHome(async ({ type, spec, addLab }) => {
      await addLab();
      await type();
      const good = JSON.parse(await Deno.readTextFile(spec));
      const bad: [string, RegExp][] = [
        [
          JSON.stringify({
            ...good,
            interrupt_mode: "signal",
            env: { A: "1" },
          }),
          /stop button/,
        ],
        [
          JSON.stringify({ ...good, argv: ["old/deno"], env: { A: "1" } }),
          /another Deno/,
        ],
      ];
      for (const [text, complaint] of bad) {
        await Deno.writeTextFile(spec, text);
        assert.match((await type("--check")).out, complaint);
        await type();
        const mended = JSON.parse(await Deno.readTextFile(spec));
        assert.deepEqual(mended, { ...good, env: { A: "1" } });
      }
      await Deno.writeTextFile(spec, "{ damaged");
      await type();
      assert.deepEqual(JSON.parse(await Deno.readTextFile(spec)), good);
    }),
});

Deno.test({
  name: "notebooks ends with JupyterLab's exit code",
  ignore,
  fn: () =>
    withHome(async ({ type, addLab }) => {
      await addLab();
      assert.equal((await type("--", "--fail")).code, 5);
    }),
});

Deno.test({
  name: "notebooks says what it does not take",
  ignore,
  fn: () =>
    withHome(async ({ type }) => {
      const cases: [string[], RegExp][] = [
        [["--chek"], /^notebooks: .*no option --chek; did you mean --check\?/],
        [["--check=1"], /--check takes no value, not "1"/],
        [["more"], /notebooks takes no "more"\.\nSee .*notebooks --help/],
      ];
      for (const [args, message] of cases) {
        const { code, err } = await type(...args);
        assert.equal(code, 2);
        assert.match(err, message);
      }
    }),
});
