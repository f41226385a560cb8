/** What an edit on the command line is, whatever its kind. */

import type { Box } from "../image/pixel_mask.ts";
import type { FreeEditOptions, Margins } from "../muse/edit_options.ts";
import type { OptionKinds, Options } from "./options.ts";
import type { AskedSettings } from "./setting_forms.ts";

/** How a picture is edited without a mask, apart from which ones are drawn. */
export type FreeSettings = Omit<
  FreeEditOptions,
  "seed" | "keepEvery" | "superresKept" | "bestOf"
>;

/** How a region is drawn. */
export interface Region {
  readonly composite: boolean;
  readonly context: number | undefined;
  /** The model sees all of the picture, at its own size. */
  readonly whole: boolean;
  readonly settings: AskedSettings;
}

/** What is to be done to a picture. */
export type Change =
  | (Region & {
    readonly kind: "inpaint";
    readonly where: { readonly mask: string } | { readonly box: Box };
  })
  | (Region & { readonly kind: "outpaint"; readonly margins: Margins })
  | {
    readonly kind: "vary";
    readonly strength: number;
    readonly whole: boolean;
    readonly settings: AskedSettings;
  }
  | {
    readonly kind: "free";
    readonly keepEvery: number | undefined;
    readonly superresKept: boolean;
    readonly settings: FreeSettings;
  };

/** One kind of edit on the command line. */
export interface ChangeForm {
  /** In the list of all kinds. */
  readonly summary: string;
  /** In its own help. */
  readonly about: string;
  /** How its options read in the help. */
  readonly usage: string;
  readonly options: OptionKinds;
  /**
   * @param values of its options, maybe among others
   * @throws UsageError
   */
  read(values: Readonly<Record<string, string | boolean | undefined>>): Change;
}

/** A form whose `read` knows what its own options are. */
export function form<K extends OptionKinds>(
  own: Omit<ChangeForm, "options" | "read"> & {
    readonly options: K;
    read(values: Options<K>["values"]): Change;
  },
): ChangeForm {
  return {
    ...own,
    read: (values) => own.read(values as Options<K>["values"]),
  };
}
