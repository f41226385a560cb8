/** The end of a training that went too far. */

/**
 * Whether training can go on from a step.
 *
 * @param step steps done
 * @param next what to do where it can't
 * @throws Error naming the number that is not finite
 */
export function checkFinite(
  numbers: Readonly<Record<string, number>>,
  step: number,
  next: string,
): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (Number.isFinite(value)) continue;
    throw new Error(
      `Cannot train any further: ${name} is ${value} after step ${step}; ` +
        next,
    );
  }
}
