/** What people are told where a server gives no file. */

import assert from "node:assert/strict";
import { reply } from "./fake_hub.ts";
import { TINY, withHub } from "./fake_tiny.ts";
import { pullCheckpoint } from "./pull.ts";

Deno.test("pullCheckpoint() says why the hub gives no file", () =>
  withHub(
    async (hub, options) => {
      const gated = options.settings;
      const wrong = { ...options.settings, token: "hf_other" };
      const cases: [string, string, typeof gated, RegExp][] = [
        [
          "some/gated",
          "a",
          gated,
          /is gated \(401\); accept its licence at http.*\/some\/gated, then set HF_TOKEN to a token of that account/,
        ],
        [
          "some/gated",
          "a",
          wrong,
          /is gated \(403\);.*the same account \(the one that is set has no access/,
        ],
        [
          "some/none",
          "a",
          gated,
          /no such repository, or it is private \(401\); check the name, http.*\/some\/none, or set HF_TOKEN/,
        ],
        ["some/none", "a", wrong, /refuses the token \(401, "Invalid username/],
        [
          "some/tiny",
          "a",
          gated,
          /a of some\/tiny@main: its repository has no such file \(404\)/,
        ],
        [
          "some/tiny@v2",
          "a",
          gated,
          /a of some\/tiny@v2: its repository has no such revision/,
        ],
      ];
      for (const [name, file, settings, message] of cases) {
        await assert.rejects(
          pullCheckpoint(name, { ...options, settings, files: [file] }),
          message,
        );
      }
      assert.deepEqual(options.waits, []);
      assert.ok(hub.asked.every(({ server }) => server === "hub"));
    },
    TINY,
    { ...TINY, name: "some/gated", gatedFor: "hf_right" },
  ));

Deno.test("pullCheckpoint() says who forbids a file", () =>
  withHub(async (hub, options) => {
    const { settings } = options;
    const disabled = { "X-Error-Message": "Access is disabled." };
    const pull = (token?: string) =>
      pullCheckpoint("some/tiny", {
        ...options,
        settings: token === undefined ? settings : { ...settings, token },
      });
    hub.intercept(() => reply(403, disabled));
    await assert.rejects(
      pull(),
      /net\/config\.json of some\/tiny@main: the hub forbids it \(403, "Access is disabled\."\); see http.*\/some\/tiny, or set HF_TOKEN/,
    );
    hub.intercept(() => reply(403));
    await assert.rejects(
      pull("hf_narrow"),
      /the hub forbids it \(403\); check that the token of HF_TOKEN may read http.*\/some\/tiny$/,
    );
    hub.intercept(({ server }) =>
      server === "storage" ? reply(403) : undefined
    );
    await assert.rejects(
      pull(),
      /net\/weights\.bin of some\/tiny.*: 127\.0\.0\.1:\d+, where the hub keeps it, refuses \(403\); its addresses end after a while, so try again$/,
    );
    assert.deepEqual(options.waits, []);
  }));
