"""Copies small cases of the operator oracles into Tests/Fixtures/nn, so that every operation is checked without them.

    python make_nn.py <oracles>/nn/nn_unit.h5

The oracles were made for this project: float64 values of PyTorch operators from float32 inputs, stored as float32, no data or
weights of others. Cases of a group share files as long as a file stays below 50 kB.
"""

import os
import sys

import h5py

LIMIT = 50_000
CASES = """
attention/0 attention/3 avg_pool2d/k2s2 batch_norm/0/eval batch_norm/0/train bilinear/2/align_corners_False
bilinear/2/align_corners_True bilinear/2/antialias bilinear/5/align_corners_False bilinear/5/align_corners_True
bilinear/5/antialias conv2d/4 conv2d/6 conv2d/8 conv_transpose2d/2 conv_transpose2d/3 gelu/erf gelu/tanh global_avg_pool
layer_norm/0 layer_norm/2 layer_norm_2d/0 linear/1 linear_1d/0 linear_1d/1 log_softmax loss/bce_with_logits
loss/cross_entropy loss/mse loss/sigmoid_dice loss/sigmoid_focal loss/softmax_dice_squared max_pool2d/k3s2p1 nearest/2
nearest/5 optim/adam optim/adam_amsgrad optim/adam_wd optim/adamw optim/sgd optim/sgd_momentum_wd optim/sgd_nesterov
relpos_attention/2 relu sigmoid softmax/0 softmax/2 softmax/3 softplus window_partition/1 window_partition/2
""".split()


def copy(item, target):
    """By hand, because a copy by the library would keep time stamps."""
    for name, value in item.attrs.items():
        target.attrs[name] = value
    for name, child in item.items():
        dataset = target.create_dataset(name, data=child[()], track_times=False)
        for key, value in child.attrs.items():
            dataset.attrs[key] = value


def write(path, source, cases):
    with h5py.File(path, "w", meta_block_size=64) as target:
        for case in cases:
            copy(source[case], target.create_group(case))
    return os.path.getsize(path)


def main():
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nn")
    os.makedirs(out, exist_ok=True)
    with h5py.File(sys.argv[1]) as source:
        for group in sorted({case.split("/")[0] for case in CASES}):
            number, taken = 1, []
            for case in (one for one in CASES if one.split("/")[0] == group):
                path = os.path.join(out, f"{group}_{number}.h5")
                if write(path, source, taken + [case]) > LIMIT and taken:
                    write(path, source, taken)
                    number, taken = number + 1, []
                    path = os.path.join(out, f"{group}_{number}.h5")
                    write(path, source, [case])
                assert os.path.getsize(path) < 51_200, case
                taken.append(case)


main()
