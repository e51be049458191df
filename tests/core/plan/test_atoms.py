"""Leaves that Python finds equal and the language does not."""

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import DOUBLE, STRING, TIMESTAMP
from fasttwitch.logic.scope import Scope
from fasttwitch.plan.atoms import Atom, resolve
from fasttwitch.plan.sources import Column, ColumnTest, Derived, Recency, TextTest
from fasttwitch.syntax import parse

BIG = 2**53 + 1  # as a double: 2**53


def masks(table: pa.Table, **segments: str) -> dict[str, list[bool]]:
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), table.schema)
    audiences = program.select(table)
    return {name: audiences.mask(name).to_pylist() for name in segments}


@pytest.mark.parametrize("filler", [0, 200], ids=["cuts", "a hash table"])
def test_lists_of_integers_and_of_doubles_are_two_leaves(filler: int) -> None:
    """`(9007199254740992,) == (9007199254740992.0,)` in Python; a column of integers meets the second as doubles."""
    table = pa.table({"n": [BIG, BIG - 1, 5], "m": [0, 0, 0]})
    integers = ", ".join([str(BIG - 1), *map(str, range(100, 100 + filler))])
    doubles = ", ".join([f"{BIG - 1}.0", *(f"{one}.0" for one in range(100, 100 + filler))])
    for value in ("n", "n + m"):
        found = masks(table, whole=f"{value} in [{integers}]", doubled=f"{value} in [{doubles}]")
        assert found == {"whole": [False, True, False], "doubled": [True, True, False]}


def test_the_sign_of_zero_counts_where_it_divides() -> None:
    """`x / 0.0` and `x / -0.0` are infinities of two signs, in one ruleset too."""
    table = pa.table({"x": [1.0, -1.0]})
    found = masks(table, plus="x / 0.0 > 0.0", minus="x / -0.0 > 0.0")
    assert found == {"plus": [True, False], "minus": [False, True]}


def test_a_comparison_of_too_many_choices_is_refused() -> None:
    """Each choice doubles what a comparison becomes, so there is an end."""
    names = [f"c{i}" for i in range(8)]
    schema = pa.schema([(name, pa.bool_()) for name in names])
    few, many = (" + ".join(f"({name} ? 1 : 2)" for name in names[:count]) + " > 9" for count in (7, 8))
    ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"few": few}}), schema)
    with pytest.raises(ft.RulesetError) as caught:
        ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"many": many}}), schema)
    assert str(caught.value) == (
        "this comparison holds too many `? :` and `coalesce` to tell apart\n"
        "  = fix: give parts of it names of their own, as segments"
    )


def test_the_largest_uints_are_found_in_long_lists() -> None:
    """Beyond 2**63 their bits are those of negative ints; as doubles they are what they are."""
    big = 2**63 + 2048
    table = pa.table({"u": pa.array([big, 2**64 - 1, 5], pa.uint64())})
    filler = range(100, 300)
    uints = ", ".join([f"{big}u", *(f"{one}u" for one in filler)])
    doubles = ", ".join([f"{float(big)!r}", *(f"{one}.0" for one in filler)])
    for value in ("u", "math.bitOr(u, 0u)"):
        found = masks(table, exact=f"{value} in [{uints}]", doubled=f"{value} in [{doubles}]")
        assert found == {"exact": [True, False, False], "doubled": [True, False, False]}


@pytest.mark.parametrize(
    "rule",
    [
        "now - at < days(30)",
        "at - now > days(-30)",
        "at > now - days(30)",
        "now - days(20) - days(10) < at",
        "at + days(0) > now - days(30)",
    ],
)
def test_an_age_is_read_off_the_column_itself(rule: str) -> None:
    """Its cuts move to the column's side once a run; only a computed instant is computed row by row."""
    scope = Scope({"at": TIMESTAMP}, frozenset(), {}, frozenset(), frozenset())
    atom = resolve(check(parse(rule), scope, rule))
    assert isinstance(atom, Atom)
    assert isinstance(atom.source, Derived if "at +" in rule else Recency)


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("at.getFullYear() > 2025", Column),
        ('date(at) == date("2026-01-31")', Column),
        ("at.getMonth() == 0", Derived),
        ('at.getFullYear("Europe/Berlin") > 2025', Column),
        ('date(at, "Europe/Berlin") == date("2026-01-31")', Column),
        ('startOfDay(at, "Europe/Berlin") >= timestamp("2026-01-31T00:00:00Z")', Column),
        ('at.getMonth("Europe/Berlin") == 0', Derived),
        ('at.getFullYear("Europe/Berlin") > 9999', Derived),
        ("bucket(name, 'a', 10) < 5", Derived),
        ('name.startsWith("a")', TextTest),
        ("name + other == 'ab'", ColumnTest),
        ("math.isNaN(x)", Column),
        ("math.isInf(x)", Derived),
        ("x + 1.0 > 2.0", Derived),
    ],
)
def test_each_leaf_has_the_cheapest_source_that_decides_it(rule: str, source: type) -> None:
    kinds = {"at": TIMESTAMP, "name": STRING, "other": STRING, "x": DOUBLE}
    atom = resolve(check(parse(rule), Scope(kinds, frozenset(), {}, frozenset(), frozenset()), rule))
    assert isinstance(atom, Atom)
    assert isinstance(atom.source, source)
