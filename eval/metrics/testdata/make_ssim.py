"""Prints what eval/metrics/ssim_test.ts wants: SSIM and PSNR of two pictures
that the test makes by the same formula, by scikit-image.

Made with scikit-image 0.25.2 and numpy 2.x.
"""

import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

HEIGHT, WIDTH = 20, 29
y, x, c = np.meshgrid(
    np.arange(HEIGHT), np.arange(WIDTH), np.arange(3), indexing="ij"
)
a = ((x * x + 3 * x * y + 5 * y + 50 * c) % 256).astype(np.uint8)
b = np.clip(a.astype(int) + (7 * x + 11 * y + 13 * c) % 41 - 20, 0, 255).astype(
    np.uint8
)
# Windows within the picture, and the covariance of Wang et al.
ssim = structural_similarity(
    a,
    b,
    gaussian_weights=True,
    sigma=1.5,
    use_sample_covariance=False,
    data_range=255,
    channel_axis=2,
)
print("ssim", repr(float(ssim)))
print("psnr", repr(float(peak_signal_noise_ratio(a, b, data_range=255))))
