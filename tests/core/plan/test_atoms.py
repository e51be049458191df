"""Leaves that Python finds equal and the language does not."""

import pyarrow as pa
import pytest

import fasttwitch as ft

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
