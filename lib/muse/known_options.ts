/**
 * Options as notebooks give them, whose cells no compiler has read: names that
 * there are not, and kinds that there are not.
 */

import { hint } from "../run/nearest.ts";

/** Each option of a function, so that none is forgotten. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/**
 * The options, the defaults where one is absent or undefined.
 *
 * @param doing what they are for, such as "draw"
 * @throws RangeError for a name that no option has, with the nearest that one
 * has
 */
export function mergeOptions<Options extends object>(
  doing: string,
  names: OptionNames<Options>,
  defaults: Options,
  options: Partial<Options>,
): Options {
  const known = Object.keys(names);
  const given = Object.entries(options)
    .filter(([, value]) => value !== undefined);
  const odd = given.find(([name]) => !known.includes(name));
  if (odd) {
    const [name] = odd;
    throw new RangeError(
      `Cannot ${doing}: found the option ${name}, wanted ` +
        `${known.join(", ")}${hint(name, known)}`,
    );
  }
  return { ...defaults, ...Object.fromEntries(given) };
}

/**
 * Whether an option that has kinds is of one of them.
 *
 * @param example what a plain one looks like
 * @throws RangeError naming the kinds
 */
export function checkKind(
  what: string,
  value: unknown,
  kinds: readonly string[],
  example: string,
): void {
  const { kind } = Object(value) as { readonly kind?: unknown };
  if (kinds.includes(kind as string)) return;
  const found = kind === undefined
    ? Deno.inspect(value)
    : `the kind ${Deno.inspect(kind)}`;
  throw new RangeError(
    `Cannot decode: found ${found} as the ${what}, wanted one of the kinds ` +
      `${kinds.join(", ")}, such as ${example}${hint(kind, kinds)}`,
  );
}
