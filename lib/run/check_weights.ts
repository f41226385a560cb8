/** Compares a checkpoint with the network it is for. */

import { printShape, sameShape, type Shape } from "../graph/dim.ts";
import { leaves, type Node } from "../graph/node.ts";

/** As many names as an error lists of each kind. */
const LISTED = 6;

/**
 * Checks that a file holds the parameters the outputs depend on, with their
 * shapes, and nothing else.
 * @param path the file, for the error
 * @param unused tells names that may be there and are not read
 * @throws one error with all that is missing, unexpected or of another shape
 */
export function checkWeights(
  path: string,
  weights: ReadonlyMap<string, { readonly shape: Shape }>,
  outputs: Iterable<Node>,
  unused: (name: string) => boolean = () => false,
): void {
  const wanted = new Map(
    leaves(outputs, "parameter").map(({ op, shape }) => [op.name, shape]),
  );
  const missing: string[] = [];
  const misshaped: string[] = [];
  for (const [name, shape] of wanted) {
    const found = weights.get(name)?.shape;
    if (!found) missing.push(`${name} ${printShape(shape)}`);
    else if (!sameShape(found, shape)) {
      misshaped.push(
        `${name} is ${printShape(found)}, wanted ${printShape(shape)}`,
      );
    }
  }
  const unexpected = [...weights.keys()].filter((name) =>
    !wanted.has(name) && !unused(name)
  );
  const problems = [
    list("missing", missing),
    list("unexpected", unexpected),
    list("of another shape", misshaped),
  ].filter((line) => line !== "");
  if (problems.length === 0) return;
  throw new Error(
    `using the weights ${path}: they are not those of the network;\n` +
      problems.join("\n"),
  );
}

function list(what: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const rest = names.length - LISTED;
  const lines = names.slice(0, LISTED).join("; ");
  return `  ${names.length} ${what}: ${lines}` +
    (rest > 0 ? `; and ${rest} more` : "");
}
