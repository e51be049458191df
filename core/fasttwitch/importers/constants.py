"""Constants of the source as constants of the language, of the type that the column beside them has."""

import math
import re
from collections.abc import Callable
from decimal import Decimal

from fasttwitch.importers import trees
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    SEMVER,
    STRING,
    TIMESTAMP,
    UINT,
    Scalar,
    Type,
)
from fasttwitch.logic.instants import Refusal, read_date, read_duration, read_timestamp
from fasttwitch.syntax.nodes import Constant, Expression

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_MOST_DIGITS = 60
_WORDS = {"true": True, "false": False}
_READERS: dict[Type, tuple[str, Callable[[str], int | Refusal]]] = {
    TIMESTAMP: ("timestamp", read_timestamp),
    DATE: ("date", read_date),
    DURATION: ("duration", read_duration),
}
# The form of a version by semver.org, without a leading `v`.
_PART = r"(?:0|[1-9]\d*)"
_SEMVER = re.compile(rf"{_PART}\.{_PART}\.{_PART}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?", re.ASCII)


def constant(value: object, wanted: Type | None) -> Expression | Refusal:
    """Return a JSON value as a constant beside something of type `wanted`, or why it cannot stand there.

    wanted  None where the type is not known: the value keeps the type that JSON gave it
    """
    match value:
        case bool():
            if wanted not in (None, BOOL):
                return _misfit(value, wanted)
            return trees.TRUE if value else trees.FALSE
        case int() | float():
            return _number(Decimal(value) if isinstance(value, int) else Decimal(repr(value)), value, wanted)
        case str():
            return _text(value, wanted)
    return Refusal("this is no single value")


def lenient_constant(value: object, wanted: Type | None) -> Expression | Refusal:
    """Return a constant like `constant`; a text that spells a number or a truth becomes one where one is wanted."""
    if isinstance(value, str) and wanted in (INT, UINT, DOUBLE, DECIMAL):
        number = spelled_number(value)
        if number is None:
            return _misfit(value, wanted)
        whole_number = number == number.to_integral_value()
        return _number(number, int(number) if whole_number and "." not in value else float(number), wanted)
    if isinstance(value, str) and wanted is BOOL:
        truth = _WORDS.get(value.strip().lower())
        return _misfit(value, wanted) if truth is None else trees.TRUE if truth else trees.FALSE
    return constant(value, wanted)


def written_number(text: str, wanted: Type | None) -> Expression | Refusal:
    """Return a number as it is written in a text, as a constant beside something of type `wanted`."""
    number = spelled_number(text)
    if number is None:
        return _misfit(text, wanted)
    return _number(number, float(number) if set(text) & set(".eE") else int(number), wanted)


def spelled_number(text: str) -> Decimal | None:
    """Return the number that a text spells, or None."""
    stripped = text.strip()
    if len(stripped) > _MOST_DIGITS or not _NUMBER.fullmatch(stripped):
        return None
    return Decimal(stripped)


def version(text: str) -> Constant | Refusal:
    """Return a version as the text that is compared with a `semver(…)`."""
    if _SEMVER.fullmatch(text) is None:
        shown = text if len(text) <= 40 else f"{text[:37]}…"
        return Refusal(f'`"{shown}"` is no version of the form 1.2.3', "write all three numbers, e.g. `2.10.0`")
    return trees.text_constant(text)


def _number(number: Decimal, value: int | float, wanted: Type | None) -> Expression | Refusal:
    match wanted:
        case None:
            return _plain_number(value)
        case Scalar("int" | "uint"):
            if number == number.to_integral_value() and abs(number) < 2**70:
                return _plain_number(int(number))
            if wanted is UINT and number < 0:
                return _misfit(value, wanted)
            return _plain_number(float(value))
        case Scalar("double"):
            near = float(number)
            if isinstance(value, int) and int(near) != value:
                return Refusal(f"`{value}` is no double exactly", f"write the double that is meant: {near!r}")
            return trees.double(near) if math.isfinite(near) else _misfit(value, wanted)
        case Scalar("decimal"):
            if number == number.to_integral_value() and abs(number) < 2**63:
                return trees.whole(int(number))
            if abs(number.adjusted()) > _MOST_DIGITS or not math.isfinite(float(number)):
                return _misfit(value, wanted)
            return Constant("double", float(number), trees.NOWHERE, format(number, "f"))
    return _misfit(value, wanted)


def _plain_number(value: int | float) -> Expression | Refusal:
    if isinstance(value, float):
        return trees.double(value)
    if -(2**63) <= value < 2**63:
        return trees.whole(value)
    if 0 <= value < 2**64:
        return Constant("uint", value, trees.NOWHERE, f"{value}u")
    return Refusal("this number is out of range for an int")


def _text(value: str, wanted: Type | None) -> Expression | Refusal:
    if wanted is None or wanted is STRING:
        return trees.text_constant(value)
    if wanted is SEMVER:
        return version(value)
    if wanted in _READERS:
        function, read = _READERS[wanted]
        refusal = read(value) if len(value) <= _MOST_DIGITS else _misfit(value, wanted)
        return refusal if isinstance(refusal, Refusal) else trees.call(function, trees.text_constant(value))
    return _misfit(value, wanted)


def _misfit(value: object, wanted: Type | None) -> Refusal:
    shown = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    if len(shown) > _MOST_DIGITS:
        shown = shown[:57] + "…"
    article = "an" if str(wanted)[:1] in "aeio" else "a"
    return Refusal(f"`{shown}` does not fit {article} {wanted}")
