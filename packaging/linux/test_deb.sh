#!/bin/bash
# Installs a .deb with apt, starts RoomNet from its desktop entry under Xvfb, takes a picture of the window, and removes
# the package again: nothing may be left of it but the user's own data. Needs root; the program runs as an ordinary user.
#   test_deb.sh dist/roomnet-light_0.1.0_amd64.deb screenshot.png [FOLDER OF PHOTOS]
set -euo pipefail
deb=$(realpath "$1")
picture=$(realpath "$2")
photos=${3:+$(realpath "$3")}
package=$(dpkg-deb --field "$deb" Package)
account=roomnet-tester
export DEBIAN_FRONTEND=noninteractive

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# Everything outside of homes, of the machine's own run-time places and of apt's bookkeeping.
files() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /home -o -path /root \
        -o -path /work -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/cache -o -path /var/log \
        -o -path /var/tmp \) -prune -o -print | sort
}

if dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$'; then
    fail "$package is installed already"
fi
scratch=$(mktemp -d)
chmod 755 "$scratch"
home=$scratch/home
server=''
window_program=''
clean_up() {
    # Only what this script started.
    for process in $window_program $server; do kill "$process" 2>/dev/null || true; done
    apt-get -qq purge --yes "$package" >/dev/null 2>&1 || true
    userdel "$account" 2>/dev/null || true
    rm -rf "$scratch"
}
trap clean_up EXIT
useradd --home-dir "$home" --create-home --shell /bin/sh "$account"

# Its dependencies first, so that the two lists differ by the package alone.
apt-get -qq update
dependencies=$(apt-get install --simulate --no-install-recommends "$deb" | awk '/^Inst/ { print $2 }' | grep -vx "$package" || true)
# shellcheck disable=SC2086 # one word for each package
if [ -n "$dependencies" ]; then apt-get -qq install --yes --no-install-recommends $dependencies >"$scratch/apt.log"; fi
files >"$scratch/before"
apt-get -qq install --yes --no-install-recommends "$deb" >>"$scratch/apt.log" 2>&1 || { cat "$scratch/apt.log"; fail "apt"; }

entry=/usr/share/applications/roomnet.desktop
if command -v desktop-file-validate >/dev/null; then desktop-file-validate "$entry"; fi
appstreamcli validate --no-net /usr/share/metainfo/app.roomnet.RoomNet.metainfo.xml
for size in 16 32 48 128 256 512; do
    [ -f "/usr/share/icons/hicolor/${size}x${size}/apps/roomnet.png" ] || fail "there is no icon of $size pixels"
done

# --- start it as a menu does: through the desktop entry
Xvfb -displayfd 1 -screen 0 1400x900x24 -ac -nolisten tcp >"$scratch/display" 2>/dev/null &
server=$!
for _ in $(seq 100); do
    [ -s "$scratch/display" ] && break
    sleep 0.1
done
number=$(cat "$scratch/display")
launch=(env -i "HOME=$home" "DISPLAY=:$number" LANG=C.UTF-8 PATH=/usr/bin:/bin "XDG_RUNTIME_DIR=$home")
if [ -n "$photos" ]; then
    cp -r "$photos" "$home/photos"
    chown -R "$account:" "$home/photos"
fi
setpriv --reuid="$account" --regid="$account" --clear-groups "${launch[@]}" \
    gio launch "$entry" ${photos:+"$home/photos"} &
launcher=$!
wait "$launcher" || fail "the desktop entry does not start"
found=
for _ in $(seq 100); do
    found=$(DISPLAY=:$number xdotool search --onlyvisible --name RoomNet 2>/dev/null | head -n 1 || true)
    [ -n "$found" ] && break
    sleep 0.2
done
[ -n "$found" ] || fail "no window of RoomNet appeared"
window_program=$(DISPLAY=:$number xdotool getwindowpid "$found")
sleep 6 # the photos are being classified
DISPLAY=:$number import -window root "$picture"
[ -d "$home/.local/share/RoomNet" ] || fail "the user's data is not where it should be"
kill "$window_program"
for _ in $(seq 50); do
    kill -0 "$window_program" 2>/dev/null || break
    sleep 0.1
done

# --- remove it
apt-get -qq purge --yes "$package" >>"$scratch/apt.log" 2>&1
files >"$scratch/after"
if ! diff "$scratch/before" "$scratch/after" >"$scratch/left"; then
    cat "$scratch/left"
    fail "removing $package left or took something"
fi
[ -d "$home/.local/share/RoomNet" ] || fail "removing $package took the user's data"
echo "installed, started from its desktop entry, photographed, removed: nothing is left but the user's data"
