/** What differs between two configurations. */

import { isRecord } from "../run/field.ts";

/** A field that two configurations don't agree on. */
export interface ConfigChange {
  /** Such as "training.optimizer.beta1". */
  readonly field: string;
  /** As JSON; "missing" where there is none. */
  readonly before: string;
  readonly after: string;
}

/** Fields that differ, in whatever order the two have theirs. */
export function configChanges(
  before: unknown,
  after: unknown,
  field = "",
): ConfigChange[] {
  if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      configChanges(
        before[name],
        after[name],
        field ? `${field}.${name}` : name,
      )
    );
  }
  const [from, to] = [before, after].map((value) =>
    JSON.stringify(value) ?? "missing"
  );
  return from === to ? [] : [{ field, before: from, after: to }];
}
