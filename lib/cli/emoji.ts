/** The emoji scenes as commands use them. */

/** Sprites between two lines. */
const TELL_EVERY = 160;

/** Tells how the making of the art goes, which happens once on a machine. */
export function tellSprites(done: number, total: number): void {
  if (done % TELL_EVERY === 0 || done === total) {
    console.error(`Drawing the emoji once: ${done} of ${total}`);
  }
}
