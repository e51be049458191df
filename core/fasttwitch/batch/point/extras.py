"""Columns that Python makes for the coding kernel: codes of decimals and of tests, operands that have no registers."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fasttwitch.batch.point.attributes import CODES
from fasttwitch.batch.point.by_value import ByValue, rows_of
from fasttwitch.batch.point.cut_keys import DecimalCuts
from fasttwitch.batch.point.tasks import DecimalTask, TestTask
from fasttwitch.batch.point.values import Values, ValuesReader
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.registers import Computed


@dataclass(frozen=True, slots=True)
class Extra:
    """A column computed by value.

    is_truth    a test, of which the code is wanted: 0 unknown, 1 false, 2 true
    is_clocked  whether it is wanted again whenever the clock has moved
    """

    expression: Expression
    is_truth: bool
    is_clocked: bool


class Extras:
    """The extra columns of a coder: first those of decimals, then those computed by value.

    count          how many there are
    follows_clock  whether some are wanted again when the clock has moved
    """

    def __init__(
        self,
        decimals: Sequence[DecimalTask],
        tests: Sequence[TestTask],
        operands: Sequence[tuple[Computed, bool]],
        reader: ValuesReader,
    ) -> None:
        self._reader = reader
        self._decimals = [(task.codebook.source.path, DecimalCuts(task.codebook.cuts)) for task in decimals]  # type: ignore[union-attr]
        extras = [Extra(task.test, True, task.is_clocked) for task in tests]
        extras += [Extra(operand.expression, False, is_clocked) for operand, is_clocked in operands]
        self._extras = extras
        self.count = len(decimals) + len(extras)
        codes = ["q" if extra.is_truth else CODES.get(extra.expression.type, "q") for extra in extras]
        self._codes = "q" * len(decimals) + "".join(codes)
        self.follows_clock = any(extra.is_clocked for extra in extras)
        self._clocked = [number for number, extra in enumerate(extras) if extra.is_clocked]
        self._tests = len(tests)
        self._pack = struct.Struct(f"={self._codes}{self.count}s").pack
        self._all_known = b"\1" * self.count
        self._of_all = ByValue(extra.expression for extra in extras)
        self._of_clocked = ByValue(extras[number].expression for number in self._clocked)
        self._getters = [reader.getter(path) for path in self._of_all.paths]
        self._decimal_places = [(reader.places[path].index, cuts) for path, cuts in self._decimals]

    def of_one(self, values: Values, now: int) -> bytes:
        """Return the extra columns of one customer in the form of `Values.raw`."""
        found: list[Any] = [cuts.code(values.others[place]) for place, cuts in self._decimal_places]
        if self._extras:
            outcomes = self._of_all([get(values) for get in self._getters], now)
            if self._tests:
                found += [0 if truth is None else 2 if truth else 1 for truth in outcomes[: self._tests]]
                del outcomes[: self._tests]
            found += outcomes
        if None not in found:
            return self._pack(*found, self._all_known)
        known = bytes([value is not None for value in found])
        return self._pack(*[0 if value is None else value for value in found], known)

    def columns(self, values: Values, begin: int, rows: int, now: int, only_clocked: bool) -> bytes:
        """Return the extra columns of some customers in the form of `Values.raw`.

        only_clocked  leave all others empty
        """
        by_value = self._of_clocked if only_clocked else self._of_all
        wanted: Sequence[int] = self._clocked if only_clocked else range(len(self._extras))
        inputs = [self._reader.column(values, path)[begin : begin + rows] for path in by_value.paths]
        outcomes = [by_value(row, now) for row in rows_of(inputs, rows)]
        columns: list[Sequence[Any]] = [(None,) * rows] * self.count
        for place, number in enumerate(wanted):
            found = [outcome[place] for outcome in outcomes]
            if self._extras[number].is_truth:
                found = [0 if truth is None else 1 + truth for truth in found]
            columns[len(self._decimals) + number] = found
        if not only_clocked:
            for number, (path, cuts) in enumerate(self._decimals):
                column = self._reader.column(values, path)[begin : begin + rows]
                columns[number] = [cuts.code(value) for value in column]  # type: ignore[arg-type]
        slots = [
            struct.pack(f"={rows}{code}", *[0 if value is None else value for value in column])
            for code, column in zip(self._codes, columns, strict=True)
        ]
        known = [bytes([value is not None for value in column]) for column in columns]
        return b"".join(slots + known)
