"""Writes unigram.model, unigram_tokenizer.json and unigram_ids.json.

unigram.model is a small SentencePiece model, trained on the sentences below
with the settings of T5's. unigram_ids.json has 2,000 strings with their ids
by transformers' T5Tokenizer (the fast one; T5 has no other any more), and for
those where the library sentencepiece itself gives others, these too: the fast
one finds special tokens in a text, splits at U+0085, and normalizes clusters of
letters and marks where sentencepiece normalizes the longest stretch it knows.
unigram_tokenizer.json is the other form that T5's tokenizer is published in,
as older versions of transformers converted it, without the table of the
normalizer, which is that of unigram.model.

Made with sentencepiece 0.2.3, tokenizers 0.23.3, transformers 5.23.0.
"""

import io
import json
import pathlib
import random
import tempfile

import sentencepiece
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from transformers import T5Tokenizer

HERE = pathlib.Path(__file__).parent
random.seed(7)

SENTENCES = """
A red fox jumps over a sleeping dog, and three small birds watch it from the roof.
Two green apples lie above a blue book on a yellow background, in a flat style.
The painter mixes the colours of the evening sky: orange, pink, violet and grey.
She didn't know whether it was raining, so she took her umbrella; it wasn't.
In 1998, about 12,345 people visited the museum; 67% of them came back in 2003.
Write the numbers 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100 and 1000 on the left side.
A photograph of an astronaut riding a horse in a forest, highly detailed, 4k.
An oil painting of a bear on a bicycle, by the light of the moon and the stars.
What is it? It is a lamp! Who made it? Nobody knows (or nobody remembers).
Transformers predict the tokens of an image, many at once, from those they know.
Ein roter Apfel liegt über einem schlafenden Kätzchen; die Größe beträgt 5 cm.
Die Straße führt durch grüne Wälder, über Brücken und an alten Häusern vorbei.
Une pomme rouge à côté d'un château, une œuvre déjà vue, une façade naïve.
Les élèves lisent près de la fenêtre où la lumière est la plus forte.
El niño pequeño come una manzana roja en la montaña con su señora abuela.
¿Dónde está el pingüino? ¡Aquí, al lado del corazón azul!
Il gatto nero dorme sotto il tavolo perché fuori c'è la pioggia.
Uma maçã vermelha está em cima da mesa, ao lado do coração de papelão.
Красное яблоко лежит над спящей кошкой, а за окном идёт тёплый дождь.
Три маленькие птицы сидят на крыше старого дома у самого синего моря.
Ένα κόκκινο μήλο βρίσκεται πάνω από μια γάτα που κοιμάται στον ήλιο.
一只红色的苹果在睡觉的猫上面，天空是蓝色的，草是绿色的。
眠っている猫の上に二つの赤いりんごがあります。空は青いです。
잠자는 고양이 위에 빨간 사과 두 개가 있습니다. 하늘은 파랗습니다.
تفاحة حمراء فوق قطة نائمة بجانب كتاب أزرق على الطاولة.
תפוח אדום מעל חתול ישן ליד ספר כחול על השולחן.
नीली किताब के ऊपर एक लाल सेब और एक सोती हुई बिल्ली है।
แอปเปิ้ลสีแดงอยู่เหนือแมวที่กำลังหลับอยู่บนโต๊ะสีน้ำเงิน
Quả táo đỏ ở phía trên con mèo đang ngủ, bên cạnh quyển sách màu xanh.
Czerwone jabłko leży nad śpiącym kotem, a za oknem pada ciepły deszcz.
Mavi kitabın üzerinde kırmızı bir elma ve uyuyan bir kedi var.
Smile 😀 and laugh 😂, a heart ❤ and a fire 🔥, a cat 🐱 and an apple 🍎.
f(x) = a*x^2 + b*x + c; if (x >= 0 && y != 1) { return "ok"; } // #1 @home ~/bin
""".strip().split("\n")

