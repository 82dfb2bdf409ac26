#!/bin/sh
# Builds the documentation of every module as static pages, one folder per module.
#   build-docs.sh OUT [MODULE ...]     (from the root of the package; all modules when none is named)
# A warning, such as a link to a symbol that does not exist, is an error.
set -eu
out=${1:?usage: build-docs.sh OUT [MODULE ...]}
shift
[ $# -gt 0 ] || set -- SamdataWorkflow SampleStore MedicalDatasets SamplePreparation NIfTI MedicalImaging HDF5 PNGCodec \
    NumPyFiles DeflateCompression SafeFiles samdata

mkdir -p "$out"
out=$(cd "$out" && pwd)
for module in "$@"; do
    swift package --allow-writing-to-directory "$out" generate-documentation --target "$module" \
        --output-path "$out/$module" --transform-for-static-hosting --hosting-base-path "$module" \
        --warnings-as-errors
done

{
    echo '<!DOCTYPE html><meta charset="utf-8"><title>samdata</title><h1>samdata</h1><ul>'
    for folder in "$out"/*/; do
        module=$(basename "$folder")
        page=$(basename "$(find "$folder/documentation" -mindepth 1 -maxdepth 1 -type d | head -1)")
        echo "<li><a href=\"$module/documentation/$page/\">$module</a></li>"
    done
    echo '</ul>'
} >"$out/index.html"
echo "$out: serve this folder, for example with: python3 -m http.server --directory $out"
