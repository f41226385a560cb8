"""Writes bert_ids.json.gz: strings and their ids by the library `tokenizers`
with MiniLM's tokenizer.json.

usage: make_bert_ids.py

The strings are those of unigram_ids.json, which make_unigram.py makes, whose
place alone is recorded, and those below. Characters younger than Unicode 3.2
occur below only as emoji: what a category says of a new character depends on
the Unicode version of each library.

Made with tokenizers 0.23.3.
"""

import gzip
import json
import pathlib
import random
import unicodedata

from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
random.seed(1)

CAPTIONS = [
    f"{count} {color} {thing} {place}, {style}"
    for count, color, thing, place, style in zip(
        ["a", "two", "3", "A", "some", "four", "one", "Two small"],
        ["red", "dark-blue", "yellow", "GREEN", "orange", "pink", "grey", ""],
        ["apples", "jack-o'-lanterns", "T-Rexes", "snails", "hearts", "moais",
         "croissants", "hot dogs"],
        ["above a cat", "to the left of a dog", "on a blue background",
         "in front of the tree", "below a rainbow", "beside a 1st-aid kit",
         "behind a bicycle", "under an umbrella"],
        ["flat style", "3D", "glossy 3d render", "flat icon", "cartoon",
         "emoji", "sticker", "pixel art"],
    )
]

LINES = """
Ein roter Apfel über einem schlafenden Kätzchen; Größe: 5 cm.
Une pomme rouge à côté d'un château — déjà vu, naïve, œuvre, façade.
¿Dónde está el niño? ¡Aquí! Señor Ñandú, corazón, pingüino.
Красное яблоко над спящей кошкой. Ёлка, йогурт, Київ, їжак.
Ένα κόκκινο μήλο πάνω από μια γάτα. ΣΊΣΥΦΟΣ ΟΔΟΣ σοφός
تفاحة حمراء فوق قطة نائمة. مُحَمَّد ١٢٣
תפוח אדום מעל חתול ישן. שָׁלוֹם
眠っている猫の上の二つの赤いりんご。がぎぐげご ｶﾞｷﾞ パピプ
一只红苹果在睡觉的猫上面，三個蘋果。𠮷野家 㐀㐁 豈更車
잠자는 고양이 위에 빨간 사과 두 개. 각 한글 자모 ㄱㄴ
नींद में बिल्ली के ऊपर लाल सेब। क्षत्रिय किताबें
แอปเปิ้ลสีแดงเหนือแมวที่กำลังหลับ น้ำ
Hai quả táo đỏ phía trên con mèo đang ngủ. Nguyễn Thị Ánh Tuyết
İstanbul'da kırmızı bir elma, ışık, ĞÜŞİÖÇ ğüşıöç
Czerwone jabłko, żółć, Łódź, ŁÓDŹ; příliš žluťoučký kůň
ქართული ენა, Հայերեն լեզու, አማርኛ, தமிழ் மொழி, বাংলা ভাষা, ລາວ, မြန်မာ
ß ẞ ﬀ ﬁ ﬂ ﬃ ﬅ Ǆ ǅ ǆ ŉ ǰ ΐ ΰ և ẖ ẗ ẘ ẙ ẚ K Å Ω ℃ ℉ № ™ ½ ² ³ ¹ ª º
𝐇𝐞𝐥𝐥𝐨 𝒲𝑜𝓇𝓁𝒹 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 Ｆｕｌｌ ｗｉｄｔｈ １２３ ﹝small﹞
🍕 🍎🍎 👨‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇩🇪🇯🇵 ☀️ ☀ ❤️‍🔥 ©️ ®️ ™️ #️⃣ 🧑🏿‍🚀 😀😃😄😁😆😅😂🤣 ✂️ ⚽️
“quotes” ‘single’ «guillemets» „low“ … – — ‐ ‑ ‒ ― • · § ¶ † ‡ ‰ ′ ″ ‹ › ※ ‼ 、。〈〉《》「」『』【】〔〕〖〗〘〙〚〛〜
$100 €50 £20 ¥1000 1+1=2 a<b>c x^2 `code` ~tilde |pipe| ¬not ¢cent ¨ ¯ ° ± ´ ¸ × ÷ ˆ ˜ ^^ <3 :-) =D @user #tag a_b c\\d e/f 100% &amp;
""".strip().split("\n")

ODD = [
    "", " ", "\n\t\r", "...", "[CLS]", "[SEP] a [SEP]", "a [MASK] b",
    "[mask] [Pad] [UNK]", "[PAD][PAD]", "[ CLS ]", "a[SEP]b", "[[SEP]]",
    "##ing", "un##ing", "don't can't I'm we'll", "U.S.A.", "e.g., 3.5", "-5",
    "C++", "naïve Café RÉSUMÉ", "cafe\u0301", "A\u030a", "\0abc\0", "a\0b",
    "\ufffd", "ſ", "µ", "ŀ", "İ", "I\u0307", "Σ", "ΑΣ", "ΑΣ ΑΣΑ", "ΆΣ.",
    "apple " * 200, "x" * 100, "x" * 101, "a" * 99 + " cat", "é" * 100,
    "é" * 101, "e\u0301" * 60, "🍎" * 101, "ab" * 500, "a" * 20000,
    "the quick brown fox " * 1000, "é漢🍎" * 500, "!?" * 2000,
    # Chinese characters beyond the first 65,536, and their neighbours.
    "red𠮷apple", "𠀀a𪛟b", "a𪜀b𫠝", "x\U0002b820y\U0002b920z\U0002ceafw",
    "丽a\U0002fa1fb", "\U0001ffffa\U0002ceb0b\U0002fa20c", "𠮷s 𠮷野家s",
]

BLOCKS = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x5FF), (0x600, 0x1FFF),
    (0x2000, 0x2BFF), (0x3000, 0x33FF), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3),
    (0xF900, 0xFFEF),
]


def old_character() -> str:
    while True:
        character = chr(random.randint(*random.choice(BLOCKS)))
        if unicodedata.ucd_3_2_0.category(character) != "Cn":
            return character


words = " ".join(LINES).split()
controls = [*range(0x00, 0x20), *range(0x7F, 0xA1), 0xAD, 0x61C, 0x1680,
            0x2000, 0x200A, 0x200B, 0x200C, 0x200D, 0x200E, 0x2028, 0x2029,
            0x202A, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF, 0xFFFC, 0xE000,
            0xF8FF, 0xE0001, 0xE0061, 0x301, 0x20DD, 0xFE0F, 0x903]
texts = [
    *CAPTIONS,
    *LINES,
    *ODD,
    *(f"red{chr(code)}apple" for code in controls),
    *(" ".join(random.choices(words, k=random.randint(1, 6)))
      for _ in range(120)),
    *("".join(random.choices(words, k=random.randint(2, 4)))
      for _ in range(60)),
    *("".join(old_character() for _ in range(random.randint(1, 16)))
      for _ in range(200)),
]
path = HERE.parents[2] / "weights/text/tokenizer.json"
tokenizer = Tokenizer.from_file(str(path))
rows = json.loads((HERE / "unigram_ids.json").read_text())["rows"]
all_texts = [text for text, _ in rows] + texts
ids = [encoding.ids for encoding in tokenizer.encode_batch(all_texts)]
data = json.dumps({"strings": texts, "ids": ids}, separators=(",", ":"))
(HERE / "bert_ids.json.gz").write_bytes(
    gzip.compress(data.encode(), 9, mtime=0)
)
