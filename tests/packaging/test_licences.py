"""Licence texts are found by a tool, and a part without one stops the build."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import tomllib
from pathlib import Path

import licences
import pytest

from tests.packaging.conftest import PACKAGING


def as_bundled(*names: str) -> None:
    """Skips where these packages have other versions than those that bundles are made of (`make test-min`)."""
    pins = (PACKAGING.parent / "constraints.txt").read_text(encoding="utf-8").lower().splitlines()
    for name in names:
        if f"{name}=={importlib.metadata.version(name)}" not in pins:
            pytest.skip(f"bundles are made of another version of {name}")


def test_packages_bring_their_own_texts(tmp_path: Path) -> None:
    parts = [licences.part_of(one) for one in licences.distributions_of(["numpy", "PIL", "pillow_heif", "openpyxl"])]
    assert [part.name for part in parts] == ["numpy", "openpyxl", "pillow", "pillow_heif"]
    licences.write(parts, tmp_path / "licences")
    assert "Redistribution" in "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("licences/numpy/*"))
    listing = (tmp_path / "licences/README.md").read_text(encoding="utf-8")
    for part in parts:
        assert f"| {part.name} |" in listing
        assert len(list((tmp_path / "licences" / part.name).iterdir())) == len(part.texts)
    heif = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "licences/pillow_heif").iterdir())
    assert "x265" in heif and "libde265" in heif


@pytest.mark.parametrize("encoder", [True, False])
def test_who_passes_the_program_on_is_told_of_the_gpl_where_it_holds(encoder: bool, tmp_path: Path) -> None:
    library = "libx265-1a2b.dll" if encoder else "libheif-1a2b.dll"
    parts = licences.library_parts([(f"pillow_heif.libs/{library}", tmp_path / library)])
    licences.write([dataclasses.replace(part, spdx=()) for part in parts], tmp_path / "licences")
    words = (tmp_path / "licences/README.md").read_text(encoding="utf-8")
    assert ("under the terms of the GPL" in words) == encoder
    assert ("It is not in this program" in words) != encoder


def test_qt_is_taken_under_the_lgpl() -> None:
    as_bundled("pyside6-essentials")
    (qt,) = licences.distributions_of(["PySide6"])
    assert licences.part_of(qt).spdx == ("LGPL-3.0", "GPL-3.0")


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("Apache 2.0", ("Apache-2.0",)),
        ("BSD-2-Clause AND BSD-3-Clause", ("BSD-2-Clause", "BSD-3-Clause")),
        ("0BSD", ("0BSD",)),
        ("GPL-2.0-or-later", ("GPL-2.0",)),
        ("LGPL-2.1-only OR CDDL-1.0", ("LGPL-2.1",)),
        ("MIT-CMU", ("MIT-CMU",)),
        ("nobody knows", ()),
    ],
)
def test_words_to_texts(words: str, ids: tuple[str, ...]) -> None:
    assert licences.spdx_ids(words) == ids


def test_every_codec_library_of_the_wheels_is_named() -> None:
    as_bundled("pillow", "pillow-heif", "rawpy", "numpy")
    folders = [
        Path(str(importlib.metadata.distribution("pillow").locate_file(name)))
        for name in ("pillow.libs", "pillow_heif.libs", "rawpy.libs", "numpy.libs")
    ]
    found = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    libraries = [(f"{path.parent.name}/{path.name}", path) for path in found]
    if not libraries:
        pytest.skip("the wheels of this system keep their libraries elsewhere")
    named = {path for part in licences.library_parts(libraries) for path in part.files}
    assert named == {path for path, _ in libraries}


@pytest.mark.parametrize(
    "names",
    [
        # Pillow 13.0, pillow-heif 1.8.1, rawpy 0.28 and h5py 3.14 on a Mac
        "libavif.16.4.2.dylib libbrotlicommon.1.2.0.dylib libbrotlidec.1.2.0.dylib libfreetype.6.dylib "
        "libharfbuzz.0.dylib libjpeg.62.4.0.dylib liblcms2.2.dylib liblzma.5.dylib libopenjp2.2.5.4.dylib "
        "libpng16.16.dylib libsharpyuv.0.dylib libtiff.6.dylib libwebp.7.dylib libwebpdemux.2.dylib libwebpmux.3.dylib "
        "libXau.6.dylib libxcb.1.1.0.dylib libz.1.3.1.zlib-ng.dylib libde265.0.2.3.dylib libheif.1.23.6.dylib "
        "libx265.217.dylib libjasper.7.0.0.dylib libjpeg.8.3.2.dylib libhdf5.310.dylib libhdf5_hl.310.dylib",
        # pillow-heif, rawpy, numpy 2.4, h5py and ml_dtypes 0.6 on Windows
        "libde265-0-da04.dll libgcc_s_seh-1-6081.dll libheif-18c5.dll libstdc++-6-e4d4.dll libwinpthread-1-71c5.dll "
        "libx265-217-276e.dll raw_r.dll vcomp140.dll libscipy_openblas64_-63c8.dll msvcp140-a4c2.dll hdf5.dll "
        "hdf5_hl.dll zlib.dll",
    ],
    ids=["mac", "windows"],
)
def test_the_libraries_of_wheels_for_other_systems_are_named(names: str, tmp_path: Path) -> None:
    libraries = [(f"lib/{name}", tmp_path / name) for name in names.split()]
    named = {path for part in licences.library_parts(libraries) for path in part.files}
    assert named == {path for path, _ in libraries}


def test_a_library_that_nobody_named_stops_the_build(tmp_path: Path) -> None:
    unknown = tmp_path / "libnovelcodec.so"
    unknown.write_bytes(b"")
    with pytest.raises(licences.LicenceMissing, match=r"libnovelcodec\.so"):
        list(licences.library_parts([("pillow.libs/libnovelcodec.so", unknown)]))


def test_each_row_of_the_table_says_where_its_text_is() -> None:
    for row in tomllib.loads((PACKAGING / "libraries.toml").read_text(encoding="utf-8"))["library"]:
        assert row["files"] and row["source"].startswith("http")
        if "Microsoft" not in row["name"] and "Python's own" not in row["name"] and "SQLite" not in row["name"]:
            assert licences.spdx_ids(row["licence"]), row["name"]
