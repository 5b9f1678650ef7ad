# ruff: noqa: RUF001
"""Sound photos whose names are the matter. No name may cost a photo, a table, a window or a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.hostile.case import Case, case
from tests.hostile.encoded import photo

_NAMES: dict[str, tuple[str, ...]] = {
    "names in every script": (
        "厨房 1.jpg",
        "キッチン.jpg",
        "부엌.jpg",
        "кухня.jpg",
        "κουζίνα.jpg",
        "مطبخ.jpg",
        "מטבח.jpg",
        "रसोई.jpg",
        "ครัว.jpg",
        "ሻይ ቤት.jpg",
        "კუხნია.jpg",
        "Küche.jpg",
        "Ku\u0308che.jpg",
        "ﬁnal.jpg",
        "𝔎𝔦𝔱𝔠𝔥𝔢𝔫.jpg",
        "🛁🏡.jpg",
        "👩‍👩‍👧‍👦.jpg",
        "ＩＭＧ＿１.jpg",
        "\U0002070e.jpg",
        "I\u0307stanbul.jpg",
    ),
    "control characters in names": (
        "new\nline.jpg",
        "carriage\rreturn.jpg",
        "tab\there.jpg",
        "bell\a.jpg",
        "escape \x1b[31mred.jpg",
        "delete\x7f.jpg",
        "title \x1b]0;owned\a.jpg",
        "next\u0085line.jpg",
        "line\u2028separator.jpg",
        "vertical\x0btab.jpg",
    ),
    "quotes and brackets in names": (
        "it's.jpg",
        'say "cheese".jpg',
        "`id`.jpg",
        "$(id).jpg",
        "a;b.jpg",
        "a|b.jpg",
        "a&b.jpg",
        "<b>bold<b>.jpg",
        "%s%n%x.jpg",
        "{0}{room!r}.jpg",
        "back\\slash.jpg",
        "star*.jpg",
        "[brackets].jpg",
        "what?.jpg",
        "~.jpg",
        "#1 & 100%.jpg",
    ),
    "names like options": ("-rf.jpg", "--help.jpg", "--json=x.jpg", "-.jpg", "@file.jpg"),
    "names like formulas": ("=1+1.jpg", "+SUM(A1).jpg", "@cmd.jpg", "=HYPERLINK(x).jpg", "\tcmd.jpg"),
    "long names": ("a" * 251 + ".jpg", "長" * 83 + ".jpg", "🏡" * 62 + ".jpeg"),
    "names that are no UTF-8": ("\udcff\udcfe.jpg", "IMG\udc80.jpg", "K\udcfcche.jpg", "\udced\udca0\udc80.jpg"),
    "names that run right to left": (
        "photo\u202egpj.exe.jpg",
        "\u200fa.jpg",
        "a\u2066b\u2069.jpg",
        "zero\u200bwidth.jpg",
        "bom\ufeff.jpg",
    ),
    "names that Windows reserves": (
        "CON.jpg",
        "nul.jpg",
        "COM1.jpeg",
        "LPT9.png.jpg",
        "AUX.jpg",
        "dots...jpg",
        " leading space.jpg",
        "trailing space .jpg",
        "colon: stream.jpg",
        "CONIN$.jpg",
    ),
    "names with several suffixes": (
        "photo.jpg.jpg",
        "photo.exe.jpg",
        "photo..jpg",
        "a.b.c.d.jpg",
        "photo.jpg.part.jpg",
    ),
    "names that differ in case only": ("Same.jpg", "same.jpg", "SAME.JPG"),
}
_NAMES_OF_FOLDERS = ("trailing dot.", "CON", "-rf", "a\nb", "=1+1", "\udcff", "photo.jpg", "f" * 250)


def cases() -> Iterator[Case]:
    content = photo()
    for kind, names in _NAMES.items():
        for name in names:
            yield case(kind, name, content)
    for kind in ("control characters in names", "names that are no UTF-8", "names that run right to left"):
        for name in _NAMES[kind]:  # the name is told, too
            yield case("damaged photos of such names", name, content[:300], "damaged")
    for name in _NAMES_OF_FOLDERS:
        yield case("names of folders", f"{name}/photo.jpg", content)
    for name in ("Thumbs.db", "desktop.ini", "photo.jpg.xmp", ".DS_Store"):
        yield case("companions and system files", name, b"[.ShellClassInfo]\n" * 4, "passed over")
    longest = os.pathconf("/", "PC_NAME_MAX") if hasattr(os, "pathconf") else 255
    yield case("long names", f"{'b' * (longest - 4)}.png", photo("PNG"))
