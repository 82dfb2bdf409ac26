#!/usr/bin/env python3
"""sam_start.py CHECKPOINT.pth EMBEDDING.npy: a mask for one box from a stored embedding, as a program of its own."""

import sys

import numpy as np
import torch

from sam_reference import install_stand_ins

install_stand_ins()
from segment_anything import SamPredictor, sam_model_registry  # noqa: E402

torch.set_num_threads(2)
predictor = SamPredictor(sam_model_registry["vit_b"](checkpoint=sys.argv[1]))
predictor.features = torch.from_numpy(np.load(sys.argv[2]))
predictor.original_size, predictor.input_size, predictor.is_image_set = (512, 512), (1024, 1024), True
masks, _, _ = predictor.predict(box=np.array([40, 40, 200, 180]), multimask_output=False)
assert masks.shape == (1, 512, 512)
