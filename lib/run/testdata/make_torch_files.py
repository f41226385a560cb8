"""Writes torch/*: PyTorch files of every kind, and what is in them; and
python.safetensors, by the reference library.

Made with torch 2.15.0, numpy 2.4.6, safetensors 0.8.0 and Python 3.11. Each
NAME.pth comes with NAME.safetensors, which holds the tensors that NAME.pth is
expected to give; hostile_*.pth are to be refused.
"""

import argparse
import collections
import json
import os
import pathlib
import pickle
import sys
import types
import warnings
import zipfile

import numpy
import torch
from safetensors.torch import save_file

warnings.simplefilter("ignore")
torch.manual_seed(7)
FOLDER = pathlib.Path(__file__).parent / "torch"


def expect(name, tensors):
    """Safetensors hold no views, so each tensor is copied."""
    copies = {key: value.detach().clone().contiguous() for key, value in tensors.items()}
    save_file(copies, FOLDER / f"{name}.safetensors")


def save(name, saved, tensors=None, **options):
    torch.save(saved, FOLDER / f"{name}.pth", **options)
    expect(name, saved if tensors is None else tensors)


def dtypes():
    ramp = torch.arange(6).reshape(2, 3)
    return {
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
    }


def views():
    """Parts, transposes, steps and repetitions of one storage."""
    base = torch.arange(60.0)
    grid = base[:24].reshape(2, 3, 4)
    wide = torch.arange(12).reshape(3, 4)
    return {
        "whole": base,
        "part": base[7:19],
        "grid": grid,
        "turned": grid.permute(2, 0, 1),
        "steps": base[3::5],
        "column": grid[:, 1:, 2],
        "repeated": base[2:5].expand(4, 3),
        "channels_last": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        "i64_turned": wide.t(),
        "i16_turned": wide.short().t(),
        "u8_turned": wide.byte().t(),
        "empty_part": base[5:5],
    }


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.input_resolution = 224
        self.names = ["a", "b"]
        self.sizes = {"x": 1}
        self.register_buffer("context_length", torch.tensor(77))
        self.token_embedding = torch.nn.Embedding(5, 4)
        self.blocks = torch.nn.ModuleList(torch.nn.Linear(4, 4) for _ in range(2))
        self.text_projection = torch.nn.Parameter(torch.randn(4, 3))

    def forward(self, ids):
        states = self.token_embedding(ids)
        for block in self.blocks:
            states = block(states)
        return states @ self.text_projection + torch.tensor([1.0, 2.0, 3.0])


def fake_class(module, name, base=object):
    """A class of a package that isn't installed, as its trainers save it."""
    made = type(name, (base,), {"__module__": module})
    parts = module.split(".")
    for i in range(len(parts)):
        path = ".".join(parts[: i + 1])
        sys.modules.setdefault(path, types.ModuleType(path))
    setattr(sys.modules[module], name, made)
    return made


def lightning():
    """What Lightning saves: with objects of its classes beside the weights."""
    checkpoint_callback = fake_class(
        "pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"
    )
    attributes = fake_class("pytorch_lightning.utilities.parsing", "AttributeDict", dict)
    config = fake_class("omegaconf.dictconfig", "DictConfig")()
    config.__dict__ = {"_content": {"lr": 1e-4}, "_flags_cache": None}
    weights = collections.OrderedDict(torch.nn.Linear(3, 2).state_dict())
    return {
        "epoch": 3,
        "global_step": 123456789012345678901234567890,
        "pytorch-lightning_version": "1.4.2",
        "callbacks": {checkpoint_callback: {"best": numpy.float64(0.25), "path": None}},
        "optimizer_states": [{"state": {0: {"step": 1, "exp_avg": torch.ones(2, 3)}}}],
        "lr_schedulers": [numpy.arange(3)],
        "hyper_parameters": attributes(config=config, betas=(0.9, 0.99), flag=True),
        "args": argparse.Namespace(name="ä", sizes={1, 2}, raw=b"\x00\xff", none=None),
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "size": torch.Size([1, 2]),
        "state_dict": weights,
    }


