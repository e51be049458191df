"""Names: the number of a string is that of the one name it equals, whatever its length and its neighbours."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.kernels import layout
from fasttwitch.kernels.layout import BLOCK_ROWS, INPUT_FIELDS
from fasttwitch.kernels.names import NamesTable, names_table
from fasttwitch.kernels.stage import stage

FORMS = {pa.string(): layout.TEXT32, pa.large_string(): layout.TEXT64, pa.string_view(): layout.TEXT_VIEW}
# Strings that differ in one place only, of every length that is read in another way.
CLOSE = [
    "",
    "a",
    "b",
    "ab",
    "ba",
    "abc",
    "abd",
    "aäc",
    "abcd",
    "abce",
    "abcdefg",
    "abcdefgh",
    "abcdefghijkl",
    "abcdefghijklm",
]
LONG = ["x" * 40, "x" * 20 + "y" + "x" * 19, "x" * 41, "x" * 16, "x" * 17, "😀" * 9]
strings = st.sampled_from(CLOSE + LONG) | st.text(max_size=30)


def numbers(texts: list[str | None], names: list[str], form: pa.DataType, row: int = 0) -> np.ndarray:
    array = pa.array(texts, form)
    table: NamesTable = names_table(names)
    buffers = array.buffers()
    inputs = np.zeros((1, INPUT_FIELDS), np.int64)
    inputs[0, layout.INPUT_PHYSICAL] = FORMS[form]
    inputs[0, layout.INPUT_VALUES] = buffers[1].address
    addresses = np.array([0 if buffer is None else buffer.address for buffer in buffers[2:]] + [0], np.int64)
    inputs[0, layout.INPUT_DATA] = addresses.ctypes.data if form == pa.string_view() else addresses[0]
    inputs[0, layout.INPUT_NAMES] = table.address
    values = np.full(BLOCK_ROWS, 77, np.int32)
    validity = np.zeros(32, np.uint64)
    stage(inputs, 0, row, len(texts) - row, values.ctypes.data, validity.ctypes.data)
    return values


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_string_has_the_number_of_its_name(form: pa.DataType) -> None:
    """Including names that share head, tail and length, and strings that are no name."""

    @given(st.lists(strings, min_size=1, max_size=40), st.lists(strings, unique=True, max_size=20))
    def check(texts: list[str], names: list[str]) -> None:
        found = numbers(list(texts), names, form)
        expected = [names.index(text) if text in names else len(names) for text in texts]
        assert found[: len(texts)].tolist() == expected
        assert not found[len(texts) :].any()

    check()


def test_thousands_of_names_are_told_apart() -> None:
    """The table grows with the names; probing past taken slots finds the right one."""
    names = [f"customer-{i:07d}" for i in range(5000)]
    texts = [*names[3000:4500], "customer-9999999"]
    expected = [*range(3000, 4500), 5000]
    assert numbers(list(texts), names, pa.string())[: len(texts)].tolist() == expected
