"""What is measured of slides and nuclei: pixels of patches, outlines under them, whole preparing, and one MoNuSeg image."""

import glob
import json
import os
import subprocess
import sys

from measure import environment, run
from subjects import Measure, Subject

SIDE, TIMES = 256, 5
# libvips looks at it; one thread for every peer.
ONE = {"VIPS_CONCURRENCY": "1"}


def histology_measures(samdata, probes, work, python):
    """The measures. Rows of peers that are not installed are left out."""
    here = os.path.dirname(os.path.abspath(__file__))
    data = f"{work}/histology"
    slide, outlines = f"{data}/slide/images/tumor_001.tif", f"{data}/slide/annotations/tumor_001.xml"
    patches = [f"{data}/patches.txt", str(SIDE)]

    def installed(*packages):
        return all(glob.glob(f"{work}/python/lib/python3*/site-packages/{name}") for name in packages)

    def peer(name, needed, script, *words, most=3, **others):
        if not installed(*needed):
            return []
        return [Subject(name, "peer", [python, f"{here}/peers/{script}.py", *words], most=most, environment=ONE, **others)]

    def floor(name, tool, *words, **others):
        return Subject(name, "floor", [f"{work}/floors/{tool}", *words], **others)

    def out(name):
        return f"{work}/out/{name}"

    reading = [
        *(
            Subject(name, "ours", [f"{probes}/read-patches", slide, *patches, threads])
            for name, threads in [("samdata", "1"), ("samdata, two threads", "2")]
        ),
        *peer("libvips (pyvips)", ["pyvips"], "slides", "pyvips", slide, *patches),
        *peer("OpenSlide", ["openslide", "openslide_bin"], "slides", "openslide", slide, *patches),
        *peer("tifffile and zarr", ["tifffile", "zarr", "imagecodecs"], "slides", "tifffile", slide, *patches, most=2),
        floor("plain C over libjpeg-turbo", "slides", slide, *patches),
    ]
    filling = [
        Subject("samdata", "ours", [f"{probes}/fill-patches", outlines, *patches]),
        *peer("OpenCV, fillPoly patch by patch", ["cv2"], "outlines", outlines, *patches),
        floor("plain C, a row of patches at a time", "outlines", f"{data}/outlines.txt", *patches, "20000"),
        # not a floor, but a program of the same folder: what ASAP does for every pixel
        Subject(
            "plain C, winding number of every pixel, as ASAP",
            "peer",
            [f"{work}/floors/outlines", f"{data}/outlines.txt", *patches, "20000", "--winding"],
            most=2,
        ),
    ]

    def prepare(jobs):
        return [samdata, "prepare", "camelyon16", "--from", f"{data}/slide", "--to", out(f"slide-{jobs}")] + (
            ["--split", "none", "--patch", str(SIDE), "--level", "0", "--tissue-min", "0.5"]
            + ["--jobs", jobs, "--quiet"]
        )

    preparing = [
        Subject(f"samdata prepare, 5 prompts, --jobs {jobs}", "ours", prepare(jobs), clean=out(f"slide-{jobs}"))
        for jobs in ("1", "2")
    ]
    for compression, name in [("gzip4", "gzip"), ("gzip1", "gzip of level 1"), ("none", "uncompressed")]:
        preparing += peer(
            f"OpenSlide, OpenCV and h5py, {name}, no prompts",
            ["openslide", "openslide_bin", "cv2", "h5py"],
            "prepare_slide",
            compression,
            slide,
            outlines,
            out(f"slide-{compression}"),
            clean=out(f"slide-{compression}"),
        )

    preparing.append(floor("pixels alone, plain C over libjpeg-turbo", "slides", slide, *patches))

    labelling = []
    for role in ("typical", "largest"):
        pair = [path for ending in ("tif", "xml") for path in glob.glob(f"{data}/nuclei/{role}/*.{ending}")]
        if len(pair) < 2 and os.path.isdir(data):
            continue
        words, shown = [*pair, str(TIMES)], "" if role == "typical" else f", {role} list of outlines"
        labelling += [
            Subject(f"samdata{shown}", "ours", [f"{probes}/label-nuclei", *words], group=role),
            *(
                row
                for mode, name in [
                    ("cv2", "lxml and OpenCV"),
                    ("pil", "lxml and Pillow"),
                    ("cv2-cropped", "lxml and OpenCV, box by box"),
                ]
                for row in peer(
                    f"{name}{shown}", ["lxml", "cv2", "PIL", "tifffile"], "nuclei", mode, *words, group=role, most=2
                )
            ),
            floor(f"plain C{shown}", "nuclei", *words, group=role),
        ]
    folder, store = f"{data}/nuclei/typical", out("nuclei")
    command = [samdata, "prepare", "monuseg", "--from", folder, "--to", store, "--split", "none", "--jobs", "1", "--quiet"]
    name = "samdata prepare, 5 prompts, to a store, whole process"
    labelling.append(Subject(name, "ours", command, clean=store, group="typical"))
    return [
        Measure(
            "slides-patches",
            "Pixels of 1,812 patches of 256 x 256 from a JPEG pyramid of 20,000 x 20,000",
            "work",
            0.40,
            reading,
            memory=0.4e9,
            floor_then=0.35,
        ),
        Measure(
            "slides-prepare",
            "The same patches by their tissue, with tumour masks, to a store",
            "cpu",
            0,
            preparing,
            memory=1e9,
            times_peer=5,
        ),
        Measure("slides-outlines", "Tumour outlines less holes under the same patches", "work", 0.03, filling),
        Measure(
            "nuclei",
            "One MoNuSeg image from TIFF and XML to instance map, boxes and centres",
            "work",
            0.020,
            labelling,
        ),
    ]


