"""Writes python.safetensors with the reference library (safetensors 0.8.0)."""

import pathlib

import torch
from safetensors.torch import save_file

ramp = torch.arange(6).reshape(2, 3)
save_file(
    {
        "f64": ramp.double() / 4,
        "f32": ramp.float() - 2.5,
        "f16": (ramp.float() / 3).half(),
        "bf16": (ramp.float() / 3).bfloat16(),
        "i64": ramp.long() - (1 << 40),
        "i32": ramp.int() * -100000,
        "i16": ramp.short() * -1000,
        "i8": ramp.to(torch.int8) - 3,
        "u8": ramp.to(torch.uint8) + 250,
        "bool": ramp % 2 == 1,
        "scalar": torch.tensor(7.0),
        "empty": torch.zeros(0, 4),
    },
    pathlib.Path(__file__).parent / "python.safetensors",
    metadata={"format": "pt", "note": "äé \"quoted\""},
)
