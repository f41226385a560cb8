/** How much memory this process took. */

import process from "node:process";

/**
 * What a new process has on Linux before it took anything: the most that the
 * one which started it ever had.
 */
const inherited = mostResident();

/**
 * The most resident memory that this process ever had, in MB. Where it has not
 * outgrown the one which started it, nobody says, and it is what it has now.
 */
export function peakMemory(): number {
  const most = mostResident();
  return (most > inherited ? most : process.memoryUsage().rss) / 1e6;
}

function mostResident(): number {
  return process.resourceUsage().maxRSS * 1024; // told in kB
}
