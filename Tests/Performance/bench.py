#!/usr/bin/env python3
"""Measures samdata beside its peers and the floors on the same inputs, in one interleaved run, and prints a Markdown table.

Called by run.sh, which builds and installs what is needed. Results also go to WORK/results.json.
Exit codes: 0 measured, 1 results disagree (or --require-targets and one is missed).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata

from agreement import check
from augment_subjects import augment_measures
from histology_subjects import histology_measures
from measure import bytes_below, run
from sam_subjects import prepare_start, sam_measures
from score_subjects import score_measures
from subjects import measures

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ["numpy", "nibabel", "SimpleITK", "monai", "torch", "h5py", "scipy", "opencv-python-headless", "MedPy"]
PEERS += ["surface-distance-based-measures", "scikit-learn", "stardist", "albumentations", "torchio"]
PEERS += ["onnxruntime", "openvino"]
PEERS += ["openslide-python", "openslide-bin", "pyvips", "pyvips-binary", "tifffile", "imagecodecs", "zarr", "lxml", "pillow"]
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samdata", required=True, help="the release binary")
    parser.add_argument("--probes", required=True, help="the folder of the binaries of Loads")
    parser.add_argument("--work", required=True, help="where inputs, outputs and results are")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="two repeats")
    parser.add_argument("--only", default="", help="a regular expression on the names of the measures")
    parser.add_argument("--update-readme", action="store_true", help=f"put the table between {BEGIN} and {END}")
    parser.add_argument("--require-targets", action="store_true", help="fail when a target is missed")
    return parser.parse_args()


def median(values):
    values = sorted(values)
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def seconds(value):
    if value < 0.1:
        return f"{value * 1000:.2f} ms" if value < 0.01 else f"{value * 1000:.1f} ms"
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def spread(values):
    return f"{seconds(median(values))} ({seconds(min(values))}..{seconds(max(values))})"


def values_of(subject, metric):
    if metric == "seconds":
        found = [run.own["seconds"] for run in subject.runs]
    elif metric == "work":
        found = [run.own.get("work", run.cpu) for run in subject.runs]
    else:
        found = [getattr(run, metric) for run in subject.runs]
    return [subject.scale * value for value in found]


def compared(subject, measure):
    """What a table compares. A copy in memory is a part of a process: there its own time counts."""
    return values_of(subject, "work" if "--copy" in subject.command else measure.metric)


def measure_all(chosen, repeats, agree):
    """Runs everything, one repeat of each subject after the other, so that noise meets all alike.

    The results of the first repeat are compared before the others run; what is said about them, by measure.
    """
    agreed = {}
    for repeat in range(repeats):
        for measure in chosen:
            for subject in measure.subjects:
                if repeat >= subject.most:
                    continue
                for _ in range(subject.batch):
                    if subject.clean:
                        shutil.rmtree(subject.clean, ignore_errors=True)
                        os.makedirs(subject.clean)
                    subject.runs.append(run(subject.command, subject.environment))
                cost = seconds(compared(subject, measure)[-1])
                load = os.getloadavg()[0]
                print(
                    f"bench: {repeat + 1}/{repeats} {measure.name}: {subject.name}: {cost} (load {load:.1f})",
                    file=sys.stderr,
                    flush=True,
                )
            if repeat == 0:
                agreed[measure.name] = agree(measure)
    return agreed


def table(measure):
    """The Markdown table of a measure."""
    what = {"cpu": "CPU", "work": "CPU after loading", "wall": "wall", "seconds": "on two threads"}[measure.metric]
    lines = [f"**{measure.title}**", ""]
    columns = ["", f"{what}, median (min..max)", "wall", "peak memory", "x samdata", "x floor"]
    isPiece = measure.metric == "seconds"
    if isPiece:
        columns[2] = "its CPU"
    stores = any(s.clean for s in measure.subjects)
    if stores:
        columns.insert(4, "on disk")
    lines.append("| " + " | ".join(columns) + " |")
    lines.append("|---|" + "---:|" * (len(columns) - 1))
    for subject in measure.subjects:
        beside = [run.own["cpu"] if isPiece else run.wall for run in subject.runs]
        ours = median(values_of(measure.first("ours", subject.group), measure.metric))
        floor = measure.first("floor", subject.group)
        floor = median(values_of(floor, measure.metric)) if floor else None
        values = compared(subject, measure)
        isPart = "--copy" in subject.command
        cells = [
            {"ours": "**{}**", "peer": "{}", "floor": "_{}_"}[subject.role].format(subject.name),
            spread(values),
            "" if isPart or subject.scale != 1 else seconds(median(beside)),
            "" if isPart else f"{median([r.peak for r in subject.runs]) / 1e6:.0f} MB",
            f"{median(values) / ours:.2f}",
            f"{median(values) / floor:.2f}" if floor else "",
        ]
        if stores:
            cells.insert(4, f"{bytes_below(subject.clean) / 1e6:.0f} MB" if subject.clean else "")
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def targets(measure):
    """Whether each target is met, in words."""
    rows = [s for s in measure.subjects if s.role == "ours"] if measure.slowest else [measure.ours]
    found = max(median(values_of(subject, measure.metric)) for subject in rows)
    facts = []
    if measure.target:
        facts.append((found <= measure.target, f"{seconds(found)} of at most {seconds(measure.target)}"))
    if measure.floor_then and measure.floor:
        floor = median(values_of(measure.floor, measure.metric))
        scaled = measure.target * floor / measure.floor_then
        told = (
            f"{seconds(found)} of at most {seconds(scaled)} at the speed of this machine (the floor took "
            f"{seconds(measure.floor_then)} where the target was set and takes {seconds(floor)} here)"
        )
        facts.append((found <= scaled, told))
    if measure.times_floor and measure.floor:
        floor = measure.times_floor * median(values_of(measure.floor, measure.metric))
        told = f"{seconds(found)} of at most {measure.times_floor:g} times the floor, {seconds(floor)}"
        facts.append((found <= floor, told))
    peer = measure.first("peer", measure.ours.group)
    if measure.times_peer and peer:
        theirs = median(values_of(peer, measure.metric))
        told = f"{theirs / found:.1f} times less than {peer.name}, of at least {measure.times_peer:g}"
        facts.append((found * measure.times_peer <= theirs, told))
    if measure.memory:
        peak = max(run.peak for s in measure.subjects if s.role == "ours" for run in s.runs)
        facts.append((peak <= measure.memory, f"{peak / 1e6:.0f} MB of at most {measure.memory / 1e6:.0f} MB"))
    return [f"{'met' if met else 'MISSED'}: {text}" for met, text in facts]


def machine():
    with open("/proc/cpuinfo") as file:
        models = re.findall(r"model name\s*: (.*)", file.read())
    return f"{models[0] if models else 'unknown processor'}, {os.cpu_count()} cores"


def versions():
    found = {}
    for name in PEERS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def results(chosen, arguments, version):
    return {
        "schema": "samdata.bench/1",
        "samdata": version,
        "machine": machine(),
        "versions": versions(),
        "repeats": arguments.repeats,
        "measures": [
            {
                "name": m.name,
                "title": m.title,
                "metric": m.metric,
                "target": m.target,
                "targets": targets(m),
                "subjects": [
                    {
                        "name": s.name,
                        "role": s.role,
                        "scale": s.scale,
                        "bytes": bytes_below(s.clean) if s.clean else None,
                        "runs": [vars(r) | {"output": None} for r in s.runs],
                    }
                    for s in m.subjects
                ],
            }
            for m in chosen
        ],
    }


def update_readme(text):
    path = os.path.join(HERE, "..", "..", "README.md")
    with open(path) as file:
        page = file.read()
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        sys.exit(f"error: README.md: found no single pair of {BEGIN} and {END}; add both lines, the table goes between")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    with open(path, "w") as file:
        file.write(f"{before}{BEGIN}\n{text}\n{END}{after}")


def select(every, arguments):
    """The measures that were asked for by --only or by name in the environment."""
    names = os.environ.get("MEASURES", "").split()
    known = [m.name for m in every]

    def fits(name, measure):
        return measure == name or measure.startswith(name + "-")

    for name in names:
        if not any(fits(name, measure) for measure in known):
            sys.exit(f"error: MEASURES: found {name}, expected some of {' '.join(known)}")
    chosen = [
        m
        for m in every
        if (not names or any(fits(name, m.name) for name in names)) and re.search(arguments.only, m.name)
    ]
    if not chosen:
        sys.exit(f"error: --only {arguments.only}: found no measure, expected some of {' '.join(known)}")
    if arguments.update_readme and len(chosen) < len(every):
        sys.exit("error: --update-readme: the table comes from one run of all measures; leave --only and MEASURES out")
    return chosen


def make_inputs(folder, script, *words):
    if not os.path.isdir(folder):
        print(f"bench: making the inputs in {folder} (once, some minutes)", file=sys.stderr)
        subprocess.run([sys.executable, f"{HERE}/{script}.py", folder, *words], check=True)


def read_once(paths):
    """Reads the inputs, so that the first program does not pay for the disk."""
    for path in paths:
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass


def main():
    arguments = options()
    if arguments.quick:
        arguments.repeats = 2
    work = os.path.relpath(arguments.work)
    python = os.path.join(work, "python", "bin", "python")

    def all_measures():
        first = measures(arguments.samdata, arguments.probes, work, python, arguments.repeats)
        scored = score_measures(arguments.samdata, arguments.probes, work, python)
        models = sam_measures(arguments.samdata, arguments.probes, work, python)
        slides = histology_measures(arguments.samdata, arguments.probes, work, python)
        return first + slides + augment_measures(arguments.probes, work, python) + scored + models

    names = [m.name for m in select(all_measures(), arguments)]
    histology = [name for name in names if name == "nuclei" or name.startswith("slides-")]
    if any(name != "augment" and not name.startswith(("score-", "sam-")) for name in names if name not in histology):
        make_inputs(f"{work}/data", "make_inputs")
    if "augment" in names:
        make_inputs(f"{work}/augment", "make_augment_inputs")
    if any(name.startswith("score-") for name in names):
        make_inputs(f"{work}/score", "make_score_inputs")
    if histology:
        make_inputs(f"{work}/histology", "make_histology_inputs")
    if any(name.startswith("sam-") for name in names):
        make_inputs(f"{work}/sam", "make_sam_inputs", f"{arguments.probes}/segment-pictures")
    chosen = [m for m in all_measures() if m.name in names]
    if "sam-start" in names:
        prepare_start(arguments.samdata, work)
    words = {word for m in chosen for s in m.subjects for word in s.command}
    inputs = (".nii.gz", ".npy", ".onnx", ".floor", ".h5", ".pth", ".tif")
    read_once(sorted(word for word in words if word.endswith(inputs)))
    agreed = measure_all(chosen, arguments.repeats, lambda measure: check(measure, python, work))

    version = run([arguments.samdata, "--version"]).output.strip()
    peers = ", ".join(f"{name} {number}" for name, number in versions().items())
    lines = [
        f"samdata {version} on {machine()}; {arguments.repeats} interleaved repeats, CPU = user + system. Peers and floors "
        f"run with one thread; samdata with one except where `--jobs 2` is said; models with two. Peers: {peers}.",
    ]
    missed = False
    for measure in chosen:
        told = targets(measure)
        missed = missed or any(text.startswith("MISSED") for text in told)
        lines += ["", *table(measure), "", " ".join([f"Target {'; '.join(told)}.", agreed[measure.name]]).strip()]
    text = "\n".join(lines)
    print(text)
    with open(f"{work}/results.json", "w") as file:
        json.dump(results(chosen, arguments, version), file, indent=1)
        file.write("\n")
    if arguments.update_readme:
        update_readme(text)
    if missed and arguments.require_targets:
        sys.exit(1)


if __name__ == "__main__":
    main()
