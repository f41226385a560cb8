import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { withFolder } from "../run/temp_folder.ts";
import { hubSettings } from "./settings.ts";

/** Without a token in somebody's home. */
const NOWHERE = { HF_HOME: "nowhere" };

const settings = (variables: Record<string, string>) =>
  hubSettings((name) => variables[name]);

Deno.test("hubSettings() finds the cache as Hugging Face's tools do", () => {
  const cases: [Record<string, string>, string][] = [
    [{}, join(homedir(), ".cache/huggingface/hub")],
    [{ XDG_CACHE_HOME: "/c" }, "/c/huggingface/hub"],
    [{ XDG_CACHE_HOME: "/c", HF_HOME: "/h" }, "/h/hub"],
    [{ HF_HOME: "~/h" }, join(homedir(), "h/hub")],
    [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/o" }, "/o"],
    [{ HF_HUB_CACHE: "/d", HUGGINGFACE_HUB_CACHE: "/o" }, "/d"],
    [{ HF_HOME: "/h", HF_HUB_CACHE: "" }, "/h/hub"],
  ];
  for (const [variables, folder] of cases) {
    assert.equal(settings(variables).hubCache, folder);
  }
});

Deno.test("hubSettings() finds the token, the variable's first", () =>
  withFolder(async (home) => {
    const token = (variables: Record<string, string>) =>
      settings({ HF_HOME: home, ...variables }).token;
    assert.equal(token({}), undefined);
    await Deno.writeTextFile(join(home, "token"), "hf_file\n");
    assert.equal(token({}), "hf_file");
    await Deno.writeTextFile(join(home, "other"), "hf_other\n");
    assert.equal(token({ HF_TOKEN_PATH: join(home, "other") }), "hf_other");
    assert.equal(token({ HUGGING_FACE_HUB_TOKEN: "hf_old" }), "hf_old");
    assert.equal(token({ HF_TOKEN: " hf_new\n" }), "hf_new");
    assert.throws(() => token({ HF_TOKEN: "hf_a hf_b" }), (error: Error) => {
      assert.match(error.message, /token of the hub.*set HF_TOKEN/);
      assert.doesNotMatch(error.message, /hf_a/);
      return true;
    });
  }));

Deno.test("hubSettings() reads what is on and what is off", () => {
  for (const value of ["1", "on", "YES", "True"]) {
    assert.equal(settings({ ...NOWHERE, HF_HUB_OFFLINE: value }).offline, true);
    const name = "HF_HUB_DISABLE_SYMLINKS";
    assert.equal(settings({ ...NOWHERE, [name]: value }).symlinks, false);
  }
  for (const value of ["", "0", "off", "maybe"]) {
    assert.equal(
      settings({ ...NOWHERE, HF_HUB_OFFLINE: value }).offline,
      false,
    );
  }
  assert.equal(settings(NOWHERE).symlinks, true);
});

Deno.test("hubSettings() takes another endpoint, if it is one", () => {
  const endpoint = (HF_ENDPOINT: string) =>
    settings({ ...NOWHERE, HF_ENDPOINT }).endpoint;
  assert.equal(endpoint(""), "https://huggingface.co");
  assert.equal(endpoint("http://127.0.0.1:8/x//"), "http://127.0.0.1:8/x");
  for (const wrong of ["mirror", "ftp://a", "file:///etc"]) {
    assert.throws(() => endpoint(wrong), /Cannot use HF_ENDPOINT/);
  }
});
