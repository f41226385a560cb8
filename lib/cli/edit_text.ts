/** An edit as text, for the files of its pictures and for `--json`. */

import { basename } from "node:path";
import { bestOfText } from "./candidates.ts";
import type { Change } from "./edit_change.ts";
import type { EditRequest } from "./edit_args.ts";
import type { Scene } from "./edit_scene.ts";
import { adapterText, precisionText, words } from "./generate_text.ts";
import {
  knownSettings,
  SETTING_NAMES,
  type SettingName,
  settingsRecord,
  SUPERRES_NAMES,
} from "./setting_forms.ts";

/** What `--json` prints of something; null for what is absent. */
type Told = string | number | boolean | null;

type Records = {
  readonly [K in Change["kind"]]: (
    change: Extract<Change, { kind: K }>,
  ) => Record<string, Told | undefined>;
};

const RECORDS: Records = {
  inpaint: ({ where, context, whole, composite }) => ({
    mask: "mask" in where ? where.mask : undefined,
    box: "box" in where
      ? [where.box.x, where.box.y, where.box.width, where.box.height].join()
      : undefined,
    context,
    whole: whole || undefined,
    composite,
  }),
  outpaint: ({ margins, context, whole, composite }) => ({
    ...margins,
    context,
    whole: whole || undefined,
    composite,
  }),
  vary: ({ strength, whole }) => ({ strength, whole: whole || undefined }),
  free: ({ settings: { iterations, share } }) => ({ iterations, share }),
};

/** What is done to the picture, apart from the settings of drawing. */
export function changeRecord(change: Change): Record<string, Told> {
  const record = RECORDS[change.kind](change as never);
  const known = Object.entries(record)
    .map(([name, value]) => [name, value ?? null]);
  return { kind: change.kind, ...Object.fromEntries(known) };
}

/** What the free edit has of the settings. */
const FREE_NAMES: readonly SettingName[] = [
  "guidance",
  "temperature",
  "topK",
  "topP",
  "negative",
  ...SUPERRES_NAMES,
];

function namesOf({ kind }: Change): readonly SettingName[] {
  return kind === "free" ? FREE_NAMES : SETTING_NAMES;
}

/** The settings of an edit, as `--json` prints them. */
export function changeSettings(change: Change): Record<string, Told> {
  return settingsRecord(change.settings, namesOf(change));
}

/**
 * The text chunks of a picture: with them and the files that they name it can
 * be drawn again.
 */
export function editText(
  { change, picture, prompt, best, published, run }: EditRequest,
  scene: Scene,
  model: { readonly name: string; readonly hash: string },
  made: Readonly<Record<string, string>>,
): Record<string, string> {
  const { kind, ...record } = changeRecord(change);
  const { mask, ...others } = record;
  const told = {
    ...others,
    mask: typeof mask === "string" ? basename(mask) : null,
    "mask hash": scene.maskHash ?? null,
  };
  const settings = knownSettings(change.settings, namesOf(change));
  const texts = Object.entries({ ...told, ...settings })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [words(name), String(value)]);
  return {
    prompt,
    ...made,
    model: model.name,
    "model hash": model.hash,
    edit: String(kind),
    picture: basename(picture),
    "picture hash": scene.hash,
    ...Object.fromEntries(texts),
    ...bestOfText(best),
    ...adapterText(published),
    ...precisionText(run),
    Software: "Muselab", // a key of the PNG specification
  };
}
