"""Rules written in Python: operators and functions that make the same trees as the parser."""

from fasttwitch.builder import mathematics as math
from fasttwitch.builder.columns import col, has, lists, now, segment
from fasttwitch.builder.expression import Expr
from fasttwitch.builder.functions import (
    all_of,
    any_of,
    bucket,
    coalesce,
    days,
    hours,
    if_else,
    is_known,
    is_semver,
    is_true,
    literal,
    minutes,
    semver,
    start_of_day,
    when,
)

__all__ = [
    "Expr",
    "all_of",
    "any_of",
    "bucket",
    "coalesce",
    "col",
    "days",
    "has",
    "hours",
    "if_else",
    "is_known",
    "is_semver",
    "is_true",
    "lists",
    "literal",
    "math",
    "minutes",
    "now",
    "segment",
    "semver",
    "start_of_day",
    "when",
]
