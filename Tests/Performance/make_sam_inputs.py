#!/usr/bin/env python3
"""make_sam_inputs.py DIR PROBE: what the models get in the benchmark, computed from a fixed key; no trained weights are needed.

DIR/input.npy        1x3x1024x1024 float32: a picture, normalised
DIR/embedding.npy    1x256x64x64 float32: stands for the embedding of a picture
DIR/points.npy       64x2 float32: pixels x, y
DIR/picture.png      512x512: what the whole command segments
DIR/vit-b.onnx, mobile.onnx    the image encoders for ONNX Runtime and OpenVINO
DIR/vit-b.floor      the weights of ViT-B's image encoder one after the other, for the floor, by PROBE (segment-pictures)
DIR/vit-b.h5         ViT-B as a checkpoint of samdata, by PROBE
DIR/vit-b.pth        the same as one of PyTorch
Files that need PyTorch, the published models or onnx are left out where these are missing.
"""

import os
import subprocess
import sys

import cv2
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))


def published(target, name):
    import torch

    from sam_reference import model

    whole = model(name)
    encoder = whole.image_encoder
    if name == "vit-b":
        torch.save(whole.state_dict(), f"{target}/{name}.pth")
    image = torch.from_numpy(np.load(f"{target}/input.npy"))
    with torch.no_grad():
        torch.onnx.export(
            encoder,
            (image,),
            f"{target}/{name}.onnx",
            opset_version=17,
            dynamo=False,
            input_names=["image"],
            output_names=["embedding"],
        )


if __name__ == "__main__":
    target, probe = sys.argv[1:]
    part = target + ".part"
    os.makedirs(part, exist_ok=True)
    generator = np.random.default_rng(6)
    np.save(f"{part}/input.npy", generator.standard_normal((1, 3, 1024, 1024), np.float32))
    np.save(f"{part}/embedding.npy", generator.standard_normal((1, 256, 64, 64), np.float32))
    np.save(f"{part}/points.npy", generator.uniform(0, 1000, (64, 2)).astype(np.float32))
    noise = generator.integers(0, 40, (512, 512, 3))
    picture = np.full((512, 512, 3), 90, np.uint8)
    cv2.circle(picture, (120, 110), 60, (200, 180, 150), -1)
    cv2.imwrite(f"{part}/picture.png", (picture + noise).astype(np.uint8))
    subprocess.run([probe, "weights", "vit-b", f"{part}/vit-b.floor"], check=True)
    subprocess.run([probe, "checkpoint", "vit-b", f"{part}/vit-b.h5"], check=True)
    for name in ("vit-b", "mobile"):
        try:
            published(part, name)
        except Exception as error:
            print(f"note: {name}: {str(error).splitlines()[0]}; rows that need it are left out", file=sys.stderr)
    os.rename(part, target)
    print("bench: made the inputs of the models", file=sys.stderr)
