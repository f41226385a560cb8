/** Turns the runtime's telemetry off, unless the user has set its variable. */

const VARIABLE = "ORT_DISABLE_TELEMETRY";

if (Deno.env.get(VARIABLE) === undefined) Deno.env.set(VARIABLE, "1");
