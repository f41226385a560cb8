/**
 * Waits for work, but not longer than some seconds. @throws
 * Deno.errors.TimedOut, which says what was given up.
 */
export async function within<T>(
  seconds: number,
  what: string,
  work: Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        new Deno.errors.TimedOut(`Gave up on ${what} after ${seconds} s.`),
      ),
    seconds * 1000,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
