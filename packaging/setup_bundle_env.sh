#!/bin/sh
# Makes .venv-bundle: RoomNet and what freezes it, apart from the environment for developers. On Linux TensorFlow is
# exchanged for its build without a GPU's kernels, which are 290 MB and of use only beside 3 GB of CUDA libraries
# (docs/adr/0015); TENSORFLOW=gpu keeps them.
set -eu
cd "$(dirname "$0")/.."
venv=.venv-bundle
stamp=$venv/.ready
key=$(cat pyproject.toml constraints.txt packaging/setup_bundle_env.sh | cksum)" $PWD ${TENSORFLOW:-cpu}"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ]; then exit 0; fi

rm -rf "$venv"
.venv/bin/python -m venv "$venv"
pip="$venv/bin/python -m pip --quiet --disable-pip-version-check"
$pip install --constraint constraints.txt --editable ".[bundle]"
if [ "$(uname -s)" = Linux ] && [ "${TENSORFLOW:-cpu}" = cpu ]; then
    version=$($venv/bin/python -c 'import importlib.metadata; print(importlib.metadata.version("tensorflow"))')
    $pip uninstall --yes tensorflow
    $pip install --no-deps "tensorflow-cpu==$version"
fi
printf '%s' "$key" >"$stamp"
