/**
 * What OpenAI's tokenizer of CLIP does to a text before it is split, which
 * transformers' leaves out: ftfy 6.3, `html.unescape` twice, Python's `lower`.
 * What both do, such as one space between words, is left to the tokenizer.
 */

import { decodeHTML, decodeHTMLStrict } from "entities/decode";

/**
 * A text as OpenAI's tokenizer reads it: `&amp;` is `&`, curly quotes are
 * straight, full-width letters and ligatures are plain ones.
 *
 * Patch: of what ftfy repairs of texts that were read in a wrong encoding, this
 * does UTF-8 that was taken for Latin-1 or Windows-1252 (`schÃ¶n`), in letters
 * of Western Europe, punctuation and emoji; not what was read as MacRoman,
 * Cyrillic or code page 437, nor what lost bytes on its way.
 */
export function openAiText(text: string): string {
  // Where there may be tags, ftfy leaves HTML to the two rounds after it.
  const isPlain = !text.includes("<");
  let fixed = text;
  for (let before = ""; fixed !== before;) {
    before = fixed;
    fixed = fixOnce(isPlain ? decodeHTMLStrict(before) : before);
  }
  // JavaScript lowers as Python does, the last sigma of a word included.
  return decodeHTML(decodeHTML(fixed)).toLowerCase();
}

/** One round of ftfy's, in its order. */
function fixOnce(text: string): string {
  return text
    .replace(MANGLED, decodedAgain)
    .replace(/[\x80-\x9f]/g, (letter) => CP1252[letter.charCodeAt(0)])
    .replace(LIGATURES, (letter) => letter.normalize("NFKD"))
    .replaceAll("ŉ", "'n")
    .replace(/[\u3000\uff01-\uffef]/g, (letter) => letter.normalize("NFKC"))
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(CONTROLS, "")
    .normalize("NFC");
}

/** Of Latin letters; DŽ and its like keep their caron. */
const LIGATURES = /[\u0132\u0133\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06]/g;

// deno-lint-ignore no-control-regex -- they are what is removed
const CONTROLS = /[\0-\x08\v\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

/** Each byte's letter; bytes that Windows-1252 lacks are controls. */
const CP1252 = [
  ...new TextDecoder("windows-1252").decode(
    Uint8Array.from({ length: 256 }, (_, byte) => byte),
  ),
];

/**
 * Letters of UTF-8's bytes for U+0080 to U+00FF, for punctuation and the like
 * from U+2000 to U+2BFF, and for emoji: such as hardly stand together otherwise.
 */
const MANGLED = (() => {
  const inner = `[\x80-\xbf${CP1252.slice(0x80, 0xa0).join("")}]`;
  return new RegExp(
    `[ÂÃ]${inner}|â${inner}${inner}|ð[\x9fŸ]${inner}${inner}`,
    "g",
  );
})();

function decodedAgain(letters: string): string {
  const bytes = Array.from(letters, (letter) => {
    const code = letter.charCodeAt(0);
    return code < 256 ? code : CP1252.indexOf(letter);
  });
  // What isn't UTF-8 was meant as it stands.
  const decoded = new TextDecoder().decode(Uint8Array.from(bytes));
  return decoded.includes("\ufffd") ? letters : decoded;
}
