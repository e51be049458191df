"""Named lists beside operands of other types: each constant becomes what the operand needs, or is told of."""

from decimal import Decimal

import pytest

from fasttwitch.errors import RulesetError
from fasttwitch.logic import nodes
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import DATE, DECIMAL, DOUBLE, INT, STRING, TIMESTAMP, UINT, Scalar
from fasttwitch.logic.scope import NamedList, Scope
from fasttwitch.syntax import parse

SCOPE = Scope(
    attributes={"i": INT, "u": UINT, "x": DOUBLE, "d": DECIMAL, "s": STRING, "day": DATE, "at": TIMESTAMP},
    segments=frozenset(),
    lists={
        "debts": NamedList(INT, (-1, 2)),
        "big": NamedList(UINT, (3, 2**63)),
        "rates": NamedList(DOUBLE, (1.5, 2.0, 2.0**60)),
        "days": NamedList(STRING, ("2026-01-31", "2026-02-01", "2026-01-31")),
        "words": NamedList(STRING, ("a", "b")),
    },
    context=frozenset(),
    events=frozenset(),
)


@pytest.mark.parametrize(
    ("rule", "kind", "constants"),
    [
        ('i in list("debts")', INT, (-1, 2)),
        ('x in list("debts")', DOUBLE, (-1.0, 2.0)),
        ('d in list("debts")', DECIMAL, (Decimal(-1), Decimal(2))),
        ('u in list("big")', UINT, (3, 2**63)),
        ('i in list("big")', INT, (3,)),
        ('i in list("rates")', INT, (2, 2.0**60)),
        ('u in list("rates")', UINT, (2, 2.0**60)),
        ('d in list("rates")', DECIMAL, (Decimal("1.5"), Decimal("2.0"), Decimal(repr(2.0**60)))),
        ('day in list("days")', DATE, (20484, 20485)),
    ],
)
def test_each_constant_becomes_what_the_operand_needs(
    rule: str, kind: Scalar, constants: tuple[nodes.Value, ...]
) -> None:
    predicate = check(parse(rule), SCOPE, rule)
    assert isinstance(predicate, nodes.In)
    assert predicate.operand.type is kind
    assert predicate.constants == constants


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('u in list("debts")', '`-1` cannot be a uint: a uint is never negative (in the list `"debts"`)'),
        ('at in list("words")', '`"a"` is not a timestamp (in the list `"words"`)'),
        ('s in list("rates")', '`s` (string) cannot be in the list `"rates"` of type double'),
        ('x in list("words")', '`x` (double) cannot be in the list `"words"` of type string'),
        ('nope in list("rates")', "unknown name `nope`"),
    ],
)
def test_a_list_of_other_things_is_refused(rule: str, message: str) -> None:
    with pytest.raises(RulesetError) as caught:
        check(parse(rule), SCOPE, rule)
    assert [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize(
    ("rule", "fix"),
    [
        ('s in list("rates")', '`double(s) in list("rates")`'),
        ('s in list("debts")', '`int(s) in list("debts")`'),
        ('x in list("words")', '`string(x) in list("words")`'),
    ],
)
def test_the_column_becomes_what_the_list_holds(rule: str, fix: str) -> None:
    """Ids in CSV are text, and lists of ids are written as numbers."""
    with pytest.raises(RulesetError) as caught:
        check(parse(rule), SCOPE, rule)
    assert [problem.fix for problem in caught.value.problems] == [fix]
    check(parse(fix.strip("`")), SCOPE, fix.strip("`"))
