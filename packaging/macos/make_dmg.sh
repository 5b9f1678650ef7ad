#!/bin/sh
# Makes the disk image: make_dmg.sh dist/RoomNet.app dist/RoomNet-1.0.0-arm64.dmg
# With SIGN_IDENTITY set, the application is signed for it first; without, it is signed ad hoc, which Apple silicon wants.
set -eu
application=$1
image=$2

codesign --force --deep --options runtime --timestamp=none --sign "${SIGN_IDENTITY:--}" "$application"
codesign --verify --deep --strict "$application"
content=$(mktemp -d)
trap 'rm -rf "$content"' EXIT
ditto "$application" "$content/RoomNet.app"
ln -s /Applications "$content/Applications"
rm -f "$image"
hdiutil create -volname RoomNet -srcfolder "$content" -fs HFS+ -format ULMO "$image"
