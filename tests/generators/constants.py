"""Constants as rule text: near a column's data, at the edges of its type, and far away."""

import math
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Scalar
from tests.generators.words import WORDS
from tests.oracle.instants import (
    DAY,
    EPOCH_DAY,
    FIRST_TIMESTAMP,
    HOUR,
    LAST_TIMESTAMP,
    LONGEST_DURATION,
    MINUTE,
    SECOND,
    moment,
)
from tests.oracle.kinds import Value

ESCAPES = {chr(code): f"\\x{code:02x}" for code in range(32)} | {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
OFFSETS = ("Z", "Z", "Z", "+02:00", "-09:30")


def near(random: Random, kind: Scalar, values: tuple[Value, ...]) -> Value:
    """Return a value of the type: one of the column's, a close neighbour of one, or a far one."""
    value = random.choice(values) if values else FAR[kind][0]
    match random.randrange(8):
        case 0 | 1 | 2:
            return neighbour(random, kind, value)
        case 3:
            return random.choice(FAR[kind])
        case _:
            return value


def neighbour(random: Random, kind: Scalar, value: Value) -> Value:
    """Return the next value of the type, up or down."""
    up = random.random() < 0.5
    match value:
        case bool():
            return not value
        case float():
            return math.nextafter(value, math.inf if up else -math.inf)
        case Decimal():
            sign, digits, exponent = value.as_tuple()
            assert isinstance(exponent, int)
            unscaled = int("".join(map(str, digits))) * (-1 if sign else 1) + (1 if up else -1)
            return Decimal((int(unscaled < 0), tuple(map(int, str(abs(unscaled)))), exponent))
        case int():
            return value + (1 if up else -1)
        case str():
            return random.choice((value[:-1], value + "a", value.swapcase(), value[:1]))
    raise AssertionError(f"{kind} has no neighbours")


FAR: dict[Scalar, tuple[Value, ...]] = {
    BOOL: (True, False),
    INT: (0, -1, 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 255, 256, 2**31, -(2**31) - 1),
    UINT: (0, 1, 255, 256, 2**53 + 1, 2**63, 2**64 - 1, 2**64 - 1024),
    DOUBLE: (0.0, -0.0, 5e-324, 0.1, 1e308, 1.7976931348623157e308, 2.0**53, 2.0**53 + 2, -(2.0**63), 2.0**64, 1e-300),
    DECIMAL: (Decimal(0), Decimal("0.1"), Decimal("-0.005"), Decimal("1e3"), Decimal("9" * 20), Decimal("0.0000001")),
    STRING: WORDS,
    TIMESTAMP: (0, -1, FIRST_TIMESTAMP, LAST_TIMESTAMP, 1_711_846_800 * SECOND, 9_223_372_036_854_775),
    DURATION: (0, 1, -1, MINUTE, HOUR, DAY, 30 * DAY, LONGEST_DURATION, -LONGEST_DURATION),
    DATE: (0, -1, FIRST_TIMESTAMP // DAY, LAST_TIMESTAMP // DAY, 19_782),
}


def written(random: Random, kind: Scalar, value: Value) -> str:
    """Return a constant of the type as rule text, for a place where nothing says which type is meant."""
    match kind, value:
        case _, bool():
            return "true" if value else "false"
        case _, str():
            return quoted(random, value)
        case _, float():
            return decimal_point(value)
        case _, Decimal():
            text = format(value, "f")
            return text if "." in text else text + ".0"
        case _, int():
            return written_integer(random, kind, value)
    raise AssertionError(f"{value} is no {kind}")


def written_integer(random: Random, kind: Scalar, value: int) -> str:
    """Return an integer, instant, day or duration as rule text."""
    if kind == TIMESTAMP:
        return f'timestamp("{iso(random, value)}")'
    if kind == DATE:
        return f'date("{iso_day(value)}")'
    if kind == DURATION:
        return written_duration(random, value)
    if kind == UINT:
        return f"{max(0, min(2**64 - 1, value))}u"
    return str(max(-(2**63), min(2**63 - 1, value)))


def beside(random: Random, kind: Scalar, value: Value) -> str:
    """Return a constant as rule text for a place beside a value of the type: shorter forms are understood there."""
    plain = random.random() < 0.5
    match value:
        case float() if plain and value.is_integer() and abs(value) <= 2**53:
            return str(int(value))
        case Decimal() if plain and value == value.to_integral_value() and abs(value) < 2**63:
            return str(int(value))
        case int() if kind == UINT and plain and 0 <= value < 2**63:
            return str(value)
        case int() if kind == TIMESTAMP and plain:
            return f'"{iso(random, value)}"'
        case int() if kind == DATE and plain:
            return f'"{iso_day(value)}"'
        case int() if kind == INT and 1 < value < 1000 and random.randrange(10) == 0:
            return f"({value - 1} + 1)"
    return written(random, kind, value)


def compared(random: Random, kind: Scalar, value: Value) -> str:
    """Return a constant to compare a value of the type with: numbers may be of another type."""
    if kind == INT and isinstance(value, int) and random.randrange(5) == 0:
        return random.choice((f"{abs(value) % 2**64}u", decimal_point(value + random.choice((-0.5, 0.0, 0.5)))))
    if kind == UINT and isinstance(value, int) and random.randrange(5) == 0:
        return decimal_point(value + random.choice((-0.5, 0.0, 0.5)))
    return beside(random, kind, value)


def decimal_point(number: float) -> str:
    """Return a finite double as rule text."""
    return repr(number) if math.isfinite(number) else "1.7976931348623157e+308"


def quoted(random: Random, text: str) -> str:
    """Return a string constant, in one of the two quotes."""
    if "\\" not in text and text.isprintable() and random.randrange(8) == 0 and "'" not in text:
        return f"'{text}'"
    return '"' + "".join(ESCAPES.get(letter, letter) for letter in text) + '"'


def iso(random: Random, instant: int) -> str:
    """Return an instant as ISO text, in one of a few offsets where the calendar reaches."""
    instant = max(FIRST_TIMESTAMP, min(LAST_TIMESTAMP, instant))
    offset = random.choice(OFFSETS) if abs(instant) < 10**17 // 2 else "Z"
    if offset == "Z":
        return moment(instant).replace(tzinfo=None).isoformat() + "Z"
    hours, minutes = offset[1:].split(":")
    shift = timedelta(hours=int(hours), minutes=int(minutes)) * (1 if offset[0] == "+" else -1)
    return moment(instant).astimezone(timezone(shift)).isoformat()


def iso_day(value: int) -> str:
    """Return a day as ISO text, held inside the calendar."""
    day = datetime.fromordinal(max(1, min(3_652_059, value + EPOCH_DAY)))
    return day.date().isoformat()


def written_duration(random: Random, value: int) -> str:
    """Return a duration as rule text: whole days, hours or minutes where it is that, or its exact text."""
    value = max(-LONGEST_DURATION, min(LONGEST_DURATION, value))
    for name, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if value % size == 0 and random.random() < 0.7:
            return f"{name}({value // size})"
    sign = "-" if value < 0 else ""
    seconds, rest = divmod(abs(value), SECOND)
    return f'duration("{sign}{seconds}.{rest:06d}s")' if random.random() < 0.7 else f'duration("{value}us")'
