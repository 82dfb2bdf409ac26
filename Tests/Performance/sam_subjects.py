"""What is measured of the models: encoders, prompts, and the time from the start of the program to a mask."""

import glob
import os
import subprocess
import sys

from measure import environment
from subjects import Measure, Subject

# Two threads for everybody, and nothing that retunes OpenBLAS: its variables are unset, see `environment`.
TWO = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": None, "MKL_NUM_THREADS": None}
# Freed memory is kept and lies in huge pages: most of what PyTorch loses to page faults.
TUNED = TWO | {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184:"
    "glibc.malloc.top_pad=268435456",
    "THP_MEM_ALLOC_ENABLE": "1",
}
# Relative Euclidean distance from samdata's result that is allowed: rounding in another order; bfloat16 by its own rule.
TOLERANCE, BFLOAT16 = 1e-5, {"vit-b": 1e-2, "mobile": 2.5e-2}


def sam_measures(samdata, probes, work, python):
    """The measures. Rows of peers that are not installed, or whose input could not be made, are left out."""
    here = os.path.dirname(os.path.abspath(__file__))
    data, out = f"{work}/sam", f"{work}/out/sam"
    os.makedirs(out, exist_ok=True)

    def installed(*packages):
        return all(glob.glob(f"{work}/python/lib/python3*/site-packages/{name}") for name in packages)

    def ours(name, part, model, file, runs, *words):
        command = [f"{probes}/segment-pictures", part, model, f"{data}/{file}", str(runs), *words]
        return Subject(name, "ours", command + ["--result", f"{out}/{name}.bin"], environment=TWO)

    def peer(name, part, tool, model, file, runs, *words, tuned=False, most=3):
        command = [python, f"{here}/peers/sam.py", part, tool, model, f"{data}/{file}", str(runs), *words]
        command += ["--result", f"{out}/{name}.bin"]
        return Subject(name, "peer", command, environment=TUNED if tuned else TWO, most=most)

    def pytorch(part, model, file, runs, *words):
        if not installed("torch", "segment_anything" if model == "vit-b" else "mobile_sam"):
            return []
        return [
            peer("PyTorch", part, "torch", model, file, runs, *words),
            peer("PyTorch, allocator tuned", part, "torch", model, file, runs, *words, tuned=True),
        ]

    def encoders(model, runs):
        rows = [
            ours("samdata", "encode", model, "input.npy", runs),
            ours("samdata, bfloat16", "encode", model, "input.npy", runs, "--precision", "bfloat16"),
            *pytorch("encode", model, "input.npy", max(runs // 3, 1)),
        ]
        # Before the inputs are made nobody knows what can be run.
        if os.path.exists(f"{data}/{model}.onnx") or not os.path.isdir(data):
            for tool, name in [("onnxruntime", "ONNX Runtime"), ("openvino", "OpenVINO, float32")]:
                if installed(tool):
                    words = ["--onnx", f"{data}/{model}.onnx"]
                    rows.append(peer(name, "encode", tool, model, "input.npy", runs, *words))
        return rows

    floor = [f"{work}/floors/encoder", f"{data}/vit-b.floor", f"{data}/input.npy", "3", f"{out}/floor.bin"]
    points = ["--points", f"{data}/points.npy"]
    starting = [
        Subject("samdata segment, embedding in its cache", "ours", start_command(samdata, work), environment=TWO),
    ]
    if installed("torch"):
        starting.append(Subject("python, import torch", "peer", [python, "-c", "import torch"], environment=TWO, most=3))
    if installed("torch", "segment_anything"):
        command = [python, f"{here}/peers/sam_start.py", f"{data}/vit-b.pth", f"{data}/embedding.npy"]
        starting.append(Subject("PyTorch, segment_anything", "peer", command, environment=TWO, most=3))
    return [
        Measure(
            "sam-vit-b",
            "ViT-B image encoder at 1024 pixels, one picture",
            "seconds",
            2.3,
            [
                *encoders("vit-b", 3),
                Subject("plain C over OpenBLAS", "floor", floor, environment=TWO),
            ],
            memory=1e9,
            floor_then=2.2,
        ),
        Measure(
            "sam-mobile", "MobileSAM image encoder at 1024 pixels, one picture", "seconds", 0.26, encoders("mobile", 9)
        ),
        Measure(
            "sam-box",
            "One box through prompt encoder and mask decoder, three masks",
            "seconds",
            0.020,
            [
                ours("samdata", "box", "mobile", "embedding.npy", 31),
                *pytorch("box", "mobile", "embedding.npy", 9),
            ],
        ),
        Measure(
            "sam-points",
            "64 points through prompt encoder and mask decoder, three masks each",
            "seconds",
            0.7,
            [
                ours("samdata", "points", "mobile", "embedding.npy", 3, *points),
                *pytorch("points", "mobile", "embedding.npy", 1, *points),
            ],
        ),
        Measure(
            "sam-start", "From the start of the program to a mask, ViT-B, picture embedded before", "wall", 0.3, starting
        ),
    ]


def start_command(samdata, work):
    data = f"{work}/sam"
    return [samdata, "segment", "--checkpoint", f"{data}/vit-b.h5", "--image", f"{data}/picture.png"] + (
        ["--box", "40,40,200,180", "--embeddings", f"{work}/out/embeddings", "--output", f"{work}/out/mask.png"]
        + ["--quiet"]
    )


def prepare_start(samdata, work):
    """Embeds the picture, so that the first repeat finds it embedded."""
    subprocess.run(start_command(samdata, work), check=True, stdout=subprocess.DEVNULL, env=environment(TWO))


def check(measure, python):
    """Compares all results with samdata's; the sentence that is printed under the table."""
    if measure.name == "sam-start":
        return ""
    files = {s.name: s.command[-1] for s in measure.subjects}
    first, *others = files.values()
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_sam.py")
    done = subprocess.run([python, script, first, *others], capture_output=True, text=True, env=environment())
    if done.returncode:
        sys.exit(f"error: bench {measure.name}: {done.stderr.strip()}")
    found = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    worst, said = (0.0, 0.0), ""
    for name, (relative, largest) in zip(list(files)[1:], found):
        rough = "bfloat16" in name
        allowed = BFLOAT16[measure.ours.command[2]] if rough else TOLERANCE
        if not relative <= allowed:
            sys.exit(
                f"error: bench {measure.name}: {name}: found a relative distance of {relative:.1e} from samdata's "
                f"result, expected at most {allowed:g}"
            )
        if rough:
            said = f" The bfloat16 mode is {relative:.1e} from the float32 one."
        else:
            worst = max(worst, (relative, largest))
    return (
        f"Results of all {len(found) + 1 - bool(said)} float32 programs differ from samdata's by at most {worst[1]:.1e}, "
        f"{worst[0]:.1e} of their Euclidean norm.{said}"
    )
