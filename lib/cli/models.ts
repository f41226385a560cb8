/** `models`: the networks of the paper, and those of the embedded model. */

import type { z } from "zod";
import { CELLS } from "../../eval/probe/config.ts";
import { readingOutputs } from "../../eval/probe/network.ts";
import { JUDGE_CONFIG } from "../../eval/probe/training_config.ts";
import { leaves } from "../graph/node.ts";
import { countGflop } from "../graph/products.ts";
import { embeddedPath } from "../hub/embedded.ts";
import { PAPER_NETWORKS, type PaperNetwork } from "../muse/paper.ts";
import { MUSE_CONFIGS } from "../train/config.ts";
import { readConfig } from "../train/config_form.ts";
import { networkGflop, networkShapes } from "../train/shapes.ts";
import { gridSize, type VqganConfig } from "../vqgan/config.ts";
import { readOnlyOptions } from "./options.ts";
import { outputText } from "./output_text.ts";
import { aligned } from "./table.ts";

const USAGE = `Usage: models [options]

Lists the networks of the paper (arXiv 2301.00704) and of mini with their sizes,
numbers of parameters, and GFLOP of one pass over one picture: of a tokenizer
there and back, of a transformer one prediction. A step of training takes three
times as many. The text encoders are not among them.

  --json  the figures as JSON
  --help  this text
`;

/** A network with its sizes. */
export interface ModelSize {
  /** "paper", or the name of an embedded model. */
  readonly model: string;
  readonly network: string;
  readonly layers: string;
  readonly width: string;
  /** Tokens a side; of the judge, cells. */
  readonly grid: string;
  /** Null of the judge, which has none. */
  readonly codes: number | null;
  readonly parameters: number;
  /** As networkGflop() counts them. */
  readonly gflop: number;
  /** What the paper says, if it does. */
  readonly paper: number | null;
  readonly note: string | null;
}

/** Runs the command; returns its exit code. */
export async function run(args: string[]): Promise<number> {
  const kinds = { json: "flag", help: "flag" } as const;
  const values = readOnlyOptions("models", USAGE, kinds, args);
  if (!values) return 0;
  const sizes = [
    ...PAPER_NETWORKS.map((network) => sizeOf("paper", network)),
    ...await miniSizes(),
  ];
  console.log(outputText(values.json, sizes, () => tableText(sizes)));
  return 0;
}

/** The networks that `train` makes by its own configurations. */
async function miniSizes(): Promise<ModelSize[]> {
  const [tokenizer, high, base, superres, decoder] = await Promise.all([
    readMini(MUSE_CONFIGS.tokenizer, "tokenizer"),
    readMini(MUSE_CONFIGS.tokenizer, "tokenizer_high"),
    readMini(MUSE_CONFIGS.base, "base"),
    readMini(MUSE_CONFIGS.superres, "superres"),
    readMini(MUSE_CONFIGS.decoder, "decoder"),
  ]);
  const sides = ({ network }: typeof tokenizer) =>
    `tokenizer of ${network.imageSize} px`;
  const note = "";
  const networks: PaperNetwork[] = [
    { name: sides(tokenizer), kind: "tokenizer", ...tokenizer, note },
    { name: sides(high), kind: "tokenizer", ...high, note },
    {
      name: "with finetuned decoder",
      kind: "tokenizer",
      network: decoder.network,
      note,
    },
    { name: "base", kind: "base", ...base, note },
    { name: "super-resolution", kind: "superres", ...superres, note },
  ];
  return [
    ...networks.map((network) => sizeOf("mini", network)),
    await judgeSize(),
  ];
}

/** The judge of emoji scenes, of which the paper has none. */
async function judgeSize(): Promise<ModelSize> {
  const { network: config } = await readMini(JUDGE_CONFIG, "judge");
  const outputs = Object.values(readingOutputs(config));
  return {
    model: "mini",
    network: "judge",
    layers: config.blocks.join(", "),
    width: config.channels.join(" "),
    grid: `${CELLS}x${CELLS}`,
    codes: null,
    parameters: count(
      leaves(outputs, "parameter").map(({ shape }) => shape as number[]),
    ),
    gflop: countGflop(outputs),
    paper: null,
    note: null,
  };
}

function count(shapes: Iterable<readonly number[]>): number {
  return [...shapes]
    .reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

function readMini<Form extends z.ZodType>(
  form: Form,
  name: string,
): Promise<z.infer<Form>> {
  return readConfig(form, name, embeddedPath(`mini/${name}.json`));
}

function sizeOf(model: string, described: PaperNetwork): ModelSize {
  const { name, kind, network, parameters, note } = described;
  const own = network as VqganConfig;
  return {
    model,
    network: name,
    ...outline(described),
    codes: network.codes,
    parameters: count(networkShapes(kind, own).values()),
    gflop: networkGflop(kind, own),
    paper: parameters ?? null,
    note: note || null,
  };
}

/** The numbers that tell a network from others of its kind. */
function outline(
  { kind, network }: PaperNetwork,
): Pick<ModelSize, "layers" | "width" | "grid"> {
  switch (kind) {
    case "tokenizer": {
      const { encoderBlocks, decoderBlocks, channels } = network;
      const wider = network.decoderWidening ?? 1;
      const side = gridSize(network);
      return {
        layers: `${encoderBlocks}, ${decoderBlocks} a size`,
        width: channels.join(" ") + (wider > 1 ? `, x${wider}` : ""),
        grid: `${side}x${side}`,
      };
    }
    case "base":
      return {
        layers: String(network.layers),
        width: String(network.width),
        grid: network.grid.join("x"),
      };
    case "superres":
      return {
        layers: `${network.lowLayers} + ${network.layers}`,
        width: String(network.width),
        grid: network.grid.join("x"),
      };
  }
}

function tableText(sizes: readonly ModelSize[]): string {
  const head = [
    ...["model", "network", "layers", "width", "grid", "codes"],
    ...["parameters", "GFLOP", "in the paper"],
  ];
  const rows = sizes.map((size) => [
    size.model,
    size.network,
    size.layers,
    size.width,
    size.grid,
    size.codes?.toLocaleString("en") ?? "",
    millions(size.parameters),
    size.gflop.toFixed(1),
    size.paper === null ? "" : paperText(size.parameters, size.paper),
  ]);
  const notes = sizes.flatMap(({ network, note }) =>
    note === null ? [] : [`${network}: ${note}`]
  );
  return [...aligned([head, ...rows]), "", ...notes].join("\n");
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(1)} M`;
}

function paperText(found: number, paper: number): string {
  const off = 100 * (found / paper - 1);
  return `${(paper / 1e6).toFixed(0)} M (${off > 0 ? "+" : ""}${
    off.toFixed(1)
  } %)`;
}
