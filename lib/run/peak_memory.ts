/** How much memory this process took. */

import process from "node:process";

/** The most resident memory that this process ever had, in MB. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024 / 1e6; // told in kB
}
