#!/bin/sh
# Runs the tests with the oldest versions that pyproject.toml allows (constraints-min.txt), in an environment of its own.
set -eu
cd "$(dirname "$0")/.."
home=build/oldest
key=$(cat pyproject.toml constraints-min.txt | cksum)
if [ "$(cat "$home/.ready" 2>/dev/null)" != "$key" ]; then
    rm -rf "$home"
    mkdir -p build
    python3.11 -m venv "$home"  # the oldest Python, too
    "$home/bin/python" -m pip install --quiet --disable-pip-version-check --constraint constraints-min.txt \
        --editable ".[test]"
    printf '%s' "$key" >"$home/.ready"
fi
exec "$home/bin/python" -m pytest -m "not install" -p no:cacheprovider "$@"
