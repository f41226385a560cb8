"""Writes decode_pillow.safetensors: pictures that readers disagree about, as
"file NAME" (bytes), and as "pixels NAME" what Pillow's convert("RGB") makes of
them; those that it refuses have none.

usage: make_decode_pillow.py

Made with Pillow 13.0.0 (libjpeg-turbo 3.2.0, libwebp 1.6.0), numpy 2.4.6 and
safetensors 0.8.0.
"""

import io
import pathlib
import struct
import warnings
import zlib

import numpy as np
from PIL import Image, ImageCms
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
W, H = 23, 17
generator = np.random.default_rng(5)
files: dict[str, bytes] = {}


def smooth(channels: int, width: int = W, height: int = H) -> np.ndarray:
    """Slopes with a little noise: what JPEG and resizing are for."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        127 + 120 * np.sin(x * (c + 1) / 9 + y / 7 + 2 * c) for c in range(channels)
    ]
    noise = generator.normal(0, 4, (height, width, channels))
    return np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8)


def save(name: str, image: Image.Image, **options) -> None:
    out = io.BytesIO()
    kind = {"jpg": "JPEG", "tif": "TIFF", "ppm": "PPM", "pgm": "PPM"}
    ending = name.split(".")[-1]
    image.save(out, kind.get(ending, ending.upper()), **options)
    files[name] = out.getvalue()


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def png(header: bytes, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


rgb = Image.fromarray(smooth(3))
rgba = Image.fromarray(smooth(4), "RGBA")
grey = Image.fromarray(smooth(1)[..., 0], "L")
cmyk = Image.fromarray(smooth(4), "CMYK")
palette = rgb.quantize(11)
deep = (smooth(1)[..., 0].astype(np.uint16) * 257 // 64).astype(np.uint16)
swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

for sampling, name in enumerate(["444", "422", "420"]):
    save(f"sampled_{name}.jpg", rgb, quality=80, subsampling=sampling)
save("progressive.jpg", rgb, quality=60, progressive=True)
save("grey.jpg", grey, quality=70)
save("cmyk.jpg", cmyk, quality=85)
adobe = files["cmyk.jpg"].index(b"\xff\xee")
assert files["cmyk.jpg"][adobe + 4 : adobe + 9] == b"Adobe"
files["cmyk_plain.jpg"] = files["cmyk.jpg"][:adobe] + files["cmyk.jpg"][adobe + 16 :]
save("rgb_stored.jpg", rgb, quality=85, keep_rgb=True)
save("turned.jpg", rgb, quality=75, exif=turned(6))
save("profile.jpg", rgb, quality=75, icc_profile=swapped)
files["trailing.jpg"] = files["grey.jpg"] + b"after the end"

save("rgb.png", rgb)
save("rgba.png", rgba)
save("grey.png", grey)
save("grey_alpha.png", Image.fromarray(smooth(2), "LA"))
save("grey_16.png", Image.fromarray(deep))
save("palette.png", palette, bits=4)
save("palette_clear.png", palette, transparency=bytes([0, 128, 255]))
save("black_white.png", grey.convert("1"))
save("turned.png", rgb, exif=turned(8))
save("profile.png", rgb, icc_profile=swapped)
save("animated.png", rgb, save_all=True, append_images=[grey.convert("RGB")])
samples = generator.integers(0, 65536, (H, W, 3), dtype=np.uint16).astype(">u2")
rows = b"".join(b"\0" + row.tobytes() for row in samples)
size = struct.pack(">II", W, H)
files["rgb_16.png"] = png(size + bytes([16, 2, 0, 0, 0]), rows)
levels = b"".join(b"\0" + row.astype(">u2").tobytes() for row in deep)
files["grey_16_clear.png"] = png(
    size + bytes([16, 0, 0, 0, 0]), levels, (b"tRNS", struct.pack(">H", 300))
)
files["grey_alpha_16.png"] = png(
    size + bytes([16, 4, 0, 0, 0]),
    b"".join(b"\0" + row.tobytes() for row in samples[..., :2]),
)
files["gamma.png"] = png(
    size + bytes([8, 2, 0, 0, 0]),
    b"".join(b"\0" + row.tobytes() for row in np.asarray(rgb)),
    (b"gAMA", struct.pack(">I", 100000)),
)
files["grey_2.png"] = png(
    size + bytes([2, 0, 0, 0, 0]),
    b"".join(b"\0" + generator.bytes((W + 3) // 4) for _ in range(H)),
)

save("lossy.webp", rgb, quality=70)
save("lossless.webp", rgb, lossless=True)
save("clear.webp", rgba, lossless=True, exact=True)
save("animated.webp", rgb, save_all=True, append_images=[grey.convert("RGB")], quality=70)
save("rgb.tif", rgb)
save("rgba.tif", rgba)
save("black_white.tif", grey.convert("1"))
save("packed.tif", rgb, compression="tiff_lzw")
save("grey_16.tif", Image.fromarray(deep))
save("cmyk.tif", cmyk)
save("palette.tif", palette)
save("float.tif", Image.fromarray(smooth(1)[..., 0] * np.float32(1.3) - 20))
save("int.tif", Image.fromarray(smooth(1)[..., 0].astype(np.int32) * 3 - 200))
save("fax.tif", grey.convert("1"), compression="group4")
save("turned.tif", rgb, exif=turned(6))
save("rgb.bmp", rgb)
save("grey.bmp", grey)
save("palette.bmp", palette)
save("black_white.bmp", grey.convert("1"))
save("rgb.ppm", rgb)
save("grey.pgm", grey)
files["text.ppm"] = b"P3 # colours\n3 1\n# of\n15\n0 7 15 1 2 3 8 9 10\n"
files["few_levels.pgm"] = b"P5 4 1 9 " + bytes([0, 3, 5, 9])
files["deep.pgm"] = b"P5 3 1 65535\n" + struct.pack(">HHH", 3, 255, 4000)

whole = {name: files[name] for name in files}
for name in ["sampled_420.jpg", "progressive.jpg", "rgb.png", "lossy.webp",
             "packed.tif", "rgb.bmp", "rgb.ppm"]:
    stem, ending = name.split(".")
    files[f"half_{stem}.{ending}"] = whole[name][: len(whole[name]) // 2]


def damaged(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


files["noise.jpg"] = damaged(whole["sampled_420.jpg"], len(whole["sampled_420.jpg"]) - 60)
files["no_end.jpg"] = whole["sampled_420.jpg"][:-2]
files["no_end.png"] = whole["rgb.png"][:-12]
files["checksum.png"] = damaged(whole["rgb.png"], len(whole["rgb.png"]) - 13)
checksum = whole["palette.png"].index(b"IDAT") - 5
files["wrong_palette.png"] = damaged(whole["palette.png"], checksum)
files["wrong_pixels.png"] = damaged(whole["rgb.png"], len(whole["rgb.png"]) // 2)
files["short.tif"] = whole["rgb.tif"][:-200]
files["nothing.png"] = b""
files["text.jpg"] = b"no picture at all\n" * 3
bomb = struct.pack(">II", 20_000, 10_000) + bytes([8, 2, 0, 0, 0])
files["bomb.png"] = png(bomb, b"\0" * 64)

tensors: dict[str, np.ndarray] = {}
warnings.simplefilter("ignore")
for name, data in files.items():
    tensors[f"file {name}"] = np.frombuffer(data, np.uint8)
    try:
        image = Image.open(io.BytesIO(data))
        tensors[f"pixels {name}"] = np.asarray(image.convert("RGB")).copy()
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        print(name, "is refused:", error)
save_file(tensors, HERE / "decode_pillow.safetensors")
