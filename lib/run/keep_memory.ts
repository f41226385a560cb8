/** Memory that a program frees and soon wants again. */

/** Settings of glibc's mallopt(), by the numbers of its malloc.h. */
const TRIM_THRESHOLD = -1;
const MMAP_MAX = -4;

/**
 * Makes the C library keep the memory that the main thread frees, if it is
 * glibc. A training step copies its state out into new arrays and drops the
 * old ones: given back to the system, their pages have to be had again and
 * cleared one by one, which took 3% to 25% of a step.
 *
 * It is for the whole process and can't be undone: commands may, libraries not.
 */
export function keepFreedMemory(): void {
  if (Deno.build.os !== "linux") return;
  const mallopt = { parameters: ["i32", "i32"], result: "i32" } as const;
  let library;
  try {
    library = Deno.dlopen("libc.so.6", { mallopt });
  } catch {
    return; // another C library
  }
  library.symbols.mallopt(TRIM_THRESHOLD, -1); // never
  library.symbols.mallopt(MMAP_MAX, 0); // everything in the heap
  library.close();
}
