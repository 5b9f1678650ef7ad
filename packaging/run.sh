#!/bin/sh
# Opens the window on a folder of photos; without a display, classifies the folder in the terminal and writes Excel.
set -eu
cd "$(dirname "$0")/.."
photos=$1
excel=$2

holds_photos() {
    [ -e "$1" ] && find -L "$1" -type f 2>/dev/null |
        grep -qiE '\.(jpe?g|png|webp|tiff?|bmp|gif|avif|hei[cf])$'
}

if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    if ! holds_photos "$photos"; then
        echo "There is no display, so RoomNet works in the terminal, and $photos holds no photos." >&2
        echo "Give it a folder: make run PHOTOS=/path/to/your/photos" >&2
        exit 0
    fi
    exec .venv/bin/python -m roomnet_core classify "$photos" --excel "$excel"
fi
if holds_photos "$photos"; then
    exec .venv/bin/python -m roomnet_gui "$photos"
fi
exec .venv/bin/python -m roomnet_gui
