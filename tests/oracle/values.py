"""Values of the rule language in Python form; None stands for unknown.

bool → bool    int, uint → int    double → float    decimal → Decimal    string → str    list → tuple
timestamp, duration → int microseconds    date → int days since 1970    semver → tuple that orders as versions do
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = bool | int | float | Decimal | str | tuple[object, ...]
Row: TypeAlias = Mapping[str, Value | None]


def equal(left: object, right: object) -> bool:
    """Return whether two values of one type are equal; Python would call a list equal to itself, NaN in it or not."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    return bool(left == right)
