#!/bin/sh
# Installs what samdata needs on Debian and Ubuntu, and only what is missing.
#   install-dependencies.sh          Swift is checked, system packages are installed
#   install-dependencies.sh python   the virtual environment the tests use (.build/python)
set -eu
cd "$(dirname "$0")"

packages="libnifti-dev libtiff-dev libopenblas-dev libhdf5-dev libdeflate-dev libpng-dev libssl-dev zlib1g-dev pkg-config"

missing() {
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "error: installing needs root; run as root: $*" >&2
        exit 1
    fi
}

install_packages() {
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "error: apt-get is not here; install the equivalents of: $wanted" >&2
        exit 1
    fi
    echo "installing: $wanted"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    as_root apt-get install -y -q --no-install-recommends $wanted >/dev/null 2>&1 || {
        as_root apt-get update -q >/dev/null
        # shellcheck disable=SC2086
        as_root apt-get install -y -q --no-install-recommends $wanted >/dev/null
    }
}

check_swift() {
    if ! command -v swift >/dev/null 2>&1; then
        echo "error: Swift 6.2 or later is needed and \`swift\` is not on the PATH; get it with:" >&2
        echo "  curl -O https://download.swift.org/swiftly/linux/swiftly-\$(uname -m).tar.gz && tar zxf swiftly-\$(uname -m).tar.gz && ./swiftly init" >&2
        exit 1
    fi
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -1)
    major=${version% *}
    minor=${version#* }
    if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" = 6 ] && [ "$minor" -lt 2 ]; }; then
        echo "error: found Swift ${version:-of unknown version}, expected 6.2 or later; with swiftly: swiftly install latest --use" >&2
        exit 1
    fi
}

make_python() {
    python=.build/python/bin/python
    stamp=.build/python/requirements.txt
    if [ -x "$python" ] && cmp -s Tests/Python/requirements.txt "$stamp"; then return 0; fi
    if command -v apt-get >/dev/null 2>&1; then install_packages python3 python3-venv; fi
    mkdir -p .build
    if python3 -m venv .build/python && "$python" -m pip install -q -r Tests/Python/requirements.txt; then
        cp Tests/Python/requirements.txt "$stamp"
    else
        rm -rf .build/python
        if [ "${CI:-}" = true ]; then
            echo "error: the Python environment could not be made" >&2
            exit 1
        fi
        echo "note: no Python environment; the tests that use other people's readers will be skipped" >&2
    fi
}

case "${1:-system}" in
system)
    check_swift
    # shellcheck disable=SC2086
    install_packages $packages
    ;;
python) make_python ;;
*)
    echo "usage: install-dependencies.sh [python]" >&2
    exit 64
    ;;
esac
