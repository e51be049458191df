"""What a code column is computed from."""

from dataclasses import dataclass
from typing import TypeAlias

from fasttwitch.logic.datatypes import Type
from fasttwitch.logic.nodes import Expression

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A stored column, or a field of a struct column."""

    path: Path
    type: Type


@dataclass(frozen=True, slots=True)
class Recency:
    """A stored timestamp minus `now`, in µs: the age, negated, so that later stays greater.

    Never computed: its cuts move to the column's side, once a run.
    """

    path: Path


@dataclass(frozen=True, slots=True)
class TextTest:
    """A test of one string column, evaluated once for each distinct value of the column."""

    path: Path
    test: Expression
    fine_print: tuple[float | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A number, instant or truth computed row by row from other columns by the register program.

    fine_print  what equality of the expression overlooks: 0.0 equals -0.0, but x / 0.0 is not x / -0.0
    """

    expression: Expression
    type: Type
    fine_print: tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """A test of columns that have no registers (strings, decimals), computed before the kernels run, row by row."""

    test: Expression
    fine_print: tuple[float | str, ...] = ()


Source: TypeAlias = Column | Recency | TextTest | Derived | ColumnTest
