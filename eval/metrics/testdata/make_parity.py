"""Figures of the reference programs on random features: parity.npz, parity.json.

    python make_parity.py --dgm-eval FOLDER --cmmd FOLDER

FOLDER: clones of layer6ai-labs/dgm-eval at 74c79f7 and of
sayakpaul/cmmd-pytorch at f7673a9, which are on no package index. The rest came
from pip: pytorch-fid 0.3.0, clean-fid 0.1.35, torch-fidelity 0.4.0,
torchmetrics 1.9.0, prdc 0.2; NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1,
PyTorch 2.15.0, Python 3.11. Only what these programs do with features is called:
no network is needed.
"""

import argparse
import importlib.machinery
import importlib.util
import json
import pathlib
import sys
from unittest import mock

# What they import for models and pictures, which stay out of this.
for part in ("", ".transforms", ".transforms.functional", ".models",
             ".models.inception", ".datasets"):
    name = f"torchvision{part}"
    sys.modules[name] = mock.MagicMock(
        __spec__=importlib.machinery.ModuleSpec(name, None), __version__="0.30"
    )

import numpy as np
import torch
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.inception import InceptionScore
from torchmetrics.image.kid import KernelInceptionDistance

FOLDER = pathlib.Path(__file__).parent


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_sets():
    rng = np.random.default_rng(5)

    def features(count, width, shift=0.0):
        mix = rng.normal(size=(width, width)) * np.exp(
            -np.arange(width) / width * 4
        )
        raw = rng.normal(size=(count, width)) @ mix / np.sqrt(width)
        return (np.maximum(raw, -0.2) + shift).astype(np.float32)

    return {
        "generated": features(120, 12, 0.1),
        "reference": features(150, 12),
        "few_generated": features(9, 24),
        "few_reference": features(11, 24, 0.3),
        "wide_generated": features(80, 96),
        "wide_reference": features(250, 96, 0.05),
        "logits": (rng.normal(size=(107, 20)) * 3).astype(np.float32),
    }


class Given(torch.nn.Module):
    """Pictures are their own features."""

    def __init__(self, width):
        super().__init__()
        self.num_features = width

    def forward(self, x):
        return x


def frechet(x, y, dgm_fd):
    from cleanfid import fid as clean
    from pytorch_fid import fid_score as pytorch
    from torch_fidelity import metric_fid as fidelity

    def attempt(f, *args):
        """SciPy's root may be complex where there are few samples."""
        try:
            return float(f(*args))
        except ValueError:
            return None

    wide = [x.astype(np.float64), y.astype(np.float64)]
    mu1, mu2 = (v.mean(0) for v in wide)
    s1, s2 = (np.cov(v, rowvar=False) for v in wide)
    metric = FrechetInceptionDistance(feature=Given(x.shape[1]))
    metric.update(torch.from_numpy(wide[0]), real=False)
    metric.update(torch.from_numpy(wide[1]), real=True)
    ta, tb = (
        fidelity.fid_features_to_statistics(torch.from_numpy(v)) for v in wide
    )
    centred = [(v - v.mean(0)) / np.sqrt(len(v) - 1) for v in wide]
    values = np.linalg.svd(centred[0] @ centred[1].T, compute_uv=False)
    exact = ((mu1 - mu2) ** 2).sum() + np.trace(s1) + np.trace(s2)
    return {
        "pytorch-fid": attempt(
            pytorch.calculate_frechet_distance, mu1, s1, mu2, s2
        ),
        "clean-fid": attempt(clean.frechet_distance, mu1, s1, mu2, s2),
        "torch-fidelity": fidelity.fid_statistics_to_metric(ta, tb, False)[
            "frechet_inception_distance"
        ],
        "torchmetrics": float(metric.compute()),
        "dgm-eval": attempt(dgm_fd.compute_FD_with_stats, mu1, mu2, s1, s2),
        "singular values": float(exact - 2 * values.sum()),
    }


