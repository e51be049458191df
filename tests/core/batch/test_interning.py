"""Interning: indices and dictionary must give back exactly the column, wherever it is cut."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.batch import interning
from fasttwitch.batch.interning import interned

FORMS = [pa.string(), pa.large_string(), pa.string_view()]
texts = st.none() | st.text(max_size=20) | st.sampled_from(["", "a", "b", "x" * 17, "x" * 16 + "y"])


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_column_comes_back_as_it_was(form: pa.DataType) -> None:
    """Nulls, empty strings, slices at odd offsets, several chunks."""

    @given(st.lists(st.lists(texts, max_size=30), max_size=3), st.integers(0, 9))
    def check(chunks: list[list[str | None]], skipped: int) -> None:
        column = pa.chunked_array([pa.array(chunk, form) for chunk in chunks], type=form).slice(skipped)
        found = interned(column, threads=2)
        assert found.to_pylist() == column.to_pylist()
        assert found.type.index_type == pa.int32()

    check()


def test_threads_share_one_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each numbers its own part; the joint dictionary knows where each part's numbers begin."""
    monkeypatch.setattr(interning, "ROWS_A_THREAD", 100)
    column = pa.chunked_array([pa.array([f"w{i % 37}" if i % 11 else None for i in range(1003)])])
    found = interned(column.slice(3), threads=4)
    assert found.to_pylist() == column.to_pylist()[3:]
    assert len(found.chunk(0).dictionary) > 37, "four dictionaries, put one after the other"


def test_where_all_strings_differ_each_row_has_an_entry_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables that outgrow every cache cost more than judging a string twice."""
    monkeypatch.setattr(interning, "CAPACITIES", (4, 16))
    column = pa.chunked_array([pa.array([f"customer-{i}" for i in range(100)])])
    assert interned(column, threads=1).to_pylist() == column.to_pylist()
    assert interned(column, threads=1).chunk(0).indices.to_pylist() == list(range(100))
    few = pa.chunked_array([pa.array([f"w{i % 9}" for i in range(100)])])
    assert interned(few, threads=1).to_pylist() == few.to_pylist()


def test_a_sample_tells_that_nearly_all_strings_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interning, "CAPACITIES", (16, 1024))
    monkeypatch.setattr(interning, "SAMPLE", 64)
    many = pa.chunked_array([pa.array([None if i == 3 else f"w{i % 40}" for i in range(900)])])
    assert interned(many, 1, 32).chunk(0).dictionary.to_pylist()[:5] == ["w0", "w1", "w2", None, "w4"]
    assert interned(many, 1, 32).to_pylist() == many.to_pylist()
    some = pa.chunked_array([pa.array([f"w{i % 30}" for i in range(900)])])
    assert len(interned(some, 1, 32).chunk(0).dictionary) == 30
