"""What people are told when they ask about a customer in a way that does not fit."""

import pickle
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest

import fasttwitch as ft
from tests.core.engine.point_customers import ANNA, NOW, SCHEMA, compiled, told


@pytest.fixture(scope="module")
def program() -> ft.Program:
    return compiled()


@pytest.mark.parametrize("way", ["match", "match_many"])
def test_an_instant_that_makes_no_sense_is_named(program: ft.Program, way: str) -> None:
    ask = program.match if way == "match" else (lambda profile, now: program.match_many([profile], now=now))
    assert told(lambda: ask(ANNA, now="2026-01-01")) == "`now` must be a datetime, not `str`"  # type: ignore[arg-type]
    for year in (1000, 8999):
        assert told(lambda year=year: ask(ANNA, now=datetime(year, 1, 1))) == (  # type: ignore[misc]
            f"`now` lies in the year {year}\n  = fix: give an instant between the years 1001 and 8998"
        )


WRONG_PROFILES: list[tuple[Any, str]] = [
    ({"aeg": 5}, "there is no attribute `aeg`\n  = fix: did you mean `age`?"),
    ({"age": "40"}, 'attribute `age` is an int, and "40" is a string\n  = fix: give an `int`'),
    ({"age": 40_000}, "40000 does not fit attribute `age`, which is stored as int16"),
    ({"ltv": True}, "attribute `ltv` is a double, and true is a bool\n  = fix: give a `float`"),
    ({"age": 5, 7: 1}, "there is no attribute `7`\n  = fix: attributes: `customer_id`, `age`, `ltv`, `country`, "
     "`last_order_at`, `address`"),
    ({"address": {"town": "Linz"}}, "attribute `address` has no field `town`\n  = fix: its fields: `city`, `floor`"),
    ({"address": {"floor": 300}}, "300 does not fit attribute `address.floor`, which is stored as int8"),
    ({"address.city": "Linz"}, "there is no attribute `address.city`\n"
     "  = fix: write the field inside its struct: `address: {city: …}`"),
    ({"customer_id": 5}, "attribute `customer_id` is a string, and 5 is an int\n  = fix: give a `str`"),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "message"), WRONG_PROFILES)
def test_a_profile_that_does_not_fit_is_refused(program: ft.Program, profile: dict[str, object], message: str) -> None:
    """Also where no rule reads the attribute: a profile is right or wrong by its schema."""
    assert told(lambda: program.match(profile, now=NOW)) == message
    assert told(lambda: program.row(profile)) == message
    assert told(lambda: program.match_many([profile], now=NOW)) == message
    first, *rest = message.split("\n")
    assert told(lambda: program.match_many([ANNA, profile], now=NOW)) == "\n".join([f"{first} (profile 2 of 2)", *rest])


def test_names_that_the_schema_lacks_may_be_ignored(program: ft.Program) -> None:
    """Nothing else may be."""
    strange = {**ANNA, "colour": object(), "address.city": 5}
    expected = program.match(ANNA, now=NOW)
    assert program.match(strange, now=NOW, extra="ignore") == expected
    assert program.match(program.row(strange, extra="ignore"), now=NOW) == expected
    assert list(program.match_many([strange, ANNA], now=NOW, extra="ignore")) == [expected, expected]
    assert told(lambda: program.match({"colour": 1, "age": "x"}, extra="ignore")) == (
        'attribute `age` is an int, and "x" is a string\n  = fix: give an `int`'
    )
    assert told(lambda: program.match({"address": {"town": "x"}}, extra="ignore")) == (
        "attribute `address` has no field `town`\n  = fix: its fields: `city`, `floor`"
    )


@pytest.mark.parametrize("extra", ["drop", "", None, True])
def test_an_unknown_way_to_take_extra_names_is_refused(program: ft.Program, extra: Any) -> None:
    message = f'`extra` is `{extra}`\n  = fix: give "error", or "ignore" for names that the schema lacks'
    assert told(lambda: program.match(ANNA, now=NOW, extra=extra)) == message
    assert told(lambda: program.row(ANNA, extra=extra)) == message
    assert told(lambda: program.match_many([ANNA], now=NOW, extra=extra)) == message


@pytest.mark.parametrize("profile", [None, 5, "age", [("age", 40)], {"age"}, pa.table({"age": [40]})])
def test_what_is_no_profile_is_refused(program: ft.Program, profile: Any) -> None:
    for ask in (program.match, program.row, lambda profile: program.match_many([profile])):
        assert "mapping" in told(lambda ask=ask: ask(profile))  # type: ignore[misc]


def test_a_row_belongs_to_its_program(program: ft.Program) -> None:
    """Codes of one program mean something else to another, even if that has the same rules."""
    first, fix = "this row was prepared for another program", "\n  = fix: prepare it anew: `program.row(profile)`"
    row = program.row(ANNA)
    others = (compiled({"adult": "age >= 18"}), compiled(), pickle.loads(pickle.dumps(program)))
    for other in others:
        assert told(lambda other=other: other.match(row, now=NOW)) == first + fix  # type: ignore[misc]
        assert told(lambda other=other: other.match_many([ANNA, row], now=NOW)) == f"{first} (profile 2 of 2){fix}"  # type: ignore[misc]


def test_a_base_without_a_column_is_refused(program: ft.Program) -> None:
    """Of what the schema names a base has all that the data have, for programs that come later."""
    table, first = pa.Table.from_pylist([ANNA], SCHEMA), compiled({"adult": "age >= 18"})
    base = first.encode(table.select(["age"]))
    assert told(lambda: program.match(base.row(0), now=NOW)).startswith("the data has no column")
    for data in (table, table.to_reader()):
        assert program.match(first.encode(data).row(0), now=NOW).segments == program.match(ANNA, now=NOW).segments


@pytest.mark.parametrize("number", [-1, 2, 2**70])
def test_a_row_that_a_base_lacks_is_refused(program: ft.Program, number: int) -> None:
    base = program.encode(pa.Table.from_pylist([{}, ANNA], SCHEMA))
    assert told(lambda: base.row(number)) == f"there is no row {number}: the base has 2\n  = fix: rows count from 0"
