#!/usr/bin/env python3
"""score_maps.py TRUTH.npy SCORE.npy: AUC, average precision and best F1 of pixels with scikit-learn.

`work` is CPU seconds after loading; the three functions sort the scores three times.
"""

import json
import sys
import time

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

truth, scores = map(np.load, sys.argv[1:])
start = time.process_time()
precision, recall, thresholds = precision_recall_curve(truth, scores)
f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
best = int(f1[:-1].argmax())
values = {
    "auc": float(roc_auc_score(truth, scores)),
    "average-precision": float(average_precision_score(truth, scores)),
    "best-f1": float(f1[best]),
    "threshold": float(thresholds[best]),
}
print(json.dumps({"values": values, "work": round(time.process_time() - start, 5)}))
