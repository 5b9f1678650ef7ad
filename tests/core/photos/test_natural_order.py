"""Natural order of file names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from roomnet_core.photos.natural_order import natural_key


def in_order(*names: str) -> list[str]:
    return sorted(names, key=natural_key)


def test_numbers_count_by_value() -> None:
    assert in_order("IMG_10.jpg", "IMG_9.jpg", "IMG_1.jpg", "IMG_100.jpg") == [
        "IMG_1.jpg",
        "IMG_9.jpg",
        "IMG_10.jpg",
        "IMG_100.jpg",
    ]


def test_every_number_of_a_name_counts() -> None:
    assert in_order("2024-10-2 b", "2024-9-30 a", "2024-10-1 z") == ["2024-9-30 a", "2024-10-1 z", "2024-10-2 b"]


def test_letter_case_and_leading_zeros_only_break_ties() -> None:
    assert in_order("b1", "B01", "a2", "A1") == ["A1", "a2", "B01", "b1"]


def test_full_width_digits_count_as_digits() -> None:
    assert in_order("客厅１０.jpg", "客厅２.jpg") == ["客厅２.jpg", "客厅１０.jpg"]


NAMES = st.text(st.characters() | st.sampled_from("0123456789aAbB_-"), max_size=40)


@given(NAMES, NAMES, NAMES)
def test_is_a_total_order(first: str, second: str, third: str) -> None:
    a, b, c = natural_key(first), natural_key(second), natural_key(third)
    assert (a == b) == (first == second)
    assert a <= b or b <= a
    if a <= b <= c:
        assert a <= c


@given(st.text(max_size=10), st.integers(0, 10**40), st.integers(0, 10**40), st.sampled_from(["", "0", "000"]))
def test_orders_by_the_number(prefix: str, first: int, second: int, zeros: str) -> None:
    # A letter after the prefix, so that its own digits or accents do not run into the number.
    low, high = sorted((first, second))
    if low < high:
        assert natural_key(f"{prefix}x{zeros}{low}") < natural_key(f"{prefix}x{high}")


@given(st.text(st.characters(categories=["Cs", "Lo", "Nd"]), max_size=20))
def test_undecodable_names_have_a_place_too(name: str) -> None:
    assert natural_key(name) == natural_key(name)
