"""Writes clip_ids.json.gz: strings and their ids by CLIP's tokenizer.

usage: make_clip_ids.py

The strings are those of unigram_ids.json, which make_unigram.py makes, whose
place alone is recorded, and those below. Ids are by transformers'
CLIPTokenizer with the whole vocabulary. Also writes clip_tokenizer.json: the
form that transformers saves, with the first 300 merges.

Made with transformers 5.23.0, tokenizers 0.23.3.
"""

import gzip
import json
import pathlib
import tempfile

from transformers import CLIPTokenizer

HERE = pathlib.Path(__file__).parent
MERGES = HERE.parent / "vocabulary" / "clip_merges.txt.gz"
SPACES = [9, 10, 11, 12, 13, 0x1C, 0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x180E,
          *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x2060,
          0x3000, 0xFEFF]
STRINGS = [
    "hello world", "a photo of a cat", "A Photo OF a CAT.",
    "it's we'll I'D they'RE you've I'm 'Tis", "'s's 't''d '", "don\u2019t",
    "<|endoftext|>", "a <|startoftext|> b<|endoftext|>c", "<|ENDOFTEXT|>",
    "x<|EndOfText|>y", "<|STARTOFTEXT|><|endoftext|>", "<|endoftext|",
    " <|ENDOFTEXT|> ", "<|endoftext|><|ENDOFTEXT|>",
    "2024 12,345.67 x\u00b2 \u0663\u0664 \u2167", "ab12cd", "___", "a_b-c/d",
    "&lt;b&gt; &amp;amp; &#39;", "ΑΣ ΣΑΣ ΣΊΣΥΦΟΣ. Σ", "İI ıi ẞß ŉ", "ǅ ﬁ",
    "e\u0301 \u00e9 A\u030a \u212b", "\ud55c\u1112\u1161\u11ab",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcano",
    "🏳️\u200d🌈🇩🇪👩🏽\u200d🚀", "a" * 3000, "the quick brown fox " * 300,
    "é漢🍎" * 200, "!?" * 500, "0" * 200,
    *(f"red{chr(code)}apple{chr(code)}" for code in SPACES),
    *(f"{chr(code)} a{chr(code)}b" for code in range(0x20)),
]


def write(name: str, value) -> None:
    text = json.dumps(value, separators=(",", ":"))
    data = text.encode() if name.endswith(".json") else gzip.compress(
        text.encode(), 9, mtime=0
    )
    (HERE / name).write_bytes(data)


def open_tokenizer(merges: list[str]) -> CLIPTokenizer:
    printed = [b for b in range(256) if 32 < b < 127 or 160 < b != 173]
    letters = [chr(b) for b in printed]
    letters += [chr(256 + i) for i in range(256 - len(printed))]
    symbols = letters + [letter + "</w>" for letter in letters]
    symbols += [merge.replace(" ", "") for merge in merges]
    symbols += ["<|startoftext|>", "<|endoftext|>"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        vocab = {symbol: i for i, symbol in enumerate(symbols)}
        (folder / "vocab.json").write_text(json.dumps(vocab))
        lines = "".join(f"{merge}\n" for merge in merges)
        (folder / "merges.txt").write_text(f"#version: 0.2\n{lines}")
        return CLIPTokenizer.from_pretrained(folder)


merges = gzip.decompress(MERGES.read_bytes()).decode().splitlines()
assert len(merges) == 48894
tokenizer = open_tokenizer(merges)
assert tokenizer("hello world")["input_ids"] == [49406, 3306, 1002, 49407]
rows = json.loads((HERE / "unigram_ids.json").read_text())["rows"]
strings = [text for text, _ in rows] + STRINGS
write("clip_ids.json.gz", {
    "strings": STRINGS,
    "ids": [tokenizer(text)["input_ids"] for text in strings],
})
small = open_tokenizer(merges[:300]).backend_tokenizer.to_str()
write("clip_tokenizer.json", json.loads(small))
