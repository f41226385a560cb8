/** COCO's archives as its authors publish them. */

/** A file to download. */
export interface DataFile {
  /** Below the address of the data set. */
  readonly path: string;
  readonly bytes: number;
  readonly md5: string;
  readonly sha256: string;
}

/** Where they are; the authors' own address knows no encryption. */
export const COCO_ADDRESS = "https://s3.amazonaws.com/images.cocodataset.org";

/** Under what they may be used. */
export const COCO_LICENCE =
  "annotations CC BY 4.0; the pictures are Flickr's users', by Flickr's terms";

const ANNOTATIONS_2014: DataFile = {
  path: "annotations/annotations_trainval2014.zip",
  bytes: 252_872_794,
  md5: "0a379cfc70b0e71301e0f377548639bd",
  sha256: "031296bbc80c45a1d1f76bf9a90ead27e94e99ec629208449507a4917a3bf009",
};
const ANNOTATIONS_2017: DataFile = {
  path: "annotations/annotations_trainval2017.zip",
  bytes: 252_907_541,
  md5: "f4bbac642086de4f52a3fdda2de5fa2c",
  sha256: "113a836d90195ee1f884e704da6304dfaaecff1f023f49b6ca93c4aaae470268",
};

/** The files of each split: its captions, then its pictures. */
export const COCO_SPLITS: Readonly<Record<string, readonly DataFile[]>> = {
  val2014: [ANNOTATIONS_2014, {
    path: "zips/val2014.zip",
    bytes: 6_645_013_297,
    md5: "a3d79f5ed8d289b7a7554ce06a5782b3",
    sha256: "fe9be816052049c34717e077d9e34aa60814a55679f804cd043e3cbee3b9fde0",
  }],
  train2014: [ANNOTATIONS_2014, {
    path: "zips/train2014.zip",
    bytes: 13_510_573_713,
    md5: "0da8c0bd3d6becc4dcb32757491aca88",
    sha256: "ede4087e640bddba550e090eae701092534b554b42b05ac33f0300b984b31775",
  }],
  val2017: [ANNOTATIONS_2017, {
    path: "zips/val2017.zip",
    bytes: 815_585_330,
    md5: "442b8da7639aecaf257c1dceb8ba8c80",
    sha256: "4f7e2ccb2866ec5041993c9cf2a952bbed69647b115d0f74da7ce8f4bef82f05",
  }],
};
