import assert from "node:assert/strict";
import { markup, raw, scriptJson } from "./html.ts";

Deno.test("markup escapes text, in lists and in attributes, but no markup", () => {
  const evil = `"><script>alert('x')</script>&`;
  const { text } = markup`<p title="${evil}">${[
    evil,
    raw("<b>1</b>"),
  ]}</p>${undefined}${7}`;
  const safe = "&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;" +
    "&#38;";
  assert.equal(text, `<p title="${safe}">${safe}<b>1</b></p>7`);
  assert.equal(markup`${markup`<i>${"<"}</i>`}`.text, "<i>&#60;</i>");
  assert.equal(markup`${"a\0b\x1b"}`.text, "a\ufffdb\ufffd");
});

Deno.test("scriptJson() holds nothing that could end a script", () => {
  const value = { a: "</script><!--", b: "\u2028" };
  const { text } = scriptJson(value);
  assert.doesNotMatch(text, /[<\u2028]/);
  assert.deepEqual(JSON.parse(text), value);
});
