/** The form of a network's configuration, as our own files of weights have it. */

import { type Field, isRecord } from "./field.ts";

/** The fields of a configuration, and what makes them fit each other. */
export interface NetworkForm<T> {
  readonly fields: { readonly [Name in keyof T]-?: Field<T[Name]> };
  /** What fields mean that are left out; the others have to be there. */
  readonly missing?: Partial<T>;
  /** What has to hold between the fields. */
  readonly rules: (config: T) => readonly Rule<T>[];
}

/** A field, whether it fits the others, and what is wanted of it. */
export type Rule<T> = readonly [
  field: keyof T & string,
  fits: boolean,
  wanted: string,
];

/** What is wrong with a configuration. */
export interface FormFault {
  /** Undefined where the whole is wrong. */
  readonly field: string | undefined;
  readonly found: unknown;
  readonly wanted: string;
}

/** All that is wrong with a configuration, but for fields of other names. */
export function formFaults<T>(
  form: NetworkForm<T>,
  json: unknown,
): FormFault[] {
  if (!isRecord(json)) {
    const wanted = "an object with the sizes";
    return [{ field: undefined, found: json, wanted }];
  }
  const config = filled(form, json);
  const broken = (rules: readonly Rule<T>[]): FormFault[] =>
    rules.filter(([, fits]) => !fits)
      .map(([field, , wanted]) => ({ field, found: config[field], wanted }));
  const kinds = broken(kindRules(form, config));
  // Sizes that are none can't be compared.
  return kinds.length > 0 ? kinds : broken(form.rules(config as T));
}

/** The form's fields of a configuration. */
function filled<T>(
  { fields, missing }: NetworkForm<T>,
  json: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const usual: Readonly<Record<string, unknown>> = { ...missing };
  return Object.fromEntries(
    Object.keys(fields).map((name) => [
      name,
      json[name] === undefined ? usual[name] : json[name],
    ]),
  );
}

/** That each field holds what it may hold. */
function kindRules<T>(
  { fields }: NetworkForm<T>,
  config: Readonly<Record<string, unknown>>,
): Rule<T>[] {
  const names = Object.keys(fields) as (keyof T & string)[];
  return names.map((name) => {
    const { holds, wanted } = fields[name];
    return [name, holds(config[name]), wanted];
  });
}

/**
 * Reads the configuration that a file of weights comes with.
 *
 * @param network what is configured, with its file, for errors
 * @throws Error naming the network and all fields that are wrong
 */
export function parseNetwork<T>(
  form: NetworkForm<T>,
  network: string,
  json: unknown,
): T {
  const faults = formFaults(form, json);
  if (faults.length === 0) {
    return filled(form, json as Readonly<Record<string, unknown>>) as T;
  }
  throw new Error(
    `Cannot load the ${network}: ${faultsText(faults)}; export it again`,
  );
}

/**
 * Checks a configuration that a program gives.
 *
 * @param doing what the network is for, such as "make a base transformer"
 * @throws RangeError naming all fields that are wrong
 */
export function checkNetwork<T>(
  form: NetworkForm<T>,
  doing: string,
  config: T,
): void {
  const faults = formFaults(form, config);
  if (faults.length === 0) return;
  throw new RangeError(
    `Cannot ${doing}: ${faultsText(faults)}; choose other sizes`,
  );
}

function faultsText(faults: readonly FormFault[]): string {
  return faults.map(({ field, found, wanted }) => {
    const what = field === undefined ? "" : `"${field}" of `;
    return `${what}its network is ${JSON.stringify(found)}, wanted ${wanted}`;
  }).join("; ");
}
