"""Constants of a JSON tree: values that are of their kind, and texts that say them."""

import re
from collections.abc import Callable, Mapping

from fasttwitch.syntax import literals
from fasttwitch.syntax.json_places import Place, described, shown
from fasttwitch.syntax.mistakes import RefusedError
from fasttwitch.syntax.nodes import Constant, Span


def read_constant(fields: Mapping[str, Place], span: Span) -> Constant:
    """Return a constant whose value is of its kind, from the fields of its node."""
    kind = fields["kind"].one_of(tuple(_VALUES), "kind of constant")
    value = _VALUES[kind](fields["value"])
    text = fields["text"].string() if "text" in fields else ""
    if text and not _says(text, kind, value):
        fields["text"].refuse(f"the text {shown(text)} does not say the value {shown(fields['value'].value)}")
    return Constant(kind, value, span, text)


_WHOLE = re.compile(r"-?[0-9]{1,20}")
_DOUBLE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
_NUMBER = re.compile(
    r"-?(?:0[xX][0-9A-Fa-f]+|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[uU]?"
)  # as the lexer reads them


def _bool(place: Place) -> bool:
    if not isinstance(place.value, bool):
        place.refuse(f"this must be true or false, not {described(place.value)}")
    return place.value


def _null(place: Place) -> None:
    if place.value is not None:
        place.refuse(f"the value of null must be null, not {described(place.value)}")


def _int(place: Place) -> int:
    return _whole(place, "an int", literals.MINIMUM_INT, literals.MAXIMUM_INT)


def _uint(place: Place) -> int:
    return _whole(place, "a uint", 0, literals.MAXIMUM_UINT)


def _whole(place: Place, kind: str, lowest: int, highest: int) -> int:
    digits = place.string()
    if not _WHOLE.fullmatch(digits) or not lowest <= int(digits) <= highest:
        place.refuse(f"{shown(digits)} is not {kind}", 'write its digits as a string: `"42"`')
    return int(digits)


def _double(place: Place) -> float:
    digits = place.string()
    value = float(digits) if _DOUBLE.fullmatch(digits) else float("inf")
    if value in (float("inf"), float("-inf")):
        place.refuse(f"{shown(digits)} is not a finite double", 'write its digits as a string: `"2.5"`')
    return value


def _bytes(place: Place) -> bytes:
    digits = place.string()
    if not _HEXADECIMAL.fullmatch(digits):
        place.refuse(f"{shown(digits)} is not hexadecimal", "write two digits for each byte")
    return bytes.fromhex(digits)


_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})*")

_VALUES: Mapping[str, Callable[[Place], bool | int | float | str | bytes | None]] = {
    "bool": _bool,
    "int": _int,
    "uint": _uint,
    "double": _double,
    "string": Place.string,
    "bytes": _bytes,
    "null": _null,
}


def _says(text: str, kind: str, value: object) -> bool:
    """Return whether a number as written has this kind and value."""
    if not _NUMBER.fullmatch(text):
        return False
    try:
        read = literals.number(text, (0, 0))
    except RefusedError:
        return False
    return read.kind == kind and repr(read.value) == repr(value)  # 0.0 equals -0.0, and is another value