def kernel_distances(x, y, dgm_mmd):
    from cleanfid import fid as clean
    from torch_fidelity import metric_kid

    wide = [v.astype(np.float64) for v in (x, y)]
    fidelity = metric_kid.kid_features_to_metric(
        *map(torch.from_numpy, wide), kid_subsets=10, kid_subset_size=50,
        kid_kernel="poly", kid_kernel_poly_degree=3,
        kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1.0,
        rng_seed=2020, verbose=False,
    )
    metric = KernelInceptionDistance(
        feature=Given(x.shape[1]), subsets=10, subset_size=50
    )
    metric.update(torch.from_numpy(wide[0]), real=False)
    metric.update(torch.from_numpy(wide[1]), real=True)
    torch.manual_seed(0)
    ours = [float(v) for v in metric.compute()]
    np.random.seed(0)
    # feats1 are the generated ones in clean-fid's own calls.
    clean_kid = clean.kernel_distance(*wide, num_subsets=10, max_subset_size=50)
    np.random.seed(13579)
    dgm = dgm_mmd.compute_mmd(wide[1], wide[0], n_subsets=10, subset_size=50)
    np.random.seed(13579)
    shrunk = dgm_mmd.compute_mmd(wide[1], wide[0], n_subsets=4)
    return {
        "torch-fidelity": [
            fidelity["kernel_inception_distance_mean"],
            fidelity["kernel_inception_distance_std"],
        ],
        "torchmetrics": ours,
        "clean-fid": [clean_kid],
        "dgm-eval": [dgm.mean(), dgm.std()],
        "dgm-eval, all samples": [shrunk.mean(), shrunk.std()],
    }


def neighbours(x, y, dgm_prdc):
    import prdc
    from torch_fidelity import metric_prc

    wide = [v.astype(np.float64) for v in (x, y)]
    fidelity = metric_prc.prc_features_to_metric(
        *map(torch.from_numpy, wide), prc_neighborhood=3,
        prc_batch_size=10000, save_cpu_ram=False, verbose=False,
    )
    return {
        "torch-fidelity": {k: fidelity[k] for k in ("precision", "recall")},
        "prdc": prdc.compute_prdc(wide[1], wide[0], nearest_k=5),
        "dgm-eval": dgm_prdc.compute_prdc(wide[1], wide[0], nearest_k=5),
    }


def inception_scores(logits, dgm_is):
    from torch_fidelity import metric_isc

    wide = torch.from_numpy(logits.astype(np.float64))
    fidelity = metric_isc.isc_features_to_metric(wide)
    metric = InceptionScore(feature=Given(logits.shape[1]))
    metric.update(wide)
    torch.manual_seed(0)
    ours = [float(v) for v in metric.compute()]
    p = wide.softmax(1).numpy()
    return {
        "torch-fidelity": [
            fidelity["inception_score_mean"], fidelity["inception_score_std"]
        ],
        "torchmetrics": ours,
        "dgm-eval": [float(v) for v in dgm_is.calculate_score(p, N=len(p))],
    }


class FirstRows:
    """In place of a generator without a seed."""

    def choice(self, rows, size, replace):
        return rows[:size]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dgm-eval", required=True)
    parser.add_argument("--cmmd", required=True)
    args = parser.parse_args()
    metrics = pathlib.Path(args.dgm_eval) / "dgm_eval/metrics"
    dgm = {
        name: load(metrics / f"{name}.py", f"dgm_{name}")
        for name in ("fd", "mmd", "prdc", "inception_score")
    }
    cmmd = load(pathlib.Path(args.cmmd) / "distance.py", "cmmd")
    sets = make_sets()
    x, y = sets["generated"], sets["reference"]
    wide = [v.astype(np.float64) for v in (x, y)]
    unit = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in wide]
    with mock.patch.object(np.random, "default_rng", FirstRows):
        infinity = dgm["fd"].compute_FD_infinity(
            y.astype(np.float64), x.astype(np.float64)
        )
    state = np.random.RandomState(2020)
    torch.manual_seed(7)
    permutations = [torch.randperm(n).tolist() for n in (10, 1, 33)]
    expected = {
        "frechet": {
            "": frechet(x, y, dgm["fd"]),
            "few_": frechet(
                sets["few_generated"], sets["few_reference"], dgm["fd"]
            ),
            "wide_": frechet(
                sets["wide_generated"], sets["wide_reference"], dgm["fd"]
            ),
        },
        "kid": kernel_distances(x, y, dgm["mmd"]),
        "prdc": neighbours(x, y, dgm["prdc"]),
        "inception score": inception_scores(
            sets["logits"], dgm["inception_score"]
        ),
        "cmmd": float(cmmd.mmd(*unit)),
        "frechet infinity": float(infinity),
        "numpy permutations": [
            state.permutation(n).tolist() for n in (10, 1, 33)
        ] + [state.choice(1000, 8, replace=False).tolist()],
        "torch permutations": permutations,
        "mean": y.astype(np.float64).mean(0).tolist(),
        "variances": np.cov(y.astype(np.float64), rowvar=False)
        .diagonal().tolist(),
    }
    np.savez(FOLDER / "parity.npz", **sets)
    text = json.dumps(expected, indent=1, default=float)
    (FOLDER / "parity.json").write_text(text + "\n")


main()
