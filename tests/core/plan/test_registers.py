"""Register programs: which functions the kernels compute, and what tells zero from zero."""

import pytest

from fasttwitch.logic.check import check
from fasttwitch.logic.nodes import Apply, Compare, Expression
from fasttwitch.plan.reads import fine_print, may_fail, only_text, reads_now, varies, zones_of
from fasttwitch.plan.registers import in_registers
from fasttwitch.syntax import parse
from tests.core.logic.typed_text import SCOPE


def left_of(rule: str) -> Expression:
    """Return the typed left side of a comparison."""
    predicate = check(parse(rule), SCOPE, rule)
    assert isinstance(predicate, Compare)
    return predicate.left


@pytest.mark.parametrize(
    ("value", "by_kernels"),
    [
        ("age + visits", True),
        ("-age", True),
        ("session * 2", True),
        ('country + "x"', False),
        ("int(ltv)", True),
        ("int(country)", False),
        ("double(points)", True),
        ("double(price)", False),
        ("math.greatest(age, visits, 3)", True),
        ("math.bitAnd(points, 3u)", True),
        ("math.bitShiftLeft(age, 3)", True),
        ("math.sqrt(age)", True),
        ("math.sqrt(points)", True),
        ("last_order_at.getHours()", True),
        ('last_order_at.getHours("Europe/Berlin")', True),
        ('startOfDay(last_order_at, "Europe/Berlin")', True),
        ('date(last_order_at, "Europe/Berlin")', True),
        ("signup.getMonth()", True),
        ("session.getMinutes()", True),
        ("string(age)", False),
        ("size(country)", False),
        ("country.substring(1)", False),
    ],
)
def test_kernels_compute_numbers_and_instants(value: str, by_kernels: bool) -> None:
    """What they have no steps for is computed row by row, or once a string: right as well, but slow."""
    expression = left_of(f"{value} == {value}")
    assert isinstance(expression, Apply)
    assert in_registers(expression) == by_kernels


def test_the_zones_of_a_value_are_those_of_its_clocks() -> None:
    value = left_of('last_order_at.getHours("Europe/Berlin") + startOfDay(now, "+02:00").getHours() > 3')
    assert list(zones_of(value)) == ["Europe/Berlin", "+02:00"]
    assert list(zones_of(left_of('country.indexOf("UTC") > 3'))) == []


@pytest.mark.parametrize(
    ("value", "reads_clock", "changes", "one_text", "fails"),
    [
        ("country.lowerAscii()", False, True, True, False),
        ("country.substring(1)", False, True, True, True),
        ('country + "x"', False, True, True, False),
        ("country + city", False, True, False, False),
        ("string(now) + country", True, True, False, False),
        ("string(age)", False, True, False, False),
        ("age + 1", False, True, False, True),
        ("string(now)", True, True, False, False),
    ],
)
def test_what_a_value_reads_says_how_it_is_computed(
    value: str, reads_clock: bool, changes: bool, one_text: bool, fails: bool
) -> None:
    expression = left_of(f"{value} == {value}")
    found = reads_now(expression), varies(expression), only_text(expression), may_fail(expression)
    assert found == (reads_clock, changes, one_text, fails)


def test_equal_values_with_other_zeros_are_told_apart() -> None:
    plus, minus, other = (left_of(f"ltv / {constant} > 1.0") for constant in ("0.0", "-0.0", "1.0"))
    assert plus == minus
    assert fine_print(plus) == (1.0,)
    assert fine_print(minus) == (-1.0,)
    assert fine_print(other) == ()
