/** What of a scene a picture of its caption shows. */

import { backgroundColours } from "../../datasets/emoji/scene.ts";
import type { Scene } from "../../datasets/mod.ts";
import type { Reading, ReadObject } from "./reading.ts";
import { relationOf } from "./relation.ts";

/** What is asked of a picture. */
export const QUESTIONS = [
  "object",
  "count",
  "background",
  "relation",
  "style",
  "tint",
] as const;
/** A question. */
export type Question = typeof QUESTIONS[number];

/** One question about one picture, answered. */
export interface Answer {
  /** What was asked. */
  readonly question: Question;
  /** What the scene has there: the kind, the number, the colour … */
  readonly truth: string;
  /** Whether the picture shows the same. */
  readonly right: boolean;
}

/** The judgement of one picture. */
export interface Verdict {
  /** To every question that the scene raises. */
  readonly answers: readonly Answer[];
  /** Whether it shows every kind of the scene and no other. */
  readonly kindsRight: boolean;
  /** How many kinds it shows. */
  readonly kinds: number;
}

/** The truth about a background of two colours. */
const GRADIENT = "gradient";

/**
 * Compares a picture with the scene its caption came from.
 *
 * - `object`, for each kind of the scene: whether the picture shows it at all.
 * - `count`, for each kind that it shows: whether there are as many.
 * - `tint`, for each kind that it shows: whether most of them have the tint.
 * - `relation`, where the scene has one and the picture both kinds.
 * - `background`: all its colours, in any order.
 * - `style`.
 *
 * What is not shown is thus one mistake and not three.
 */
export function judgeReading(reading: Reading, scene: Scene): Verdict {
  const byKind = Map.groupBy(reading.objects, ({ kind }) => kind);
  const answers: Answer[] = [];
  const answer = (question: Question, truth: string, right: boolean) =>
    answers.push({ question, truth, right });
  for (const { kind, tint, boxes } of scene.groups) {
    const found = byKind.get(kind);
    answer("object", kind, found !== undefined);
    if (!found) continue;
    answer("count", String(boxes.length), found.length === boxes.length);
    answer("tint", tint ?? "own", mostTint(found) === tint);
  }
  const [first, second] = scene.groups.map(({ kind }) => byKind.get(kind));
  if (scene.relation !== null && first && second) {
    const boxes = [first, second].map((some) => some.map(({ box }) => box));
    const found = relationOf(boxes[0], boxes[1]);
    answer("relation", scene.relation, found === scene.relation);
  }
  const colours = backgroundColours(scene.background);
  const { background, style } = reading;
  answer(
    "background",
    colours.length > 1 ? GRADIENT : colours[0],
    background.length === colours.length &&
      colours.every((colour) => background.includes(colour)),
  );
  answer("style", scene.style, style === scene.style);
  const kindsRight = byKind.size === scene.groups.length &&
    scene.groups.every(({ kind }) => byKind.has(kind));
  return { answers, kindsRight, kinds: byKind.size };
}

/** The commonest tint, of equally common ones that of the surest object. */
function mostTint(objects: readonly ReadObject[]): ReadObject["tint"] {
  const groups = Map.groupBy(objects, ({ tint }) => tint);
  return [...groups].reduce((a, b) => b[1].length > a[1].length ? b : a)[0];
}
