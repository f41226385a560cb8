/** A scene: everything a picture shows, as a plain record. */

import type { BackgroundName, Tint } from "./colours.ts";

/** The drawing styles. */
export const STYLES = ["3d", "flat"] as const;
/** A drawing style. */
export type Style = (typeof STYLES)[number];

/** How two groups can stand to each other. */
export const RELATIONS = [
  "left of",
  "right of",
  "above",
  "below",
  "in front of",
] as const;
/** A relation: the first group is left of (above, …) the second one. */
export type Relation = (typeof RELATIONS)[number];

/** Sizes, relative to what the layout leaves an object. */
export const SIZES = ["small", "medium", "large"] as const;
/** A size; medium is what captions leave unsaid. */
export type Size = (typeof SIZES)[number];

/** Where a gradient leads. */
export const DIRECTIONS = ["down", "across", "diagonal"] as const;
/** The direction of a gradient. */
export type Direction = (typeof DIRECTIONS)[number];

/** What stands behind the objects. */
export type Background =
  | { readonly type: "plain"; readonly colour: BackgroundName }
  | {
    readonly type: "gradient";
    readonly from: BackgroundName;
    readonly to: BackgroundName;
    readonly direction: Direction;
  };

/** A square that holds one object; the picture is the unit square. */
export interface Box {
  /** The left edge. */
  readonly x: number;
  /** The upper edge. */
  readonly y: number;
  /** The length of a side. */
  readonly side: number;
}

/** Objects of one kind. */
export interface Group {
  /** The kind's name; see `kindOf`. */
  readonly kind: string;
  /** The colour it was tinted, null when it kept its own. */
  readonly tint: Tint | null;
  /** Medium unless captions say otherwise. */
  readonly size: Size;
  /** One box an object: 1 to 4. */
  readonly boxes: readonly Box[];
}

/** A scene of one to three groups. */
export interface Scene {
  /** The art that everything is drawn with. */
  readonly style: Style;
  /** What stands behind the objects. */
  readonly background: Background;
  /** From front to back. */
  readonly groups: readonly Group[];
  /** How the first group stands to the second, if that was arranged. */
  readonly relation: Relation | null;
}

/** The colours of a background: one, or two of a gradient. */
export function backgroundColours(
  background: Background,
): readonly BackgroundName[] {
  return background.type === "plain"
    ? [background.colour]
    : [background.from, background.to];
}
