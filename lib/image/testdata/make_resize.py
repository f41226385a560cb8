"""Writes resize.json: what Pillow makes of a small picture.

Run from this folder with Pillow installed: python make_resize.py
"""

import base64
import json
import random

import PIL
from PIL import Image

FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
# Smaller, larger, one side only, mixed, odd ratios, down to a single pixel.
SIZES = [(5, 4), (16, 13), (11, 3), (4, 9), (7, 15), (1, 1), (10, 8)]
WIDTH, HEIGHT = 11, 9

generator = random.Random(1)
# Half the bytes are extremes, so that overshoot has to be clipped.
source = bytes(
    generator.choice([0, 255, generator.randrange(256), generator.randrange(256)])
    for _ in range(WIDTH * HEIGHT * 3)
)
picture = Image.frombytes("RGB", (WIDTH, HEIGHT), source)
encode = lambda data: base64.b64encode(data).decode()
cases = [
    {
        "filter": name,
        "width": width,
        "height": height,
        "data": encode(picture.resize((width, height), method).tobytes()),
    }
    for name, method in FILTERS.items()
    for width, height in SIZES
]
with open("resize.json", "w") as file:
    json.dump(
        {
            "pillow": PIL.__version__,
            "width": WIDTH,
            "height": HEIGHT,
            "data": encode(source),
            "cases": cases,
        },
        file,
        indent=1,
    )
    file.write("\n")
