#!/bin/sh
# Puts RoomNet into the menu of this user, from the folder that this script lies in; no root is needed.
# `add-to-menu.sh --remove` takes it out again. The folder itself is yours to move (then run this again) or delete.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$share/applications/roomnet.desktop

find "$here/share/icons" -type f | while read -r icon; do
    place=$share/icons/${icon#"$here"/share/icons/}
    if [ "${1:-}" = --remove ]; then
        rm -f "$place"
    else
        mkdir -p "$(dirname "$place")"
        cp "$icon" "$place"
    fi
done
if [ "${1:-}" = --remove ]; then
    rm -f "$entry"
else
    mkdir -p "$(dirname "$entry")"
    # Inside quotes these are escaped; in a desktop entry each backslash is doubled again, and so is a per cent sign.
    program=$(printf '%s/roomnet-gui' "$here" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
    grep -v '^TryExec=' "$here/share/applications/roomnet.desktop" |
        PROGRAM=$program awk '/^Exec=/ { print "Exec=\"" ENVIRON["PROGRAM"] "\" %F"; next } { print }' >"$entry"
fi
if command -v update-desktop-database >/dev/null 2>&1; then
    update-desktop-database -q "$share/applications" || true
    # Of entries that are gone it leaves an empty list.
    if [ "${1:-}" = --remove ] && [ -z "$(find "$share/applications" -name "*.desktop" 2>/dev/null | head -n 1)" ]; then
        rm -f "$share/applications/mimeinfo.cache"
    fi
fi
