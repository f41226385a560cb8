/** Sessions on devices, and what is missing where there can be none. */

import { env, listSupportedBackends } from "./ort.ts";
import { type Device, DEVICES, NEEDS, nextStep } from "./device.ts";

/** The devices that this build of the runtime knows; more may be missing. */
export function knownDevices(): readonly Device[] {
  const names = new Set(listSupportedBackends().map(({ name }) => name));
  return DEVICES.filter((device) => names.has(device));
}

/**
 * Makes something on a device.
 * @throws Error with what the runtime says, and naming what the device needs,
 * if it fails there
 */
export async function onDevice<T>(
  device: Device,
  make: () => Promise<T>,
): Promise<T> {
  if (device === "cpu") return await make();
  const known = knownDevices();
  if (!known.includes(device)) {
    throw new Error(
      `Cannot run on ${device}: it needs ${NEEDS[device]}; the runtime's ` +
        `package for ${Deno.build.os} on ${Deno.build.arch} has ` +
        `${known.join(", ")}: choose one of these`,
    );
  }
  try {
    return await make();
  } catch (error) {
    // Nothing but its words tells a missing driver from too little memory or
    // an operation that the device lacks.
    throw new Error(
      `Cannot run on ${device}: the runtime says: ${saidIn(error)}. If the ` +
        `device itself is not found: it needs ${NEEDS[device]}; ` +
        nextStep(device, env.versions.node ?? ""),
      { cause: error },
    );
  }
}

/** What the runtime says, in one line, without the place in its own source. */
function saidIn(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.trim().replaceAll(/\s+/g, " ");
  return line.replace(/^\S+\.(cc|h):\d+ /, "").replace(/\.$/, "");
}
