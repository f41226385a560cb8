/** `weights`: the models of the repository, and published checkpoints. */

import { readManifest } from "../hub/embedded.ts";
import { UsageError } from "./errors.ts";
import { didYouMean } from "../run/nearest.ts";
import { readOrHelp } from "./options.ts";
import {
  embeddedNames,
  embeddedText,
  findEmbedded,
  rewriteManifest,
  verifyEmbedded,
} from "./weights_embedded.ts";
import {
  publishedNames,
  publishedPath,
  publishedText,
  pull,
  verifyHere,
  verifyPublished,
} from "./weights_published.ts";

const USAGE = `Usage: weights list
       weights pull NAME [FILES] [--like NAME]
       weights verify [NAME]
       weights path NAME
       weights manifest

  list              the models of the repository and their files, and the
                    published checkpoints: size, what is here, licence, origin
  pull NAME         download a published checkpoint (amused-256), a part of one
                    (amused-256/vqvae), or FILES of any repository of the hub
                    (organization/name, or with @revision)
  verify [NAME]     compare the files of NAME, or all that are here, with their
                    SHA-256
  path NAME         where a model, a file, the text encoder or a published
                    checkpoint is
  manifest          write manifest.json again, from the files

  --like NAME       pull the files that this checkpoint has
  --weights FOLDER  models from another folder than that of the repository
  --help            this text

Checkpoints of the hub are kept where other programs keep and find them, by
HF_HOME and HF_HUB_CACHE. HF_TOKEN opens repositories that want a login,
HF_ENDPOINT asks a mirror, HF_HUB_OFFLINE=1 asks nobody.
`;

const OPTIONS = { weights: "value", like: "value", help: "flag" } as const;

/** The names after an action, and its options. */
interface Asked {
  readonly names: readonly string[];
  readonly root: string | undefined;
  readonly like: string | undefined;
}

interface Action {
  /** How few and how many names it takes. */
  readonly names: readonly [number, number];
  run(asked: Asked): Promise<number>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  list: { names: [0, 0], run: list },
  pull: {
    names: [1, Infinity],
    run: ({ names: [name, ...files], like }) => pull(name, files, like),
  },
  verify: { names: [0, 1], run: verify },
  path: { names: [1, 1], run: path },
  manifest: { names: [0, 0], run: ({ root }) => rewriteManifest(root) },
};

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const read = readOrHelp(USAGE, OPTIONS, args);
  if (!read) return 0;
  const { positionals, values } = read;
  const [name, ...names] = positionals;
  if (name === undefined || !Object.hasOwn(ACTIONS, name)) {
    const actions = Object.keys(ACTIONS);
    throw new UsageError(
      name === undefined
        ? `say what to do: ${actions.join(", ")}.`
        : `there is no "weights ${name}"; ${didYouMean(name, actions)}`,
    );
  }
  const action = ACTIONS[name];
  checkCount(name, names, action.names);
  if (values.like !== undefined && name !== "pull") {
    throw new UsageError("--like says what `weights pull` is to pull.");
  }
  return await action.run({ names, root: values.weights, like: values.like });
}

function checkCount(
  action: string,
  names: readonly string[],
  [least, most]: Action["names"],
): void {
  if (names.length >= least && names.length <= most) return;
  const takes = most === 0
    ? "nothing more"
    : least === 0
    ? "at most one name"
    : "one name";
  throw new UsageError(
    `"weights ${action}" takes ${takes}` +
      (names.length > 0 ? `, not "${names.join(" ")}".` : "."),
  );
}

async function list({ root }: Asked): Promise<number> {
  console.log(embeddedText(await readManifest(root)));
  if (root === undefined) console.log(await publishedText());
  return 0;
}

async function verify({ names: [name], root }: Asked): Promise<number> {
  const manifest = await readManifest(root);
  const embedded = await verifyEmbedded(manifest, name);
  // A folder of models is asked about alone.
  if (root !== undefined && embedded !== undefined) return ending(embedded);
  if (name === undefined) return ending(embedded! + await verifyHere());
  if (embedded !== undefined) return ending(embedded);
  await checkName(name, root);
  return ending(await verifyPublished(name));
}

const ending = (damaged: number) => damaged === 0 ? 0 : 1;

async function path({ names: [name], root }: Asked): Promise<number> {
  const path = findEmbedded(await readManifest(root), name);
  if (path === undefined) await checkName(name, root);
  console.log(path ?? await publishedPath(name));
  return 0;
}

/** Refuses what is neither a model's name nor a checkpoint's. */
async function checkName(
  name: string,
  root: string | undefined,
): Promise<void> {
  if (publishedNames().includes(name) || /[/@]/.test(name)) return;
  const embedded = embeddedNames(await readManifest(root)).keys();
  const names = [...embedded, ...publishedNames()];
  throw new UsageError(
    `there are no weights "${name}"; ` +
      didYouMean(name, names, "see `weights list`."),
  );
}
