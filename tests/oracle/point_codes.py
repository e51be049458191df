"""The codes of customers as their definition says them, from what the slow truth sees of a table."""

import math
from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa

from fasttwitch.logic.evaluation import definition, strict_operands
from fasttwitch.logic.nodes import Apply, Attribute, Coalesce, Compare, Constant, Expression, In, ListOf, Now
from fasttwitch.plan.codebooks import Codebook, NamesCodebook, OrderedCodebook, TextTestsCodebook
from fasttwitch.plan.dimensions import dimensions_of
from fasttwitch.plan.sources import Column, Recency, Source
from fasttwitch.plan.value_sets import Cut
from tests.oracle.arrow import rows
from tests.oracle.values import Row


def codes(codebooks: Sequence[Codebook], table: pa.Table, now: int) -> list[list[int]]:
    """Return the codes of each row of a table, one for each dimension."""
    dimensions = dimensions_of(codebooks)
    there = {name: table.column(name).is_valid().to_pylist() for name in table.column_names}
    found = []
    for number, row in enumerate(rows(table)):
        # Of a list or a map one can only ask whether it is there.
        row = {**{name: valid[number] or None for name, valid in there.items()}, **row}
        found.append([code(each.source, codebooks[each.codebook], row, now) for each in dimensions])
    return found


def code(source: Source, codebook: Codebook, row: Row, now: int) -> int:
    """Return the code of one source."""
    match source:
        case Column(path):
            value: object = row[".".join(path)]
        case Recency(path):
            instant = row[".".join(path)]
            assert instant is None or isinstance(instant, int)
            value = None if instant is None else instant - now
        case _:
            value = evaluated(source.expression if hasattr(source, "expression") else source.test, row, now)
    match codebook:
        case OrderedCodebook(_, cuts, has_nan):
            if value is None:
                return 0
            if isinstance(value, float) and math.isnan(value):
                return 1
            return 1 + has_nan + sum(reaches(value, cut) for cut in cuts)
        case NamesCodebook(_, classes):
            if value is None:
                return 0
            return next((2 + number for number, names in enumerate(classes) if value in names), 1)
        case TextTestsCodebook(path) if row[".".join(path)] is not None:
            return 2 if value is True else 1
        case _:
            return 0 if value is None else 1 + bool(value)


def reaches(value: object, cut: Cut) -> bool:
    """Return whether a value lies above a cut."""
    if not isinstance(cut, tuple):
        return value is True or value >= cut  # type: ignore[operator]
    limit, side = cut
    assert isinstance(value, float | Decimal)
    return value > limit if side else value >= limit


def evaluated(expression: Expression, row: Row, now: int) -> object:
    """Return the value of an expression, None for unknown."""
    match expression:
        case Constant(value):
            return value
        case Attribute(path):
            return row[".".join(path)]
        case Now():
            return now
        case Coalesce(choices):
            values = (evaluated(choice, row, now) for choice in choices)
            return next((value for value in values if value is not None), None)
        case Apply() | Compare() | In() | ListOf():
            operands = [evaluated(operand, row, now) for operand in strict_operands(expression)]
            return None if None in operands else definition(expression)(*operands)
    raise AssertionError(f"not a value: {expression}")
