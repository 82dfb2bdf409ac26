#!/usr/bin/env python3
"""score_instances.py TOOL REFERENCE.npy PREDICTION.npy PASSES: what a library has of the instance metrics.

TOOL: stardist (F1, AP and PQ at ten thresholds, compiled beforehand) or scikit-learn (adjusted Rand index alone).
`work` is the median of the passes in CPU seconds.
"""

import json
import statistics
import sys
import time

import numpy as np

tool, reference, prediction, passes = sys.argv[1:]
reference, prediction = np.load(reference), np.load(prediction)
thresholds = [n / 20 for n in range(10, 20)]
if tool == "stardist":
    from stardist.matching import matching

    matching(reference[:50, :50], prediction[:50, :50])

    def measure():
        found = matching(reference, prediction, thresh=thresholds)
        values = {"pq": found[0].panoptic_quality, "sq": found[0].mean_matched_score}
        for threshold, one in zip(thresholds, found):
            values[f"f1@{threshold:g}"] = one.f1
            values[f"ap@{threshold:g}"] = one.accuracy
        return values

else:
    from sklearn.metrics import adjusted_rand_score

    def measure():
        return {"ari-instances": adjusted_rand_score(reference.ravel(), prediction.ravel())}


times = []
for _ in range(int(passes)):
    start = time.process_time()
    values = measure()
    times.append(time.process_time() - start)
values = {name: float(value) for name, value in values.items()}
print(json.dumps({"values": values, "work": round(statistics.median(times), 6)}))
