"""The content key: the same for a photo wherever it lies, another one as soon as it is another photo."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomnet_core.photos.identity import content_key, content_key_of

SAMPLE = 64 << 10


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0, 1, SAMPLE, SAMPLE + 1, 2 * SAMPLE, 2 * SAMPLE + 1, 5 * SAMPLE])
def test_a_copy_has_the_same_key(tmp_path: Path, size: int) -> None:
    content = bytes(number * 31 % 251 for number in range(size))
    key = content_key(write(tmp_path / "a.jpg", content))
    assert len(key) == 16
    assert content_key(write(tmp_path / "b.jpg", content)) == key == content_key_of(content)
    assert content_key(write(tmp_path / "c.jpg", content + b"\0")) != key
    for place in (0, size - 1) if size else ():
        changed = bytearray(content)
        changed[place] ^= 1
        assert content_key(write(tmp_path / "d.jpg", bytes(changed))) != key


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_small_files_differ_by_any_byte(tmp_path_factory: pytest.TempPathFactory, one: bytes, other: bytes) -> None:
    folder = tmp_path_factory.mktemp("keys")
    same = content_key(write(folder / "a", one)) == content_key(write(folder / "b", other))
    assert same == (one == other)


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        content_key(tmp_path / "gone.jpg")
