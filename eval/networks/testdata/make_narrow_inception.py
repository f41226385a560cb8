"""Writes narrow_inception.pth and narrow_inception_outputs.safetensors: FID's
Inception with random weights and a sixteenth of its channels, in the published
layout and format, and what pytorch-fid makes of two pictures.

usage: make_narrow_inception.py FOLDER_OF_PYTORCH_FID [DIVISOR FOLDER]

The folder is that of the package's `__init__.py`. With a divisor (1 for the
whole network) and a folder, the same is written there.

Made with pytorch-fid 0.3.0 (commit b9c1811), torch 2.15.0, torchvision 0.29.2
and safetensors 0.8.0 on a CPU in float32.
"""

import pathlib
import sys

import torch
import torchvision
from safetensors.torch import save_file

package = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(package.parent))
from narrow import narrow  # noqa: E402
from pytorch_fid import inception as reference  # noqa: E402

DIVISOR = int(sys.argv[2]) if len(sys.argv) > 2 else 16
FOLDER = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else pathlib.Path(__file__).parent)
SIZE = 299


def pictures() -> torch.Tensor:
    """Two pictures of bytes that the test makes by the same formula."""
    y = torch.arange(SIZE).reshape(1, 1, SIZE, 1)
    x = torch.arange(SIZE).reshape(1, 1, 1, SIZE)
    b = torch.arange(2).reshape(2, 1, 1, 1)
    c = torch.arange(3).reshape(1, 3, 1, 1)
    return (x * x + 3 * x * y + 5 * y * y + 7 * y * b + 50 * c + 11 * b) % 256


def published(model: torch.nn.Module) -> dict:
    """The published file counts no batches."""
    return {
        name: tensor
        for name, tensor in model.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }


torch.manual_seed(1)
whole = torchvision.models.inception_v3(
    num_classes=1008, aux_logits=False, init_weights=False, weights=None
)
reference.load_state_dict_from_url = lambda *_, **__: published(whole)
model = reference.fid_inception_v3()
narrow(model, DIVISOR)
model.fc = torch.nn.Linear(2048 // DIVISOR, 1008 // DIVISOR)
for name, parameter in model.named_parameters():
    if parameter.dim() == 4:
        torch.nn.init.kaiming_normal_(parameter)
    elif name.endswith("bn.weight"):
        torch.nn.init.uniform_(parameter, 0.5, 1.5)
    elif name.endswith("bn.bias"):
        torch.nn.init.normal_(parameter, std=0.5)
    else:
        torch.nn.init.normal_(parameter, std=0.15)

# Statistics that keep the sizes of values, as training makes them.
for module in model.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        module.momentum = 1.0
scaled = (pictures().float() - 128) / 128
with torch.no_grad():
    model.train()(scaled)
    model.eval()
    reference.fid_inception_v3 = lambda: model
    taps = reference.InceptionV3([0, 1, 2, 3], False, False).eval()
    means = [tap.mean((2, 3)) for tap in taps(scaled)]
    logits = model(scaled)
    # As pytorch-fid takes pictures of another size.
    small = (pictures()[:, :, :200, :120]).float() / 255
    resized = reference.InceptionV3([3]).eval()(small)[0].mean((2, 3))

FOLDER.mkdir(exist_ok=True)
torch.save(
    published(model),
    FOLDER / "narrow_inception.pth",
    _use_new_zipfile_serialization=False,
)
save_file(
    {
        "64": means[0],
        "192": means[1],
        "768": means[2],
        "2048": means[3],
        "logits": logits,
        "logits_unbiased": logits - model.fc.bias.detach(),
        "resized": resized,
    },
    FOLDER / "narrow_inception_outputs.safetensors",
    metadata={
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
    },
)
for name, value in zip(("64", "192", "768", "2048"), means):
    print(name, tuple(value.shape), value.abs().max().item())
print("logits", tuple(logits.shape), logits.abs().max().item())
