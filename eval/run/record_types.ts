/** What the files of an evaluation run say; see record.ts for the files. */

/** Choices by name, as a person would write them. */
export type RunChoices = Readonly<Record<string, string | number>>;

/** Where the pictures of a run are from. */
export type RunSource =
  | {
    readonly kind: "model";
    readonly name: string;
    /** Over the hashes of its weights. */
    readonly hash: string;
    /** Settings of the decode, in the form that the options take. */
    readonly settings: RunChoices;
    /** Pixels. */
    readonly width: number;
    /** Pixels. */
    readonly height: number;
    /** Such as "float32". */
    readonly precision: string;
  }
  | {
    readonly kind: "images";
    /** The folder, as it was given. */
    readonly path: string;
    /** Over the pictures' bytes. */
    readonly hash: string;
  };

/** A network that looks at the pictures, and how it is shown them. */
export interface NetworkRecord {
  /** Of its folder, such as "inception", "clip-vit-base-patch32", "probe". */
  readonly name: string;
  /** Which features: "inception", "clip", "dinov2" or "probe". */
  readonly kind: string;
  /** Of its weights. */
  readonly hash: string;
  /** How pictures are prepared for it. */
  readonly resize: string;
  /** What it reads before each caption, if there is something. */
  readonly prefix?: string;
}

/** What the pictures are compared with. */
export interface ReferenceRecord {
  /** Statistics lie beside the record, as `reference.npz`. */
  readonly kind: "pictures" | "statistics";
  /** In words. */
  readonly name: string;
  /** Over names, captions and sizes of its pictures, or its statistics. */
  readonly hash: string;
  /** Pictures; those that can't be read count too. */
  readonly count?: number;
}

/** A metric of a run. */
export interface MetricRecord {
  /** Such as "fid", "clip-score", "judge". */
  readonly metric: string;
  /** By the name of its record. */
  readonly network: string;
  /** The program in whose way it is computed. */
  readonly convention: string;
}

/** Which part of a run: `index` from 1 to `count`. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  /** How many parts there are. */
  readonly count: number;
}

/** What determines the numbers of a run. */
export interface RunRecord {
  /** Of the file. */
  readonly format: "muselab run";
  /** Of the format. */
  readonly version: 1;
  /** "emoji", "coco", "cc3m" … */
  readonly protocol: string;
  /** Where the pictures are from. */
  readonly source: RunSource;
  /** What they are of. */
  readonly samples: {
    readonly count: number;
    /** Picture i is drawn by `seed + i`. */
    readonly seed: number;
    /** Over ids, prompts and seeds, in their order. */
    readonly hash: string;
  };
  /** What they are compared with. */
  readonly reference?: ReferenceRecord;
  /** The protocol's choices: crop, size, which captions … */
  readonly settings: RunChoices;
  /** What looks at them. */
  readonly networks: readonly NetworkRecord[];
  /** The figures that are computed, each in whose way. */
  readonly metrics: readonly MetricRecord[];
  /** Pictures of a block: block b has those from b·block on. */
  readonly block: number;
  /** Which part this is, if it isn't the whole. */
  readonly shard?: Shard;
  /** Of the programs that compute. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One picture of a run, before it is drawn. */
export interface Sample {
  /** Its number, i. */
  readonly index: number;
  /** What the data set calls it, such as "COCO_val2014_000000000042.jpg". */
  readonly id: string;
  /** Of which the picture is drawn. */
  readonly caption: string;
  /** By which it is drawn. */
  readonly seed: number;
  /** Another system's picture; those of a model are below `images`. */
  readonly file?: string;
}

/** A set of pictures, as a figure names it. */
export interface RunSetRecord {
  /** Where it is from. */
  readonly name: string;
  /** Of its features. */
  readonly hash: string;
  /** How many pictures, where that is known. */
  readonly count?: number;
  /** Numbers a picture. */
  readonly width: number;
  /** Whose features they are. */
  readonly network?: string;
  /** SHA-256 of that network's weights. */
  readonly weights?: string;
  /** How pictures were resized. */
  readonly resize?: string;
  /** In which that network was computed. */
  readonly precision?: string;
}

/** One figure, with everything that it depends on. */
export interface RunFigure {
  /** What it is called, such as "FID". */
  readonly title: string;
  /** By which it is asked for, such as "fid", "clip-score", "judge". */
  readonly metric: string;
  /** The program in whose way it was computed. */
  readonly convention: string;
  /** The figure itself. */
  readonly value: number;
  /** Its standard error, where it is a mean over pictures. */
  readonly error?: number;
  /** Over subsets or splits, where there are any. */
  readonly deviation?: number;
  /** Where it lies with 95% confidence. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** What pictures come to that have nothing to do with their captions. */
  readonly chance?: number;
  /** The same figure of the reference: what could be reached. */
  readonly ofReference?: number;
  /** The pictures that it is of. */
  readonly samples: RunSetRecord;
  /** What they were compared with. */
  readonly reference?: RunSetRecord;
  /** Choices that other programs make differently. */
  readonly settings: RunChoices;
  /** What a reader has to know before comparing it. */
  readonly notes: readonly string[];
}

/** The figures of a run. */
export interface RunMetrics {
  /** Of the file. */
  readonly format: "muselab metrics";
  /** Of the format. */
  readonly version: 1;
  /** SHA-256 of `run.json` without its shard. */
  readonly run: string;
  /** All of them. */
  readonly figures: readonly RunFigure[];
  /** How many pictures of the reference and of the set couldn't be used. */
  readonly leftOut: number;
}

/** Numbers of each picture. */
export interface RunScores {
  /** Of the file. */
  readonly format: "muselab scores";
  /** Of the format. */
  readonly version: 1;
  /** By metric. */
  readonly scores: readonly PictureScores[];
}

/** What a metric says of each picture. */
export interface PictureScores {
  /** Such as "clip-score clip-vit-base-patch32". */
  readonly name: string;
  /** What it is called, such as "CLIP score, ViT-B/32". */
  readonly title: string;
  /** Which way is good. */
  readonly better: "higher" | "lower";
  /** One a picture, in the order of `samples.jsonl`. */
  readonly values: readonly number[];
}

/** Something of the data set that couldn't be used. */
export interface LeftOutLine {
  /** What it is called. */
  readonly name: string;
  /** In words. */
  readonly reason: string;
}
