#!/bin/sh
# Looks every pinned version of constraints.txt up in the list of known vulnerabilities (pip-audit; needs a network).
# Without a network it says that it was skipped. Exit status: 0 nothing known or skipped, 1 something is known.
set -eu
cd "$(dirname "$0")/.."
home=build/audit
skip() { echo "audit: skipped, $1"; exit 0; }

mkdir -p build
if [ ! -x "$home/bin/pip-audit" ]; then
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/python" -m pip install --quiet --disable-pip-version-check --retries 0 --timeout 10 pip-audit \
        >/dev/null 2>&1 || { rm -rf "$home"; skip "pip-audit cannot be installed here"; }
fi
report=$(mktemp)
trap 'rm -f "$report"' EXIT
timeout 100 "$home/bin/pip-audit" --requirement constraints.txt --no-deps --disable-pip --progress-spinner off \
    --timeout 10 --format json >"$report" 2>/dev/null || true
python3 - "$report" <<'END'
import json, pathlib, sys

try:
    packages = json.loads(pathlib.Path(sys.argv[1]).read_text())["dependencies"]
except (ValueError, KeyError):
    packages = []
seen = [package for package in packages if "skip_reason" not in package]
if not seen:
    print("audit: skipped, the list of vulnerabilities cannot be reached")
found = [(package["name"], package["version"], one["id"]) for package in seen for one in package["vulns"]]
for name, version, number in found:
    print(f"audit: {name} {version}: {number}")
if seen and not found:
    print(f"audit: nothing known against {len(seen)} of {len(packages)} pinned packages")
sys.exit(bool(found))
END
