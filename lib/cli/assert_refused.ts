/** For tests: command lines that are refused. */

import assert from "node:assert/strict";
import { UsageError } from "./errors.ts";

/** Asserts that each of them is refused as usage, in one line that fits. */
export function assertRefused(
  read: (args: string[]) => unknown,
  wrong: readonly (readonly [string[], RegExp])[],
): void {
  for (const [args, message] of wrong) {
    assert.throws(() => read(args), (error: Error) => {
      assert.ok(error instanceof UsageError, args.join(" "));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
}
