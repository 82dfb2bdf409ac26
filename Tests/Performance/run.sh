#!/bin/sh
# Measures samdata beside its peers and the floors, and prints a table. Called by `make bench` after a release build.
#   run.sh [--quick] [--update-readme] [--only NAME] ...    see bench.py --help
#   MEASURES="score-maps load" run.sh                       only these measures
# Everything it makes goes to .build/bench: a virtual environment, the C floors, the Swift probes, inputs, results.
set -eu
cd "$(dirname "$0")/../.."
here=Tests/Performance
bench=.build/bench
python=$bench/python/bin/python
mkdir -p "$bench/floors"

make_python() {
    [ -x "$python" ] && cmp -s "$here/requirements.txt" "$bench/python/requirements.txt" && return 0
    echo "bench: installing the peers into $bench/python (once)" >&2
    if ! python3 -m venv "$bench/python" 2>/dev/null; then
        rm -rf "$bench/python"
        echo "error: python3 -m venv does not work; install python3-venv (apt-get install python3-venv) and run again" >&2
        exit 69
    fi
    "$python" -m pip install -q -r "$here/requirements.txt"
    # The usual PyTorch brings gigabytes of CUDA. SAMDATA_BENCH_TORCH names a smaller one, as arguments of pip, for example
    # "torch==2.13.0+cpu" or "torch --index-url URL".
    # shellcheck disable=SC2086
    if "$python" -m pip install -q ${SAMDATA_BENCH_TORCH:-torch}; then
        "$python" -m pip install -q --no-deps monai  # numpy and torch are all it needs
        "$python" -m pip install -q torchio || echo "note: TorchIO could not be installed; its row is left out" >&2
    else
        echo "note: PyTorch could not be installed; the MONAI rows are left out" >&2
    fi
    # The published models lie on no package index. SAMDATA_BENCH_SAM names other places, as arguments of pip.
    # shellcheck disable=SC2086
    "$python" -m pip install -q --no-deps ${SAMDATA_BENCH_SAM:-git+https://github.com/facebookresearch/segment-anything.git \
        git+https://github.com/ChaoningZhang/MobileSAM.git} ||
        echo "note: segment_anything or mobile_sam could not be installed; the PyTorch rows of models are left out" >&2
    for runtime in "onnx onnxruntime" openvino; do
        # shellcheck disable=SC2086
        "$python" -m pip install -q --only-binary :all: $runtime ||
            echo "note: $runtime could not be installed; its rows are left out" >&2
    done
    for reader in "openslide-bin openslide-python" "imagecodecs zarr"; do
        # shellcheck disable=SC2086
        "$python" -m pip install -q --only-binary :all: $reader ||
            echo "note: $reader could not be installed; its rows are left out" >&2
    done
    # It brings compiled code of its own and numba, which do not exist for every Python.
    "$python" -m pip install -q --only-binary :all: stardist ||
        echo "note: stardist could not be installed; its row is left out" >&2
    cp "$here/requirements.txt" "$bench/python/requirements.txt"
}

make_floors() {
    flags="-O3 -march=native -std=gnu11"
    if [ ! "$bench/floors/encoder" -nt "$here/floors/encoder.c" ]; then
        # shellcheck disable=SC2046,SC2086
        ${CC:-cc} $flags -o "$bench/floors/encoder" "$here/floors/encoder.c" $(pkg-config --cflags --libs openblas) -lm -lpthread
    fi
    for floor in slides outlines nuclei; do
        [ "$bench/floors/$floor" -nt "$here/floors/$floor.c" ] && [ "$bench/floors/$floor" -nt "$here/floors/histology.h" ] &&
            continue
        # shellcheck disable=SC2046,SC2086
        ${CC:-cc} $flags -o "$bench/floors/$floor" "$here/floors/$floor.c" $(pkg-config --cflags --libs libtiff-4 libjpeg zlib) -lm
    done
    for floor in inflate slices prompts headers distances instances scores augment; do
        [ "$bench/floors/$floor" -nt "$here/floors/$floor.c" ] && [ "$bench/floors/$floor" -nt "$here/floors/common.h" ] && continue
        # shellcheck disable=SC2046,SC2086
        ${CC:-cc} $flags -o "$bench/floors/$floor" "$here/floors/$floor.c" \
            $(pkg-config --cflags --libs hdf5 libdeflate zlib) -lm
    done
}

make_probes() {
    swift build -c release --static-swift-stdlib --package-path "$here/Loads" --scratch-path "$bench/loads" >&2
}

make_python
make_floors
make_probes
probes=$(swift build -c release --package-path "$here/Loads" --scratch-path "$bench/loads" --show-bin-path)
samdata=${SAMDATA:-$(swift build -c release --show-bin-path)/samdata}
exec "$python" "$here/bench.py" --samdata "$samdata" --probes "$probes" --work "$bench" "$@"
