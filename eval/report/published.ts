/**
 * Tables 1, 2 and 3 of the paper (arXiv 2301.00704, version 1), and what has to
 * be known before anything is compared with them.
 */

/** A row of a table of quality. */
export interface PublishedQuality {
  readonly system: string;
  /** What kind of model, how large: as the paper says. */
  readonly about: string;
  readonly fid: number;
  /** CLIP score, the mean cosine. */
  readonly clip?: number;
}

/** A table of quality that a run can have a row in. */
export interface QualityTable {
  /** The protocols whose runs belong into it. */
  readonly protocol: string;
  readonly title: string;
  /** Which of the paper's tables. */
  readonly source: string;
  /** Samples of the published figures, where they are known. */
  readonly samples?: number;
  readonly rows: readonly PublishedQuality[];
  /** What makes figures hard to compare. */
  readonly caveats: readonly string[];
}

const UNSAID = "The paper does not say which weights of Inception, which " +
  "filter and which CLIP network it used.";

/** Tables 2 and 1. */
export const QUALITY_TABLES: readonly QualityTable[] = [
  {
    protocol: "coco",
    title: "MS-COCO, zero-shot, 256 × 256",
    source: "Table 2; the CLIP scores are of section 3.2",
    samples: 30_000,
    rows: [
      { system: "LAFITE", about: "", fid: 26.94 },
      { system: "DALL-E", about: "autoregressive", fid: 17.89 },
      { system: "LDM", about: "diffusion", fid: 12.63 },
      { system: "GLIDE", about: "diffusion", fid: 12.24 },
      { system: "DALL-E 2", about: "diffusion", fid: 10.39 },
      { system: "Parti-3B", about: "autoregressive, 3B", fid: 8.1 },
      {
        system: "Muse-3B",
        about: "non-autoregressive, 3B",
        fid: 7.88,
        clip: 0.32,
      },
      { system: "Imagen", about: "diffusion, 3.4B", fid: 7.27, clip: 0.27 },
      { system: "Parti-20B", about: "autoregressive, 20B", fid: 7.23 },
    ],
    caveats: [
      `${UNSAID} Neither does it say which captions of COCO, nor which ` +
      "pictures were the reference.",
      "The rows differ in their protocols: LDM compares with 30,000 pictures " +
      "of the validation set, GLIDE and Imagen with all of it, and DALL-E's " +
      "figure is about 28 in GLIDE's table.",
      "Zero-shot means that no COCO picture was trained on, not what else " +
      "was: Muse's data are Imagen's, 460 million pairs.",
      "FID and CLIP score pull against each other through guidance, and the " +
      "paper does not say at which scale its figures are.",
    ],
  },
  {
    protocol: "cc3m",
    title: "CC3M, trained and measured on it",
    source: "Table 1",
    rows: [
      { system: "VQGAN", about: "autoregressive, 600M", fid: 28.86, clip: 0.2 },
      {
        system: "ImageBART",
        about: "diffusion and autoregressive, 2.8B",
        fid: 22.61,
        clip: 0.23,
      },
      { system: "LDM-4", about: "diffusion, 645M", fid: 17.01, clip: 0.24 },
      {
        system: "RQ-Transformer",
        about: "autoregressive, 654M",
        fid: 12.33,
        clip: 0.26,
      },
      {
        system: "Draft-and-revise",
        about: "non-autoregressive, 654M",
        fid: 9.65,
        clip: 0.26,
      },
      {
        system: "Muse, base",
        about: "non-autoregressive, 632M",
        fid: 6.8,
        clip: 0.25,
      },
      {
        system: "Muse, base and super-resolution",
        about: "non-autoregressive, 632M + 268M",
        fid: 6.06,
        clip: 0.26,
      },
    ],
    caveats: [
      `${UNSAID} Neither does it say of how many pictures the figures are, ` +
      "of which split, nor how pictures were cropped.",
      "RQ-Transformer's own program draws one picture for each caption of " +
      "the validation set, squashes the real ones to a square and takes " +
      "CLIP ViT-B/32; others draw 30,000. FID falls with the number of " +
      "pictures, so the rows agree only loosely.",
      "CC3M is a list of addresses, of which fewer work every year: two " +
      "copies of its validation set are not the same set.",
      "All rows were trained on CC3M. A model trained on other pictures is " +
      "another kind of row.",
    ],
  },
];

/** A row of the table of inference times. */
export interface PublishedTime {
  readonly system: string;
  /** Pixels of a side. */
  readonly side: number;
  readonly seconds: number;
  readonly hardware: string;
}

/** Table 3: seconds a batch. */
export const TIME_TABLE: {
  readonly title: string;
  readonly source: string;
  readonly rows: readonly PublishedTime[];
  readonly caveats: readonly string[];
} = {
  title: "Inference time",
  source: "Table 3",
  rows: [
    {
      system: "Stable Diffusion / LDM, 250 steps",
      side: 512,
      seconds: 18.5,
      hardware: "A100",
    },
    { system: "Imagen", side: 1024, seconds: 13.3, hardware: "TPUv4" },
    { system: "Imagen", side: 256, seconds: 9.1, hardware: "TPUv4" },
    { system: "Parti-3B", side: 256, seconds: 6.4, hardware: "TPUv4" },
    {
      system: "Stable Diffusion / LDM, 50 steps",
      side: 512,
      seconds: 3.7,
      hardware: "A100",
    },
    { system: "Muse-3B", side: 512, seconds: 1.3, hardware: "TPUv4" },
    { system: "Muse-3B", side: 256, seconds: 0.5, hardware: "TPUv4" },
  ],
  caveats: [
    "The times are of a batch, and the paper does not say how large one is.",
    "Hardware differs between rows. The time of 50 steps was measured by " +
    "Lambda Labs, not by the authors, and that of 250 is five times it.",
  ],
};
