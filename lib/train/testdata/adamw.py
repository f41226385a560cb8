"""Writes adamw.safetensors: six steps of PyTorch's AdamW with clipping.

Made with torch 2.15.0 and safetensors 0.8.0, on a CPU in float32.
"""

import pathlib

import torch
from safetensors.torch import save_file

SHAPES = {"dense.weight": (3, 4), "conv.weight": (2, 3, 2, 2), "bias": (4,)}
# Some gradients are longer than the norm they are clipped to, some shorter.
SCALES = [5.0, 0.02, 1.0, 0.1, 30.0, 0.3]
RATES = [0.01, 0.1, 0.2, 0.1, 0.05, 0.01]

torch.manual_seed(1)
parameters = {
    name: torch.nn.Parameter(torch.randn(shape))
    for name, shape in SHAPES.items()
}
matrices = [p for p in parameters.values() if p.ndim > 1]
vectors = [p for p in parameters.values() if p.ndim == 1]
optimizer = torch.optim.AdamW(
    [
        {"params": matrices, "weight_decay": 0.1},
        {"params": vectors, "weight_decay": 0.0},
    ],
    betas=(0.9, 0.96),
    eps=1e-8,
)
tensors = {f"0/{name}": p.detach().clone() for name, p in parameters.items()}
norms = []
for step, (scale, rate) in enumerate(zip(SCALES, RATES), 1):
    for group in optimizer.param_groups:
        group["lr"] = rate
    for name, p in parameters.items():
        p.grad = torch.randn(p.shape) * scale
        tensors[f"{step}/gradient/{name}"] = p.grad.clone()
    norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0))
    optimizer.step()
    for name, p in parameters.items():
        tensors[f"{step}/{name}"] = p.detach().clone()
        tensors[f"{step}/first/{name}"] = optimizer.state[p]["exp_avg"].clone()
        second = optimizer.state[p]["exp_avg_sq"]
        tensors[f"{step}/second/{name}"] = second.clone()
tensors["norms"] = torch.stack(norms)
tensors["rates"] = torch.tensor(RATES)
save_file(tensors, pathlib.Path(__file__).with_suffix(".safetensors"))
