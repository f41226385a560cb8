"""Archives as NumPy 2.4.6 writes them, in the layouts that others publish."""

import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parent

rng = np.random.default_rng(3)
features = rng.normal(size=(40, 5))
sigma = np.cov(features, rowvar=False)
np.savez(FOLDER / "pytorch_fid.npz", mu=features.mean(0), sigma=sigma)
np.savez_compressed(
    FOLDER / "guided_diffusion.npz",
    arr_0=np.arange(2 * 3 * 4 * 3, dtype=np.uint8).reshape(2, 3, 4, 3),
    mu=features.mean(0),
    sigma=sigma,
    mu_s=features[:, :2].mean(0),
    sigma_s=np.cov(features[:, :2], rowvar=False),
)
np.savez(
    FOLDER / "pictures.npz",
    np.arange(2 * 3 * 4 * 3, dtype=np.uint8).reshape(2, 3, 4, 3),
    np.arange(2),
)
ramp = np.arange(6).reshape(2, 3) - 2.5
np.savez(
    FOLDER / "types.npz",
    f8=ramp,
    f4=ramp.astype(np.float32),
    f2=ramp.astype(np.float16),
    i8=ramp.astype(np.int64),
    i4=ramp.astype(np.int32),
    by_columns=np.asfortranarray(ramp),
    one=np.float64(7),
    empty=np.zeros((0, 3)),
    big_endian=ramp.astype(">f8"),
    pickled=np.array([{}, None], dtype=object),
    fields=np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]),
)