def fail(measure, text):
    sys.exit(f"error: bench {measure.name}: {text}")


def own(subject):
    return subject.runs[-1].own


def same(measure, subjects, key):
    """The value that all of them printed."""
    first, *others = subjects
    for other in others:
        if own(other)[key] != own(first)[key]:
            fail(measure, f"{other.name}: found {key} {own(other)[key]}, expected {own(first)[key]} as {first.name} has it")
    return own(first)[key]


def near(measure, subject, first, key, share):
    """How far a value is from the first subject's, refused above a share."""
    found, expected = own(subject)[key], own(first)[key]
    if abs(found - expected) > share * expected:
        fail(measure, f"{subject.name}: found {key} {found}, expected {expected} within {share:.1%}")
    return abs(found - expected) / expected


def check(measure, python):
    """Compares all results with samdata's; the sentence that is printed under the table."""
    return {
        "slides-patches": patches_agree,
        "slides-outlines": outlines_agree,
        "slides-prepare": stores_agree,
        "nuclei": nuclei_agree,
    }[measure.name](measure, python)


def patches_agree(measure, python):
    count = same(measure, measure.subjects, "patches")
    same(measure, measure.subjects, "bytes")
    sums = {s.name: run([*s.command, "--check"], s.environment).own["adler32"] for s in measure.subjects}
    for name, found in sums.items():
        if found != sums[measure.ours.name]:
            fail(measure, f"{name}: the pixels of the patches differ from samdata's")
    return f"All pixels of the {count} patches are equal (Adler-32) for all {len(sums)} programs."


def outlines_agree(measure, python):
    first, told = measure.ours, []
    for subject in measure.subjects[1:]:
        # The rules differ on the outlines only; ours and the floor's are the same.
        share = near(measure, subject, first, "area", 1e-7 if subject.role == "floor" else 0.005)
        told.append(f"{subject.name} {share:.1e}")
    return (
        f"{own(first)['area']} tumour pixels in {own(first)['patches']} patches; relative differences of that number: "
        + ", ".join(told)
        + "."
    )


def stores_agree(measure, python):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_slide_store.py")
    folders = [s.clean for s in measure.subjects if s.clean]
    done = subprocess.run([python, script, *folders], capture_output=True, text=True, env=environment())
    if done.returncode:
        fail(measure, done.stderr.strip()[-1000:])
    found = json.loads(done.stdout.splitlines()[-1])
    return (
        f"The same {found['patches']} patches with equal pixels in all {len(folders)} stores; the masks of OpenCV differ "
        f"from samdata's in {found['different']} of {found['tumour']} tumour pixels, on the outlines."
    )


def nuclei_agree(measure, python):
    told = []
    for group in dict.fromkeys(s.group for s in measure.subjects):
        rows = [s for s in measure.subjects if s.group == group and not s.clean]
        first = rows[0]
        same(measure, rows, "pixels")
        for row in rows[1:]:
            if row.role == "floor":
                same(measure, [first, row], "objects")
                # Pixels whose centre lies on an edge fall to rounding in the floor.
                for key in ("area", "contested", "boxes", "centres"):
                    near(measure, row, first, key, 1e-4)
            else:
                near(measure, row, first, "objects", 0.02)
                near(measure, row, first, "area", 0.25)
        told.append(f"{own(first)['objects']} nuclei of {own(first)['area']} pixels")
    return (
        f"{' and '.join(told)}: area, contested pixels, boxes and centres are those of the floor within 1e-4. OpenCV and "
        "Pillow draw outlines too and let the later nucleus win, so that of them only the pixels and the number of nuclei are compared."
    )