ODD = [
    "", " ", "  ", "\n", "\t", "\r\n", "a\r\nb", "\0", "a\0b", "\x07bell",
    "a\x01\x02\x03b", "\x7f", "\x80\x9f", "\xa0", "a\xa0b", "\u200b", "a\u200bb",
    "a\u200db", "\u2028\u2029", "\u3000a\u3000", "\ufeffa", "a\ufeff", "\ufffd",
    "\u00ad", "co\u00adoperate", "\u1680a", "a\u0085b", "▁", "▁a", "a▁b", "▁▁a▁▁",
    "<pad>", "</s>", "<unk>", "<s>", "a</s>b", "a </s> b", "</s></s>",
    "<extra_id_0>", "a<extra_id_99>b", "a <extra_id_5> b", "<extra_id_100>",
    "<extra_id_1", "< pad >", "<<pad>>", "  two  spaces  ", "trailing   ",
    "   leading", "a" * 300, "ab" * 500, "word " * 400, " " * 500, "é" * 200,
    "e\u0301" * 100, "🍎" * 150, "漢" * 400, "x\u0301\u0302\u0303\u0304" * 50,
    "ﬁ ﬂ ﬃ ﬅ ß ẞ ŉ ǰ ΐ և ẖ ẗ ẘ ẙ ẚ Å K Ω ℃ № ™ ½ ² ³ ª º", "①②③ ⑴⑵ ㈱ ㍿ ㌔ ㎏",
    "ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟ", "Ｆｕｌｌ　ｗｉｄｔｈ　１２３", "𝐇𝐞𝐥𝐥𝐨 𝒲𝑜𝓇𝓁𝒹 𝔘𝔫𝔦", "가각 힣 ㄱㄴ ᄀ ᆨ",
    "ά ὰ ᾶ ᾳ ᾴ ῷ", "ĳ Ŀ ŀ ŉ ſ", "～ ~ 〜 ˜ ∼", "“quotes” ‘single’ «g» „low“ …",
    "👨‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇩🇪🇯🇵 ☀️ ☀ ❤️‍🔥 ©️ ®️ ™️ #️⃣ 🧑🏿‍🚀", "क्षत्रिय किताबें ज्ञ", "กำลัง น้ำ",
    "שָׁלוֹם מֻחַמַּד", "مُحَمَّد ١٢٣ ﷺ ﻻ", "𠮷野家 㐀㐁 豈更車", "ǆ Ǆ ǅ", "a\u0300\u0316 a\u0316\u0300",
    "\u0301a", " \u0301", "a \u0301b", "\u0e33\u0e33", "\ud7b0\ud7cb", "\U0010ffff", "\ue000",
    "\ufdfa", "\u2126 \u212b", "\u0344", "\u0958", "\u1e9b\u0323", "1\u20442", "¼¾⅓", "½a",
]

BLOCKS = [
    (0x00, 0x1F), (0x20, 0x7E), (0x20, 0x7E), (0x7F, 0xA0), (0xA0, 0x24F),
    (0x250, 0x36F), (0x370, 0x5FF), (0x600, 0x1FFF), (0x1E00, 0x1FFF),
    (0x2000, 0x2BFF), (0x3000, 0x33FF), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3),
    (0xF900, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F300, 0x1F6FF),
]
COMBINING = [chr(c) for c in range(0x300, 0x370)] + list("\u200d\ufe0f\u0ec8")


def random_characters() -> str:
    return "".join(
        chr(random.randint(*random.choice(BLOCKS)))
        for _ in range(random.randint(1, 24))
    )


def random_words() -> str:
    words = [word for line in SENTENCES for word in line.split()]
    some = random.choices(words, k=random.randint(1, 14))
    return random.choice([" ", " ", "  ", "\n", "-", ""]).join(some)


def mutated() -> str:
    text = list(random.choice(SENTENCES))
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(text))
        text.insert(place, random.choice([
            random.choice(COMBINING), random.choice(COMBINING),
            random_characters()[0], " ", "<extra_id_7>", "\t", text[place],
        ]))
    start = random.randrange(len(text) - 10)
    return "".join(text[start:start + random.randint(5, 60)])


strings = ODD + SENTENCES
strings += ["".join(random.choices(SENTENCES, k=30)) for _ in range(3)]
for make, count in [(random_words, 700), (mutated, 700)]:
    strings += [make() for _ in range(count)]
strings += [random_characters() for _ in range(2000 - len(strings))]
assert len(strings) == 2000

model = io.BytesIO()
sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(SENTENCES * 3 + [random_words() for _ in range(500)]),
    model_writer=model,
    vocab_size=800,
    model_type="unigram",
    character_coverage=0.98,
    normalization_rule_name="nmt_nfkc",
    pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
    num_threads=1,
    minloglevel=1,
)
(HERE / "unigram.model").write_bytes(model.getvalue())

original = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
with tempfile.TemporaryDirectory() as folder:
    (pathlib.Path(folder) / "spiece.model").write_bytes(model.getvalue())
    fast = T5Tokenizer.from_pretrained(folder)

rows, differing = [], {}
for index, text in enumerate(strings):
    ids = fast(text)["input_ids"]
    rows.append([text, ids])
    # sentencepiece knows nothing of <extra_id_0> to <extra_id_99>.
    own = original.encode(text) + [original.eos_id()]
    if own != ids:
        differing[index] = own

saved = json.loads(fast.backend_tokenizer.to_str())
charsmap = saved["normalizer"]
assert charsmap["type"] == "Precompiled"
old = Tokenizer.from_str(json.dumps(saved))
old.normalizer = normalizers.Sequence([
    old.normalizer,
    normalizers.Strip(left=False, right=True),
    normalizers.Replace(Regex(" {2,}"), "▁"),
])
old.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
form = json.loads(old.to_str())
for token in form["added_tokens"]:
    token["lstrip"] = token["rstrip"] = token["content"].startswith("<extra")
old = Tokenizer.from_str(json.dumps(form))
converted = {
    index: ids
    for index, (text, wanted) in enumerate(rows)
    if (ids := old.encode(text).ids) != wanted
}
assert form["normalizer"]["normalizers"][0] == charsmap
form["normalizer"]["normalizers"][0]["precompiled_charsmap"] = ""


def write(name: str, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (HERE / name).write_text(text.replace("\u2028", "\\u2028") + "\n")


write("unigram_tokenizer.json", form)
write("unigram_ids.json", {
    "rows": rows,
    "sentencepiece": differing,
    "converted": converted,
})
print(len(differing), "differ from sentencepiece,",
      len(converted), "in the other form")
