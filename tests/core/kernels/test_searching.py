"""Parts of strings: what the kernels find in bytes is what Python finds in characters."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.batch.searching import contained, matched_end, places
from fasttwitch.kernels.searching import find_texts, match_ends

texts = st.none() | st.text("aab\u00e4\U0001f600", max_size=12)
rows = st.lists(st.tuples(texts, texts), max_size=20)


def column(values: list[str | None], skipped: int) -> pa.Array:
    """Return large strings that do not begin at offset 0."""
    return pa.array(["skipped"] * skipped + values, pa.large_string()).slice(skipped)


@given(rows, st.integers(0, 3))
def test_parts_are_found_where_python_finds_them(pairs: list[tuple[str | None, str | None]], skipped: int) -> None:
    """Row by row, nulls giving null."""
    texts, parts = column([one for one, _ in pairs], 0), column([other for _, other in pairs], skipped)
    known = [None if one is None or other is None else (one, other) for one, other in pairs]
    places_in_bytes = [pair and pair[0].encode().find(pair[1].encode()) for pair in known]
    assert places(texts, parts).to_pylist() == places_in_bytes
    assert contained(texts, parts).to_pylist() == [pair and pair[1] in pair[0] for pair in known]
    assert matched_end(texts, parts, at_end=False).to_pylist() == [
        pair and pair[0].startswith(pair[1]) for pair in known
    ]
    assert matched_end(texts, parts, at_end=True).to_pylist() == [pair and pair[0].endswith(pair[1]) for pair in known]


@given(st.lists(texts, max_size=20), st.text("aab\u00e4", max_size=3), st.integers(0, 3))
def test_one_part_is_found_in_all_texts(values: list[str | None], part: str, skipped: int) -> None:
    found = contained(column(values, skipped), part)
    assert found.to_pylist() == [None if value is None else part in value for value in values]
    assert found.type == pa.bool_()


def test_outputs_are_overwritten() -> None:
    """Whatever was in them before."""
    data, offsets = np.frombuffer(b"abcab", np.uint8), np.array([0, 3, 5, 5])
    parts, part_offsets = np.frombuffer(b"cb", np.uint8), np.array([0, 1, 2, 2])
    found, ends = np.full(3, 77), np.full(3, 77, np.uint8)
    find_texts(data, offsets, parts, part_offsets, 1, found)
    assert found.tolist() == [2, 1, 0]
    match_ends(data, offsets, parts, part_offsets, 1, ends)
    assert ends.tolist() == [1, 1, 1]
    match_ends(data, offsets, parts, part_offsets, 0, ends)
    assert ends.tolist() == [0, 0, 1]
