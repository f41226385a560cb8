/** What a user got wrong about the command line; ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Does what a part of a command does; if that is called wrongly, the pointer is
 * to the help of the part, which has the options.
 *
 * @param command with the part, such as "eval fid"
 */
export async function asPart<T>(
  command: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError && !helped.has(error)) {
      helped.set(error, command);
    }
    throw error;
  }
}

/** The parts whose help belongs to errors. */
const helped = new WeakMap<UsageError, string>();

/** One sentence on standard error, and the exit code that belongs to it. */
export interface Ending {
  readonly message: string;
  readonly code: number;
}

/**
 * How a command that threw ends: usage errors with 2 and a pointer to the help;
 * everything else with 1.
 */
export function endingOf(error: unknown, command: string): Ending {
  const text = error instanceof Error
    ? error.message || error.name
    : String(error);
  const message = `${command}: ${text}`;
  if (!(error instanceof UsageError)) return { message, code: 1 };
  const help = `See \`deno task ${helped.get(error) ?? command} --help\`.`;
  return { message: `${message}\n${help}`, code: 2 };
}