def shards(name, tensors, stem, write):
    """Two files and an index, in the layout of transformers."""
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    names = sorted(set(tensors) - {"i8"})  # int8 weights need scales
    ending = "bin" if write is torch.save else "safetensors"
    weight_map = {}
    for i, part in enumerate([names[:5], names[5:]]):
        file = f"{stem}-0000{i + 1}-of-00002.{ending}"
        write({key: tensors[key] for key in part}, folder / file)
        weight_map |= {key: file for key in part}
    index = {"metadata": {"total_size": 0}, "weight_map": weight_map}
    (folder / f"{stem}.{ending}.index.json").write_text(json.dumps(index, indent=1))


def deflated(name, source):
    """As other programs zip a file anew."""
    with zipfile.ZipFile(FOLDER / f"{source}.pth") as old:
        with zipfile.ZipFile(FOLDER / f"{name}.pth", "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                new.writestr(entry.filename, old.read(entry.filename))


class Call:
    """Pickles as a call."""

    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call

    def __call__(self):
        """Only what can be called may be pickled as callee."""


def hostile():
    weights = torch.ones(2)
    getter = Call(getattr, (Call(__import__, ("os",)), "system"))
    return {
        "system": {"w": weights, "x": Call(os.system, ("touch hacked",))},
        "eval": Call(eval, ("1",)),
        "getattr": Call(getter, ("touch hacked",)),
        "import": Call(__import__, ("os",)),
        "from_bytes": Call(torch.storage._load_from_bytes, (b"",)),
        "quantized": {"w": torch.quantize_per_tensor(weights, 0.1, 0, torch.qint8)},
        "sparse": {"w": weights.to_sparse()},
    }


def main():
    save_file(
        dtypes(),
        FOLDER.parent / "python.safetensors",
        metadata={"format": "pt", "note": "äé \"quoted\""},
    )
    FOLDER.mkdir(exist_ok=True)
    save("zip", dtypes())
    save("legacy", dtypes(), _use_new_zipfile_serialization=False)
    save("zip_views", views())
    save("legacy_views", views(), _use_new_zipfile_serialization=False)
    tied = torch.nn.Parameter(torch.randn(3, 2))
    tied.note = "an attribute"
    parameters = {
        "tied.a": tied,
        "tied.b": tied,
        "plain": torch.nn.Parameter(torch.randn(2, 2).half()),
        "buffer": torch.nn.Buffer(torch.arange(3.0)),
    }
    save("parameters", parameters)
    for protocol in (1, 3, 4, 5):
        save(f"protocol{protocol}", dtypes(), pickle_protocol=protocol)
    save("legacy_protocol4", views(), pickle_protocol=4, _use_new_zipfile_serialization=False)
    checkpoint = lightning()
    save("lightning", checkpoint, checkpoint["state_dict"])
    save("lightning_protocol5", checkpoint, checkpoint["state_dict"], pickle_protocol=5)
    net = Net()
    script = torch.jit.script(net)
    script.save(FOLDER / "script.pth")
    expect("script", script.state_dict())
    traced = torch.jit.trace(net, torch.zeros(1, 2, dtype=torch.long))
    traced.save(FOLDER / "traced.pth")
    constants = {"CONSTANTS.c0": torch.tensor([1.0, 2.0, 3.0])}
    expect("traced", traced.state_dict() | constants)
    deflated("deflated", "zip_views")
    expect("deflated", views_of("zip_views"))
    shards("sharded_bin", dtypes(), "pytorch_model", torch.save)
    shards("sharded_safetensors", dtypes(), "model", save_file)
    for name, saved in hostile().items():
        torch.save(saved, FOLDER / f"hostile_{name}.pth")
        torch.save(saved, FOLDER / f"hostile_legacy_{name}.pth", _use_new_zipfile_serialization=False)
    torch.save({"w": torch.ones(2, dtype=torch.complex64)}, FOLDER / "hostile_complex.pth")
    with open(FOLDER / "hostile_pickle.pth", "wb") as file:
        pickle.dump({"w": numpy.ones(2)}, file)


def views_of(name):
    return torch.load(FOLDER / f"{name}.pth")


main()
