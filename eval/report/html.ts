/** HTML in which nothing but what is written here is markup. */

/** Markup, as opposed to text. */
export interface Html {
  readonly text: string;
}

/** What may stand in markup; text is escaped, nothing of `undefined` is left. */
export type Part = Html | string | number | undefined | readonly Part[];

/** Markup of a template; text in it is escaped. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const written = parts.map((part, i) => write(part) + strings[i + 1]);
  return { text: strings[0] + written.join("") };
}

/** What is markup already, such as the text of an SVG file. */
export function raw(text: string): Html {
  return { text };
}

/** JSON for a script element, which nothing in it can end. */
export function scriptJson(value: unknown): Html {
  return raw(
    JSON.stringify(value).replaceAll("<", "\\u003c")
      .replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029"),
  );
}

function write(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") {
    return escapeHtml(String(part));
  }
  return "text" in part ? part.text : part.map(write).join("");
}

function escapeHtml(text: string): string {
  return text
    // What no page may hold.
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "\ufffd")
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
