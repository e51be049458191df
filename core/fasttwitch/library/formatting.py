"""`"…".format([…])`: patterns with clauses such as `%s` or `%.2f`, each replaced by a value.

    %s     any value, as people read it           %x %X  an integer, or a string's UTF-8 bytes, in base 16
    %d     a number in plain digits               %o     an integer in base 8
    %f %e  a number with a fixed count of digits  %b     an integer or a bool in base 2
           after the point: 6, or as in `%.2f`    %%     a percent sign

Digits come out as Go's `strconv` writes them, whatever the locale.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from fasttwitch.library.casts import (
    string_of_bool,
    string_of_date,
    string_of_decimal,
    string_of_duration,
    string_of_semver,
    string_of_timestamp,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One place of a pattern that a value fills.

    verb       one of "sdfexXob"
    precision  digits after the point, for f and e
    begin, end where the clause stands in the pattern
    """

    verb: str
    precision: int
    begin: int
    end: int


# The types that each verb takes; a list goes with %s if its elements do.
ACCEPTED = {
    "s": (
        "string",
        "bool",
        "int",
        "uint",
        "double",
        "decimal",
        "timestamp",
        "duration",
        "date",
        "semver",
        "null",
    ),
    "d": ("int", "uint", "double"),
    "f": ("int", "uint", "double"),
    "e": ("int", "uint", "double"),
    "x": ("int", "uint", "string"),
    "X": ("int", "uint", "string"),
    "o": ("int", "uint"),
    "b": ("int", "uint", "bool"),
}
DIGITS, MOST_DIGITS = 6, 1000  # after the point: unless the pattern says otherwise, and at most


@lru_cache(maxsize=1024)
def read_format(pattern: str) -> tuple[Clause, ...] | str:
    """Return the clauses of a pattern, in order (`%%` is none), or what is wrong with it and how to write it."""
    clauses = []
    for match in _CLAUSE.finditer(pattern):
        text, digits, verb = match[0].strip(), match["digits"], match["verb"]
        if text == "%%":
            continue
        if verb is None and digits is None:
            return "a single `%` ends the pattern: write `%%` for a percent sign"
        if verb is None or digits == "":
            return f"`{text}` is no complete clause: write it like `%.2f`, or `%%` for a percent sign"
        if verb not in ACCEPTED:
            return f"`{text}` is no clause: write {_VERBS}, or `%%` for a percent sign"
        precision = DIGITS if digits is None else int(digits) if len(digits) < 5 else MOST_DIGITS + 1
        if precision > MOST_DIGITS:
            return f"`{text}` asks for more than {MOST_DIGITS:,} digits: write fewer, like `%.2f`"
        clauses.append(Clause(verb, precision, match.start(), match.end()))
    return tuple(clauses)


def accepts(verb: str, kind: str) -> bool:
    """Return whether a clause takes values of a type, given by its name: `int`, `list(string)`."""
    if verb == "s" and kind.startswith("list(") and kind.endswith(")"):
        return accepts(verb, kind[5:-1])
    return kind in ACCEPTED[verb]


def format_text(pattern: str, values: tuple[Any, ...], kinds: tuple[str, ...]) -> str | None:
    """Return the pattern with its clauses filled; None where the checker would have refused it.

    values  as many as there are clauses; `Any` since each verb takes its own types
    kinds   the language's name of each value's type
    """
    filled = _prepare(pattern, kinds)
    if filled is None or len(values) != len(kinds):
        return None
    texts, writers = filled
    parts = [texts[0]]
    for value, writer, text in zip(values, writers, texts[1:], strict=True):
        parts.append(writer(value))
        parts.append(text)
    return "".join(parts)


_CLAUSE = re.compile(r"%(?:%|(?:\.(?P<digits>[0-9]*))?(?P<verb>.)?)", re.DOTALL)
_VERBS = ", ".join(f"`%{verb}`" for verb in ACCEPTED)

_Writer = Callable[[Any], str]


@lru_cache(maxsize=1024)
def _prepare(pattern: str, kinds: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[_Writer, ...]] | None:
    """Return (the texts around the clauses, a writer for each clause)."""
    clauses = read_format(pattern)
    if isinstance(clauses, str) or len(clauses) != len(kinds):
        return None
    if not all(accepts(clause.verb, kind) for clause, kind in zip(clauses, kinds, strict=True)):
        return None
    begins = [0, *(clause.end for clause in clauses)]
    ends = [*(clause.begin for clause in clauses), len(pattern)]
    texts = tuple(pattern[begin:end].replace("%%", "%") for begin, end in zip(begins, ends, strict=True))
    return texts, tuple(_writer(clause, kind) for clause, kind in zip(clauses, kinds, strict=True))


def _writer(clause: Clause, kind: str) -> _Writer:
    match clause.verb:
        case "s":
            return _text_writer(kind)
        case "d":
            return _double if kind == "double" else str
        case "f" | "e":
            return _digits_writer(f".{clause.precision}{clause.verb}")
        case "b" if kind == "bool":
            return lambda value: "1" if value else "0"
        case "x" | "X" if kind == "string":
            return _bytes if clause.verb == "x" else lambda value: _bytes(value).upper()
        case _:
            return lambda value: format(value, clause.verb)


def _text_writer(kind: str) -> _Writer:
    if kind.startswith("list("):
        write = _text_writer(kind[5:-1])
        return lambda values: f"[{', '.join(map(write, values))}]"
    return _TEXTS[kind]


def _digits_writer(specification: str) -> _Writer:
    def write(value: int | float) -> str:
        number = float(value)
        return format(number, specification) if number - number == 0.0 else _double(number)

    return write


def _double(value: float) -> str:
    """Return all digits that tell this double from others, without an exponent; Infinity and NaN by name."""
    if value - value != 0.0:
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    digits = repr(value)
    return format(Decimal(digits), "f") if "e" in digits else digits.removesuffix(".0")


def _bytes(text: str) -> str:
    return text.encode().hex()


_TEXTS: dict[str, _Writer] = {
    "string": str,
    "bool": string_of_bool,
    "int": str,
    "uint": str,
    "double": _double,
    "decimal": string_of_decimal,
    "timestamp": string_of_timestamp,
    "duration": string_of_duration,
    "date": string_of_date,
    "semver": string_of_semver,
    "null": lambda value: "null",
}
