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
    if (isUsage(error) && !helped.has(error)) helped.set(error, command);
    throw error;
  }
}

/** The parts whose help belongs to errors. */
const helped = new WeakMap<Error, string>();

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
  const text = error instanceof Error
    ? error.message || error.name
    : String(error);
  const helpedBy = error instanceof Error ? helped.get(error) : undefined;
  const help = `See \`deno task ${helpedBy ?? command} --help\`.`;
  if (error instanceof UsageError) {
    return { message: `${command}: ${text}\n${help}`, code: 2 };
  }
  if (isParseArgs(error)) {
    // What follows the first sentence is about programming.
    const sentence = `${text.split(". ")[0].replace(/\.$/, "")}.`;
    return { message: `${command}: ${sentence}\n${help}`, code: 2 };
  }
  return { message: `${command}: ${text}`, code: 1 };
}

function isUsage(error: unknown): error is Error {
  return error instanceof UsageError || isParseArgs(error);
}

function isParseArgs(error: unknown): error is TypeError {
  return error instanceof TypeError && "code" in error &&
    String(error.code).startsWith("ERR_PARSE_ARGS");
}
