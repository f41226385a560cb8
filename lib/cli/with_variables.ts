/** For tests: environment variables that are put back afterwards. */

import type { FakeHub } from "../hub/fake_hub.ts";

/** Sets variables, or removes those that are undefined, while something runs. */
export async function withVariables<Result>(
  variables: Readonly<Record<string, string | undefined>>,
  use: () => Promise<Result>,
): Promise<Result> {
  const before = Object.keys(variables).map((name) =>
    [name, Deno.env.get(name)] as const
  );
  const set = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  try {
    for (const name in variables) set(name, variables[name]);
    return await use();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

/** Variables of somebody who has an empty home and knows this hub only. */
export function hubVariables(
  { endpoint }: Pick<FakeHub, "endpoint">,
  folder: string,
): Record<string, string | undefined> {
  return {
    HF_ENDPOINT: endpoint,
    HF_HOME: `${folder}/huggingface`,
    XDG_CACHE_HOME: `${folder}/cache`,
    HF_HUB_CACHE: undefined,
    HUGGINGFACE_HUB_CACHE: undefined,
    HF_TOKEN: undefined,
    HUGGING_FACE_HUB_TOKEN: undefined,
    HF_TOKEN_PATH: undefined,
    HF_HUB_OFFLINE: undefined,
    HF_HUB_DISABLE_SYMLINKS: undefined,
  };
}
