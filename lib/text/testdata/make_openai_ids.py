"""Writes openai_ids.json: captions and their ids by OpenAI's CLIP tokenizer.

usage: make_openai_ids.py

The steps are those of clip/simple_tokenizer.py of github.com/openai/CLIP, by its
regular expression and with its vocabulary, which stands in ../vocabulary.

Made with ftfy 6.3.1, regex 2026.11.15, Python 3.
"""

import gzip
import html
import json
import pathlib

import ftfy
import regex

HERE = pathlib.Path(__file__).parent
MERGES = HERE.parent / "vocabulary" / "clip_merges.txt.gz"
WORDS = regex.compile(
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|"
    r"[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", regex.IGNORECASE)
CAPTIONS = [
    "a photo of a cat", "cats &amp; dogs", "cats &amp;amp; dogs", "cats &amp dogs",
    "it\u2019s a \u201cred\u201d apple", "the dogs\u2018 \u201ahouse\u201b",
    "rock \u02bcn\u02bc roll \u201elow\u201f quotes", "don&#39;t &quot;stop&quot;",
    "caf&eacute; &ndash; 5 &euro;", "it&rsquo;s &ldquo;here&rdquo;",
    "it&amp;rsquo;s &amp;#x2019;", "<b>bold</b> &amp; it&rsquo;s",
    "&lt;b&gt; it&rsquo;s &lt;/b&gt;", "AT&T and R&D; &nosuch; &", "x&lt y &copy 2024",
    "ein sch\u00c3\u00b6nes M\u00c3\u00a4dchen", "it\u00e2\u20ac\u2122s 20\u00c2\u00b0",
    "a \u00e2\u20ac\u0153quoted\u00e2\u20ac\u009d word", "cat \u00f0\u0178\u02dc\u00ba",
    "sch\u00c3\u0192\u00c2\u00b6n", "S\u00c3O PAULO, \u00c2NGULO", "\u0093C1\u0094 quotes \u0085",
    "\ufb01ne \ufb02u\ufb00y \ufb03x \u0132s \u01c4 \u01f3 \u0149",
    "\uff2c\uff2f\uff35\uff24\u3000\uff11\uff12\uff01", "\uff76\uff80\uff76\uff85",
    "  many   \t spaces\n and lines\r\n", "A\u0000B\ufeffC\u200bD\u206aE",
    "\u039f\u0394\u039f\u03a3 \u03a3\u0391\u03a3", "\u0130stanbul STRASSE \u1e9e",
    "e\u0301 \u212b \u00c5ngstr\u00f6m", "a<|endoftext|>b <|ENDOFTEXT|> c",
    "\u6f22\u5b57 \U0001f3f3\ufe0f\u200d\U0001f308 12ab", "",
    "MARQU\u00c9\u2026 \u00c0 \u00ab Paris \u00bb \u2013 \u00e2ge",
]


def letters() -> dict[int, str]:
    printed = [b for b in range(256) if 32 < b < 127 or 160 < b != 173]
    others = [b for b in range(256) if b not in printed]
    return {b: chr(b) for b in printed} | {
        b: chr(256 + i) for i, b in enumerate(others)
    }


LETTERS = letters()
MERGED = gzip.decompress(MERGES.read_bytes()).decode().splitlines()
RANKS = {tuple(line.split()): rank for rank, line in enumerate(MERGED)}
SYMBOLS = [*LETTERS.values(), *(x + "</w>" for x in LETTERS.values())]
SYMBOLS += [line.replace(" ", "") for line in MERGED]
SYMBOLS += ["<|startoftext|>", "<|endoftext|>"]
IDS = {symbol: i for i, symbol in enumerate(SYMBOLS)}


def clean(text: str) -> str:
    text = ftfy.fix_text(text)
    text = html.unescape(html.unescape(text)).strip()
    return regex.sub(r"\s+", " ", text).strip().lower()


def merge(word: str) -> list[str]:
    if word in ("<|startoftext|>", "<|endoftext|>"):
        return [word]
    parts = [LETTERS[b] for b in word.encode()]
    parts[-1] += "</w>"
    while pairs := [p for p in zip(parts, parts[1:]) if p in RANKS]:
        best, done = min(pairs, key=RANKS.get), []
        while parts:
            size = 2 if tuple(parts[:2]) == best else 1
            done.append("".join(parts[:size]))
            parts = parts[size:]
        parts = done
    return parts


def encode(text: str) -> list[int]:
    words = WORDS.findall(clean(text))
    inner = [IDS[part] for word in words for part in merge(word)]
    return [IDS["<|startoftext|>"], *inner, IDS["<|endoftext|>"]]


assert encode("hello world") == [49406, 3306, 1002, 49407]
rows = [[text, encode(text)] for text in CAPTIONS]
lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
(HERE / "openai_ids.json").write_text(f"[\n{lines}\n]\n")
