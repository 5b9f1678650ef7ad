"""Sound bytes made unsound: what is changed is what hypothesis chooses and can make smaller again."""

from __future__ import annotations

from hypothesis import strategies as st

_TELLING = [
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"[" * 5_000,
    b'"',
    b"{",
    b"}",
    b"/../",
    b"\xed\xa0\x80",
    b"<",
]
_PIECE = st.sampled_from(_TELLING) | st.binary(max_size=12)
_EDIT = st.tuples(st.sampled_from(["replace", "insert", "delete", "repeat"]), st.floats(0, 1, exclude_max=True), _PIECE)


@st.composite
def mutated(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """One of `seeds` after up to six edits, perhaps cut short; now and then anything at all."""
    if draw(st.integers(0, 15)) == 0:
        return draw(st.binary(max_size=300))
    data = draw(st.sampled_from(seeds))
    for what, place, piece in draw(st.lists(_EDIT, max_size=6)):
        at = int(place * (len(data) + 1))
        if what == "replace":
            data = data[:at] + piece + data[at + len(piece) :]
        elif what == "insert":
            data = data[:at] + piece + data[at:]
        elif what == "delete":
            data = data[:at] + data[at + 1 + len(piece) :]
        else:
            data = data[:at] + data[at : at + 40] * 3 + data[at:]
    return data[: int(draw(st.floats(0, 1)) * len(data))] if draw(st.booleans()) else data
