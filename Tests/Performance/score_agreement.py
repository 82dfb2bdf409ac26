"""Whether all scorers found the same numbers. A number that differs by more than the tolerance ends the benchmark."""

import json
import sys

from measure import run

# relative; the floors and MONAI keep distances in single precision, stardist its IoU
TOLERANCES = {"plain C": 1e-6, "nibabel + MONAI": 2e-5, "MONAI": 2e-5, "stardist": 1e-6}


def check(measure):
    """Compares the results of a measure's subjects; the sentence that is printed under its table."""
    return {
        "score-volume": volume,
        "score-hard": hard,
        "score-files": files,
        "score-instances": instances,
        "score-slices": slices,
        "score-maps": maps,
    }[measure.name](measure)


def own(subject):
    return subject.runs[-1].own


def named(measure, start):
    return [s for s in measure.subjects if s.name.startswith(start)]


def compare(measure, subject, found, expected):
    """Compares the numbers that both have; how many there were."""
    tolerance = next((value for start, value in TOLERANCES.items() if subject.name.startswith(start)), 1e-9)
    count = 0
    for name, value in found.items():
        if isinstance(value, dict):
            if name in expected:
                count += compare(measure, subject, value, expected[name])
            continue
        if name not in expected:
            continue
        wanted = expected[name]
        if not abs(value - wanted) <= tolerance * max(abs(value), abs(wanted)):
            sys.exit(
                f"error: bench {measure.name}: {subject.name}: {name}: found {value}, samdata found {wanted}, "
                f"expected a relative difference of at most {tolerance:g}"
            )
        count += 1
    return count


def compare_some(measure, subject, found, expected):
    """Compares the numbers that both have, which must be some."""
    count = compare(measure, subject, found, expected)
    if not count:
        sys.exit(f"error: bench {measure.name}: {subject.name}: found no number to compare, expected some")
    return count


def compare_all(measure, subjects, expected, key):
    return sum(compare_some(measure, subject, own(subject)[key], expected) for subject in subjects)


def sentence(count, programs, more=""):
    return f"{count} numbers of {programs} other programs are samdata's{more}."


def volume(measure):
    first, second, surfel = named(measure, "samdata")
    others = [s for s in measure.subjects if s not in (first, surfel) and not s.name.startswith("surface-distance")]
    count = compare_all(measure, others, own(first)["labels"], "labels")
    weighted = named(measure, "surface-distance")
    count += compare_all(measure, weighted, own(surfel)["labels"], "labels")
    return sentence(count, len(others) - 1 + len(weighted))


def hard(measure):
    count, programs = 0, 0
    for ours in named(measure, "samdata"):
        others = [s for s in measure.subjects if s.group == ours.group and s is not ours]
        count += compare_all(measure, others, own(ours)["labels"], "labels")
        programs += len(others)
    return sentence(count, programs)


def files(measure):
    """The report of the same command; under the convention `standard`, hd95 is the larger directed one."""
    report = json.loads(run([word for word in measure.ours.command if word != "--quiet"] + ["--json", "-"]).output)
    metrics = [metric["id"] for metric in report["metrics"]]
    expected = {}
    for row in report["rows"]:
        values = {name: entry["value"] for name, entry in zip(metrics, row["values"]) if entry["state"] == "value"}
        values["hd95:max-directed"] = values.pop("hd95")
        expected[str(row["label"])] = values
    others = [s for s in measure.subjects if s.role != "ours" and "labels" in own(s)]
    return sentence(compare_all(measure, others, expected, "labels"), len(others))


def instances(measure):
    ours = own(measure.ours)["values"]
    count = 0
    for subject in measure.subjects[1:]:
        expected = ours
        if subject.name.startswith("stardist"):  # a pair at the threshold counts there
            expected = run(measure.ours.command + ["--convention", "stardist"]).own["values"]
        count += compare_some(measure, subject, own(subject)["values"], expected)
    return sentence(count, len(measure.subjects) - 1)


def slices(measure):
    ours = named(measure, "samdata")[0]
    count = 0
    for subject in measure.subjects:
        if subject is ours:
            continue
        expected = own(ours)
        if "deepmind" in subject.command:
            continue
        for start, convention in [("surface-distance", "deepmind"), ("medpy", "medpy")]:
            if subject.name.startswith(start):  # their own rules, on the first 200 slices
                command = [word if word != "10000" else "200" for word in ours.command]
                expected = run(command + ["--convention", convention]).own
        found = {key: value for key, value in own(subject).items() if key in ("part", "all")}
        count += compare_some(measure, subject, found, expected)
    pairs = int(own(ours)["all"]["pairs"])
    return sentence(count, len(measure.subjects) - 2, f", sums over {pairs} pairs of masks or those of the first 200 slices")


def maps(measure):
    ours = own(measure.ours)["values"]
    others = measure.subjects[1:]
    return sentence(compare_all(measure, others, ours, "values"), len(others))
