/**
 * For tests: where Deno keeps packages. By default that depends on
 * XDG_CACHE_HOME; a child with another one is told by DENO_DIR, so that it does
 * not download them again.
 */
export async function denoFolder(): Promise<string> {
  const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] });
  const { stdout } = await info.output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}
