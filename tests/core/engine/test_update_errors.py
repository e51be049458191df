"""Changes that a base refuses: what is said, whole, and that nothing has changed."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

import fasttwitch as ft

TABLE = pa.table(
    {
        "customer_id": pa.array([7, 8, 9, 10]),
        "ltv": pa.array([1.0, 900.0, None, 4.0]),
        "n": pa.array([1, 2, 3, 4], pa.int8()),
        "tier": pa.array(["a", "b", "c", "d"]),
    }
)


def compiled(key: str = "customer_id") -> ft.Program:
    document = {"version": 1, "language": "cel/1", "key": key, "segments": {"rich": "ltv > 500 && n < 9"}}
    return ft.compile(ft.load_ruleset(document), TABLE.schema)


CASES: dict[str, tuple[Callable[[ft.EncodedBase], Any], str]] = {
    "unknown id": (
        lambda base: base.update(pa.table({"customer_id": [7, 77], "ltv": [1.0, 2.0]})),
        "row 1 of the changes has the `customer_id` 77, which nobody has\n"
        "  = fix: a base takes changes of its own customers: for new ones encode another",
    ),
    "unknown ids": (
        lambda base: base.update(pa.table({"customer_id": [78, 77], "ltv": [1.0, 2.0]})),
        "row 0 of the changes has the `customer_id` 78, which nobody has (2 such rows)\n"
        "  = fix: a base takes changes of its own customers: for new ones encode another",
    ),
    "no id": (
        lambda base: base.update(pa.table({"customer_id": pa.array([None], pa.int64()), "ltv": [2.0]})),
        "row 0 of the changes has no id\n"
        "  = fix: a base takes changes of its own customers: for new ones encode another",
    ),
    "ids of another type": (
        lambda base: base.update(pa.table({"customer_id": ["7"], "ltv": [2.0]})),
        "column `customer_id` of the changes is string, that of the base is int64\n"
        "  = fix: give the ids in the type that the base has them in",
    ),
    "no ids at all": (
        lambda base: base.update(pa.table({"ltv": [2.0]})),
        "the changes have no column `customer_id` that says whose they are\n"
        "  = fix: add `customer_id`, or say which rows change: `update(rows, numbers=…)`",
    ),
    "unknown column": (
        lambda base: base.update(pa.table({"customer_id": [7], "ltvv": [2.0]})),
        "the base has no column `ltvv` to change\n  = fix: did you mean `ltv`?",
    ),
    "no attribute": (
        lambda base: base.update(pa.table({"customer_id": [7]})),
        "the changes name no attribute\n  = fix: give a column for each attribute that changes",
    ),
    "another type": (
        lambda base: base.update(pa.table({"customer_id": [7], "tier": ["x"], "ltv": ["2.0"]})),
        "column `ltv` of the changes is string, that of the base is double\n  = fix: convert it: `.cast(double)`",
    ),
    "too large": (
        lambda base: base.update(pa.table({"customer_id": [7], "n": [200]})),
        "column `n` of the changes (int64) does not fit into that of the base (int8): Integer value 200 not in range: "
        "-128 to 127\n  = fix: give values that the column of the base can hold",
    ),
    "no table": (
        lambda base: base.update([{"customer_id": 7}]),
        "data of type `list` is no Arrow table\n"
        "  = fix: give a pyarrow Table or RecordBatch, a Polars or pandas frame, or anything with `__arrow_c_stream__`",
    ),
    "a column twice": (
        lambda base: base.update(pa.table([[7], [1.0], [2.0]], ["customer_id", "ltv", "ltv"])),
        "the data has 2 columns named `ltv`\n  = fix: its columns are: `customer_id`, `ltv`, `ltv`",
    ),
    "no such row": (
        lambda base: base.update(pa.table({"ltv": [1.0, 2.0]}), numbers=[0, 4]),
        "there is no row 4: the base has 4\n  = fix: rows count from 0",
    ),
    "a row below 0": (
        lambda base: base.update(pa.table({"ltv": [1.0]}), numbers=[-1]),
        "there is no row -1: the base has 4\n  = fix: rows count from 0",
    ),
    "too few numbers": (
        lambda base: base.update(pa.table({"ltv": [1.0, 2.0]}), numbers=[0]),
        "there are 1 `numbers` for 2 changes\n  = fix: give one for each row of the changes",
    ),
    "numbers that are none": (
        lambda base: base.update(pa.table({"ltv": [1.0, 2.0]}), numbers=pa.array([1, None])),
        "`numbers` is float64, and not one row number a change\n  = fix: give int64, from 0, without nulls",
    ),
    "no program": (
        lambda base: base.update(pa.table({"ltv": [1.0]}), numbers=[0], program="rich"),  # type: ignore[arg-type]
        "a `str` is no program\n  = fix: make one: `fasttwitch.compile(…)`",
    ),
    "no threads": (
        lambda base: base.update(pa.table({"ltv": [1.0]}), numbers=[0], threads=0),
        "`threads` is 0\n  = fix: give a number from 1 to 256",
    ),
    "no instant": (
        lambda base: base.update(pa.table({"ltv": [1.0]}), numbers=[0], now=1),  # type: ignore[arg-type]
        "`now` must be a datetime, not `int`",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_refused_changes_nothing(name: str) -> None:
    """Also where other columns of the same changes are right."""
    ask, text = CASES[name]
    program = compiled()
    base = program.encode(TABLE)
    snapshot = base.snapshot
    with pytest.raises(ft.DataError) as raised:
        ask(base)
    assert str(raised.value) == text
    assert base.snapshot is snapshot
    assert base.table.equals(TABLE)
    assert base.update(pa.table({"customer_id": [7], "ltv": [501.0]})).entered == {"rich": 1}


def test_an_id_that_stands_in_the_base_twice() -> None:
    for ids in (pa.array([7, 8, 7, 10]), pa.array(["7", "8", "7", "10"])):
        base = compiled().encode(TABLE.set_column(0, "customer_id", ids))
        with pytest.raises(ft.DataError) as raised:
            base.update(pa.table({"customer_id": ids.slice(1, 1), "ltv": [1.0]}))
        assert str(raised.value) == (
            f"rows 0 and 2 of the base have the same `customer_id`: {ids[0].as_py()!r}\n"
            "  = fix: let each customer stand in the base once, or say which rows change: `update(rows, numbers=…)`"
        )
        assert base.update(pa.table({"ltv": [501.0]}), numbers=[2]).entered == {"rich": 1}


def test_a_base_without_its_key() -> None:
    base = compiled("who").encode(TABLE)
    with pytest.raises(ft.DataError) as raised:
        base.update(pa.table({"who": [7], "ltv": [1.0]}))
    assert str(raised.value) == (
        "the base has no column `who` to find customers by\n"
        "  = fix: encode a table that has `who`, or say which rows change: `update(rows, numbers=…)`"
    )


def test_ids_that_nothing_can_be_found_by() -> None:
    table = TABLE.set_column(0, "customer_id", pa.array([[1], [2], [3], [4]]))
    base = compiled().encode(table)
    with pytest.raises(ft.DataError, match=r"column `customer_id` is list<.*>, by which no customer can be found"):
        base.update(table.select(["customer_id", "ltv"]))


def test_ids_that_change_are_found_under_their_new_values() -> None:
    """Given by row, a key is an attribute like others."""
    base = compiled().encode(TABLE)
    base.update(pa.table({"customer_id": [9], "ltv": [5.0]}))
    base.update(pa.table({"customer_id": [90]}), numbers=[2])
    assert base.update(pa.table({"customer_id": [90], "ltv": [501.0]})).entered_rows("rich").to_pylist() == [2]
    with pytest.raises(ft.DataError, match="the `customer_id` 9, which nobody has"):
        base.update(pa.table({"customer_id": [9], "ltv": [501.0]}))


def test_who_has_not_moved_has_no_cause() -> None:
    base = compiled().encode(TABLE)
    moves = base.update(pa.table({"customer_id": [7, 8], "ltv": [501.0, 502.0]}))
    with pytest.raises(ft.DataError) as raised:
        moves.cause("rich", 1)
    assert str(raised.value) == (
        "row 1 has neither entered nor left `rich`\n  = fix: ask for one of `entered_rows` or `left_rows`"
    )
    with pytest.raises(ft.DataError, match="there is no segment `richh`"):
        moves.causes("richh")


def test_a_program_that_reads_more_than_a_base_has() -> None:
    """Told of one that the base's columns are too few for, an update changes nothing."""
    base = compiled().encode(TABLE.drop(["tier"]))
    snapshot = base.snapshot
    for rule in ('tier == "a" || ltv > 5', 'ltv > 5 && (tier + string(now)).startsWith("a")'):
        other = {"version": 1, "language": "cel/1", "key": "customer_id", "segments": {"a": rule}}
        program = ft.compile(ft.load_ruleset(other), TABLE.schema)
        with pytest.raises(ft.DataError) as raised:
            base.update(pa.table({"customer_id": [7], "ltv": [501.0]}), program=program)
        assert str(raised.value).startswith("the data has no column `tier`")
        assert base.snapshot is snapshot
