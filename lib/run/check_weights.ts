/** Compares a checkpoint with the network it is for. */

import { printShape, sameShape, type Shape } from "../graph/dim.ts";
import { leaves, type Node } from "../graph/node.ts";

/** As many names as an error lists of each kind. */
const LISTED = 20;

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
  const wanted = new Set<string>();
  const missing = new Set<string>();
  const misshaped = new Set<string>();
  // A name may occur twice, and each of its nodes has a shape.
  for (const { op: { name }, shape } of leaves(outputs, "parameter")) {
    wanted.add(name);
    const found = weights.get(name)?.shape;
    if (!found) missing.add(`${name} ${printShape(shape)}`);
    else if (!sameShape(found, shape)) {
      misshaped.add(
        `${name} is ${printShape(found)}, wanted ${printShape(shape)}`,
      );
    }
  }
  const unexpected = [...weights]
    .filter(([name]) => !wanted.has(name) && !unused(name))
    .map(([name, { shape }]) => `${name} ${printShape(shape)}`);
  const problems = [
    ...list("missing", missing),
    ...list("unexpected", unexpected),
    ...list("of another shape", misshaped),
  ];
  if (problems.length === 0) return;
  throw new Error(
    `using the weights ${path}: they are not those of the network; check ` +
      `that the file and the configuration belong together\n` +
      problems.join("\n"),
  );
}

/** Layer 2 comes before layer 10. */
const { compare } = new Intl.Collator("en", { numeric: true });

function list(what: string, lines: Iterable<string>): string[] {
  const sorted = [...lines].sort(compare);
  if (sorted.length === 0) return [];
  const rest = sorted.length - LISTED;
  return [
    `${sorted.length} ${what}:`,
    ...sorted.slice(0, LISTED).map((line) => `  ${line}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}
