import assert from "node:assert/strict";
import { retryAfter } from "./refusals.ts";
import { nextHop } from "./request.ts";

Deno.test("nextHop() follows addresses, but not away from encryption", () => {
  const from = new URL("https://hub.example/some/tiny");
  const to = (location: string | null, start = from) =>
    String(nextHop(start, location));
  assert.equal(to("/other?x=1"), "https://hub.example/other?x=1");
  assert.equal(to("https://cdn.example/a"), "https://cdn.example/a");
  assert.match(to("http://cdn.example/a"), /which is not encrypted/);
  assert.match(to("file:///etc/passwd"), /which is not encrypted/);
  assert.match(to("https://"), /redirects to no address/);
  assert.match(to(null), /redirects to no address/);
  const plain = new URL("http://127.0.0.1:80/");
  assert.equal(to("http://127.0.0.1:81/a", plain), "http://127.0.0.1:81/a");
});

Deno.test("retryAfter() reads seconds and dates", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const read = (text: string) =>
    retryAfter(new Headers({ "Retry-After": text }), now);
  assert.equal(read("7"), 7000);
  assert.equal(read("Thu, 01 Jan 2026 00:00:30 GMT"), 30_000);
  assert.equal(read("Wed, 31 Dec 2025 00:00:30 GMT"), 0);
  assert.equal(read("soon"), undefined);
  assert.equal(retryAfter(new Headers(), now), undefined);
});
