/** What computes: the processor, or an accelerator that the runtime knows. */

/** A device, by the runtime's name of what drives it. */
export type Device = "cpu" | "webgpu" | "cuda" | "coreml" | "dml";

/** What a device needs beside the runtime, in words. */
export const NEEDS: Readonly<Record<Device, string>> = {
  cpu: "nothing else",
  webgpu: "a graphics card with a driver for Vulkan (Linux on x64), " +
    "Direct3D 12 (Windows) or Metal (macOS)",
  cuda: "Linux on x64, an NVIDIA card with its driver, CUDA 12, cuDNN 9, and " +
    "the runtime's CUDA libraries, which are too large for its package",
  coreml: "macOS on Apple's own processors",
  dml: "Windows with Direct3D 12",
};

/** All devices, the usual one first. */
export const DEVICES: readonly Device[] = Object.keys(NEEDS) as Device[];

/**
 * What to do where the runtime knows a device and can't have it.
 *
 * @param version of the runtime's package
 */
export function nextStep(device: Device, version: string): string {
  return STEPS[device](version);
}

const STEPS: Readonly<Record<Device, (version: string) => string>> = {
  cpu: () => "",
  webgpu: () =>
    "install the card's driver, on Linux with Vulkan's loader " +
    "(libvulkan.so.1; `vulkaninfo --summary` lists what it finds)",
  // Deno runs no script at an installation without a folder node_modules.
  cuda: (version) =>
    "get those of the runtime once, from NuGet, by " +
    `\`deno run -A npm:onnxruntime-node@${version}/script/install.js\`, and ` +
    "let the loader find CUDA's and cuDNN's own (LD_LIBRARY_PATH)",
  coreml: () => "update macOS",
  dml: () => "update Windows and the card's driver",
};
