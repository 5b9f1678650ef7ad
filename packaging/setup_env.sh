#!/bin/sh
# Makes .venv with RoomNet and the given extras (`test,dev`) in it, and on Debian-like systems the shared libraries that
# Qt needs. Does nothing when that was done already for the same pyproject.toml and constraints.txt in the same place.
set -eu
cd "$(dirname "$0")/.."
extras=$1
venv=.venv
stamp=$venv/.ready-$extras

say() { printf '%s\n' "$*" >&2; }

key=$(cat pyproject.toml constraints.txt packaging/setup_env.sh packaging/system_libraries.py | cksum)" $PWD"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ] && [ -x "$venv/bin/python" ]; then exit 0; fi

# --- Python
python=
for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "RoomNet needs Python 3.11, 3.12 or 3.13, and none of them is on the PATH."
    exit 1
fi

# Installs Debian packages when root may do so; otherwise says how, and stops.
need_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "Missing on this system, under the names that Debian gives them: $*"
        say "Install them with the package manager of your system, then run make again."
        exit 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        say "Missing on this system: $*"
        say "Install them, then run make again:"
        say "    sudo apt-get update && sudo apt-get install --yes --no-install-recommends $*"
        exit 1
    fi
    say "Installing $*"
    log=$(mktemp)
    if ! { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@"; } \
        >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        exit 1
    fi
    rm -f "$log"
}

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    need_packages "$("$python" -c 'import sys; print(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")')"
fi
packages=$("$python" packaging/system_libraries.py)
# shellcheck disable=SC2086 # one word for each package
if [ -n "$packages" ]; then need_packages $packages; fi

# --- the environment
# A folder that was copied or moved, or whose Python is gone, holds paths that lead elsewhere: begin anew.
if [ -d "$venv" ] && ! { [ "$(cat "$venv/.home" 2>/dev/null)" = "$PWD" ] && "$venv/bin/python" -m pip --version; } \
    >/dev/null 2>&1; then
    say "Making $venv anew"
    rm -rf "$venv"
fi
if [ ! -d "$venv" ]; then
    "$python" -m venv "$venv"
    printf '%s' "$PWD" >"$venv/.home"
fi
say "Installing RoomNet and what it needs into $venv (the first time about 1 GB is fetched)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[$extras]"
printf '%s' "$key" >"$stamp"
