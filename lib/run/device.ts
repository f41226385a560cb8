/** What computes: the processor, or an accelerator that the runtime knows. */

/** A device, by the runtime's name of what drives it. */
export type Device = "cpu" | "webgpu" | "cuda" | "coreml" | "dml";

/** What a device needs beside the runtime, in words. */
export const NEEDS: Readonly<Record<Device, string>> = {
  cpu: "nothing else",
  webgpu: "a graphics card with a driver for Vulkan, Metal or Direct3D 12",
  cuda: "Linux on x64, an NVIDIA card with its driver, CUDA 12 and cuDNN 9, " +
    "and the runtime's own CUDA libraries, which its package downloads when " +
    "its install script runs",
  coreml: "macOS on Apple's own processors",
  dml: "Windows with Direct3D 12",
};

/** All devices, the usual one first. */
export const DEVICES: readonly Device[] = Object.keys(NEEDS) as Device[];
