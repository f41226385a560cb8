"""FID's Inception with fewer channels."""

import torch
import torchvision


def narrow(module: torch.nn.Module, divisor: int) -> None:
    """Fewer channels in every convolution; how they are joined stays."""
    for name, child in module.named_children():
        if isinstance(child, torchvision.models.inception.BasicConv2d):
            conv = child.conv
            inputs = 3 if conv.in_channels == 3 else conv.in_channels // divisor
            setattr(
                module,
                name,
                torchvision.models.inception.BasicConv2d(
                    inputs,
                    conv.out_channels // divisor,
                    kernel_size=conv.kernel_size,
                    stride=conv.stride,
                    padding=conv.padding,
                ),
            )
        else:
            narrow(child, divisor)
