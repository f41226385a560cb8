import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "./cache_folder.ts";

Deno.test("cacheFolder() is where the environment says, or at home", () => {
  const before = Deno.env.get("XDG_CACHE_HOME");
  try {
    Deno.env.set("XDG_CACHE_HOME", "/some/where");
    assert.equal(cacheFolder(), join("/some/where", "muselab"));
    Deno.env.set("XDG_CACHE_HOME", "");
    assert.equal(cacheFolder(), join(homedir(), ".cache", "muselab"));
  } finally {
    if (before === undefined) Deno.env.delete("XDG_CACHE_HOME");
    else Deno.env.set("XDG_CACHE_HOME", before);
  }
});
