"""Whether everybody came to the same results. A wrong answer ends the benchmark."""

import os
import subprocess
import sys

import augment_subjects
import histology_subjects
import sam_subjects
import score_agreement
from measure import environment, run


def fail(measure, text):
    sys.exit(f"error: bench {measure}: {text}")


def check(measure, python, work):
    """Compares the results of a measure's subjects; the sentence that is printed under its table."""
    if measure.name.startswith("score-"):
        return score_agreement.check(measure)
    if measure.name.startswith("sam-"):
        return sam_subjects.check(measure, python)
    if measure.name == "nuclei" or measure.name.startswith("slides-"):
        return histology_subjects.check(measure, python)
    if measure.name == "augment":
        return augment_subjects.check(measure)
    return {"prepare": prepare, "load": load, "prompts": prompts, "headers": headers, "start": start}[
        measure.name
    ](measure, python, work)


def prepare(measure, python, work):
    counts = {s.name: s.runs[-1].own["slices"] for s in measure.subjects if "slices" in s.runs[-1].own}
    here = os.path.dirname(os.path.abspath(__file__))
    done = subprocess.run(
        [python, f"{here}/check_store.py", work], env=environment(), capture_output=True, text=True
    )
    if done.returncode:
        fail(measure.name, (done.stdout + done.stderr).strip())
    sentence = done.stdout.strip()
    slices = int(sentence.split()[0])
    for name, count in counts.items():
        # nibabel + h5py keeps all slices
        if count != slices and "nibabel" not in name:
            fail(measure.name, f"{name}: found {count} slices, expected {slices}")
    return sentence


def load(measure, python, work):
    expected = None
    for subject in measure.subjects:
        if "--copy" in subject.command:
            continue
        at = next(n for n, word in enumerate(subject.command) if word.endswith(".nii.gz"))
        output = run(subject.command[:at] + ["--check"] + subject.command[at:]).output
        found = [tuple(map(int, line.split())) for line in output.splitlines() if line[:1] in "-0123456789"]
        expected = expected or found
        if not found or found != expected:
            fail(measure.name, f"{subject.name}: found min, max, sum {found}, expected {expected}")
    return f"Minimum, maximum and sum of all {len(expected)} volumes are the same for all."


def same(measure, subjects, keys):
    values = {s.name: tuple(s.runs[-1].own[key] for key in keys) for s in subjects}
    if len(set(values.values())) != 1:
        fail(measure.name, f"{', '.join(keys)} differ: {values}")
    return next(iter(values.values()))


def prompts(measure, python, work):
    chamfer = [s for s in measure.subjects if "chamfer" in s.name]
    exact = [s for s in measure.subjects if s not in chamfer]
    regions, _ = same(measure, measure.subjects, ["regions", "boxes"])
    same(measure, exact, ["centres"])
    ours, opencv = (s.runs[-1].own["centres"] for s in chamfer)
    fixed = run([word if word != "cv2" else "cv2-fixed" for word in chamfer[1].command]).own["centres"]
    if fixed != ours:
        fail(measure.name, f"chamfer centres differ: found {ours}, expected OpenCV's {fixed}")
    return (
        f"{regions} regions; all boxes are the same, the exact centres are those of SciPy and plain C, the chamfer "
        "centres those of OpenCV"
        + ("." if opencv == ours else " in its own arithmetic (with Intel's IPP it breaks a few ties differently).")
    )


def headers(measure, python, work):
    files, voxels = same(measure, measure.subjects, ["files", "voxels"])
    spacings = [s.runs[-1].own["spacing"] for s in measure.subjects if "spacing" in s.runs[-1].own]
    if max(spacings) - min(spacings) > 2:
        fail(measure.name, f"sums of the spacings differ: {spacings}")
    return f"{files} files, {voxels} voxels and the same spacings for all."


def start(measure, python, work):
    return ""
