/** Devices that compute on this machine. */

import type { Device } from "../../lib/run/device.ts";
import { knownDevices } from "../../lib/run/on_device.ts";

/**
 * The devices of which the runtime makes a session here. Each is tried in a
 * process of its own: a driver that ends its process, or writes on standard
 * error, does so there.
 */
export async function findDevices(): Promise<Device[]> {
  const found: Device[] = [];
  for (const device of knownDevices()) {
    if (device === "cpu" || await computes(device)) found.push(device);
  }
  return found;
}

async function computes(device: Device): Promise<boolean> {
  const script = new URL("try_device.ts", import.meta.url).href;
  const permissions = ["-RWES", "--allow-ffi", "--no-prompt"];
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...permissions, script, device],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}
