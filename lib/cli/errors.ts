/** What a user got wrong about the command line; ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** One sentence on standard error, and the exit code that belongs to it. */
export interface Ending {
  readonly message: string;
  readonly code: number;
}

/**
 * How a command that threw ends: usage errors, those of node:util's parseArgs
 * included, with 2 and a pointer to the help; everything else with 1.
 */
export function endingOf(error: unknown, command: string): Ending {
  const message = error instanceof Error
    ? error.message || error.name
    : String(error);
  if (!isUsage(error)) return { message: `${command}: ${message}`, code: 1 };
  const help = `See \`deno task ${command} --help\`.`;
  return { message: `${command}: ${message}\n${help}`, code: 2 };
}

function isUsage(error: unknown): boolean {
  return error instanceof UsageError ||
    (error instanceof TypeError && "code" in error &&
      String(error.code).startsWith("ERR_PARSE_ARGS"));
}
