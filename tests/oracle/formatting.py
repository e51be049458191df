"""What `"…".format([…])` prints, after the documentation of CEL's strings extension."""

import math
import re
from collections.abc import Callable, Sequence

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
    ListType,
    Type,
)
from tests.oracle import versions
from tests.oracle.casts import (
    plain_double,
    string_of_bool,
    string_of_date,
    string_of_decimal,
    string_of_duration,
    string_of_timestamp,
)

VERB = re.compile(r"%(?:\.([0-9]+))?([a-zA-Z%])")
PRINTED: dict[Type, Callable[..., str]] = {
    BOOL: string_of_bool,
    INT: str,
    UINT: str,
    DOUBLE: plain_double,
    DECIMAL: string_of_decimal,
    STRING: str,
    TIMESTAMP: string_of_timestamp,
    DURATION: string_of_duration,
    DATE: string_of_date,
    SEMVER: versions.text,
}
BASES = {"b": "b", "o": "o", "x": "x", "X": "X", "d": "d"}


def filled(pattern: str, values: Sequence[object], kinds: Sequence[Type]) -> str:
    """Return the pattern with every verb replaced by the next value."""
    left = list(zip(values, kinds, strict=True))

    def word(found: re.Match[str]) -> str:
        if found[2] == "%":
            return "%"
        value, kind = left.pop(0)
        return printed(found[2], 6 if found[1] is None else int(found[1]), value, kind)

    text = VERB.sub(word, pattern)
    assert not left, "more values than verbs"
    return text


def printed(verb: str, precision: int, value: object, kind: Type) -> str:
    """Return one value as its verb wants it."""
    match verb:
        case "s":
            return plain(value, kind)
        case "d" if kind == DOUBLE:
            return plain(value, kind)
        case "e" | "f":
            assert isinstance(value, int | float)
            number = float(value)
            return format(number, f".{precision}{verb}") if math.isfinite(number) else plain(number, DOUBLE)
        case "x" | "X" if isinstance(value, str):
            digits = value.encode().hex()
            return digits.upper() if verb == "X" else digits
    assert isinstance(value, int)
    return format(int(value), BASES[verb])


def plain(value: object, kind: Type) -> str:
    """Return a value in its plainest form, a list with all its elements."""
    if isinstance(kind, ListType):
        assert isinstance(value, tuple)
        return f"[{', '.join(plain(element, kind.element) for element in value)}]"
    return PRINTED[kind](value)
