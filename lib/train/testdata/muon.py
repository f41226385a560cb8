"""Writes muon.safetensors: six steps of PyTorch's Muon, scaled as AdamW.

Made with torch 2.15.0 and safetensors 0.8.0, on a CPU. PyTorch iterates in
bfloat16; here it is made to do so in float32.
"""

import pathlib

import torch
from safetensors.torch import save_file

torch.bfloat16 = torch.float32

SHAPES = {"wide": (4, 12), "square": (6, 6), "tall": (10, 3)}
SCALES = [5.0, 0.02, 1.0, 0.1, 30.0, 0.3]
RATES = [0.01, 0.1, 0.2, 0.1, 0.05, 0.01]

torch.manual_seed(2)
parameters = {
    name: torch.nn.Parameter(torch.randn(shape))
    for name, shape in SHAPES.items()
}
optimizer = torch.optim.Muon(
    parameters.values(),
    weight_decay=0.1,
    momentum=0.9,
    adjust_lr_fn="match_rms_adamw",
)
tensors = {f"0/{name}": p.detach().clone() for name, p in parameters.items()}
for step, (scale, rate) in enumerate(zip(SCALES, RATES), 1):
    for group in optimizer.param_groups:
        group["lr"] = rate
    for name, p in parameters.items():
        p.grad = torch.randn(p.shape) * scale
        tensors[f"{step}/gradient/{name}"] = p.grad.clone()
    optimizer.step()
    for name, p in parameters.items():
        tensors[f"{step}/{name}"] = p.detach().clone()
        momentum = optimizer.state[p]["momentum_buffer"]
        tensors[f"{step}/first/{name}"] = momentum.clone()
tensors["rates"] = torch.tensor(RATES)
save_file(tensors, pathlib.Path(__file__).with_suffix(".safetensors"))
