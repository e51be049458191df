"""Classes of values that are almost plain ones."""

from datetime import date, datetime, timedelta, tzinfo
from enum import Flag, IntEnum, StrEnum


class Text(str):
    """A string as some libraries make them."""

    __slots__ = ()


class Share(float):
    """A double of a class of its own."""

    __slots__ = ()


class Level(IntEnum):
    """A few whole numbers with names."""

    NONE, LOW, MIDDLE, HIGH = 0, 1, 2, 3


class NoOffset(tzinfo):
    """A zone that knows no offset: what wears it is naive, says Python."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Return nothing."""
        return None

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Return nothing."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """Return nothing."""
        return None


class Shade(Flag):
    """Something that looks like a number and is none."""

    DARK, LIGHT = 1, 2


class Grade(StrEnum):
    """Strings with names."""

    GOLD, SILVER = "gold", "silver"


class Whole:
    """Something that can be made a number, and is none."""

    def __int__(self) -> int:
        return 5

    def __float__(self) -> float:
        return 5.0

    def __index__(self) -> int:
        return 5


class Day(date):
    """A day of a class of its own."""


class Moment(datetime):
    """An instant of a class of its own."""


class Big(int):
    """A whole number of a class of its own."""


class Mute:
    """Something that cannot be told."""

    def __repr__(self) -> str:
        raise ValueError("it cannot be told")
