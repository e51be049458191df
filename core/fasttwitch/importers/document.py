"""JSON from elsewhere: read with limits, and taken apart with the place of every part at hand."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from fasttwitch.errors import ImporterError, Problem
from fasttwitch.syntax.limits import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_LIST_CONSTANTS

MAXIMUM_DOCUMENT = 16 * 1024 * 1024  # characters of text; a document of flags holds many rules
MAXIMUM_VALUES = 2 * MAXIMUM_LIST_CONSTANTS

_PLAIN = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
_KINDS = {
    bool: "a Boolean",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "an array",
    dict: "an object",
    type(None): "null",
}

Known = TypeVar("Known", bool, str)


@dataclass(frozen=True, slots=True)
class Spot:
    """A JSON value with its place.

    value  None, bool, int, float, str, list or dict; checked when the document was opened
    place  the path to it: `$.rules[2].value`
    """

    value: object
    place: str

    def entries(self, what: str) -> dict[str, "Spot"]:
        """Return the members of an object; `what` says what it should be."""
        if not isinstance(self.value, dict):
            raise self.refused(f"{what} must be an object, not {self.kind}")
        return {key: Spot(value, self.place + _step(key)) for key, value in self.value.items()}

    def items(self, what: str) -> list["Spot"]:
        """Return the members of an array; `what` says what it should be."""
        if not isinstance(self.value, list):
            raise self.refused(f"{what} must be an array, not {self.kind}")
        return [Spot(value, f"{self.place}[{index}]") for index, value in enumerate(self.value)]

    def text(self, what: str) -> str:
        """Return a text."""
        return self._known(str, what)

    def truth(self, what: str) -> bool:
        """Return a Boolean."""
        return self._known(bool, what)

    def _known(self, kind: type[Known], what: str) -> Known:
        if not isinstance(self.value, kind):
            raise self.refused(f"{what} must be {_KINDS[kind]}, not {self.kind}")
        return self.value

    @property
    def kind(self) -> str:
        """What the value is, in words."""
        return _KINDS[type(self.value)]

    @property
    def shown(self) -> str:
        """The value as JSON, shortened."""
        return shortened(json.dumps(self.value, ensure_ascii=False) if not isinstance(self.value, list | dict) else "…")

    def refused(self, message: str, fix: str = "") -> ImporterError:
        """Return the error that says what is wrong here."""
        return ImporterError(Problem(message, fix=fix), self.place)


def shortened(text: str) -> str:
    """Return a text that fits into a message."""
    return text if len(text) <= 60 else f"{text[:57]}…"


def open_document(document: object) -> Spot:
    """Return the root of a document, which is JSON text or what a JSON reader makes of one.

    Errors: ImporterError for what is no JSON, too large, too deep, or has one key twice.
    """
    if isinstance(document, bytes | bytearray):
        try:
            document = bytes(document).decode()
        except UnicodeDecodeError:
            raise Spot(None, "$").refused("the document is not UTF-8 text", "save it again as UTF-8") from None
    if isinstance(document, str):
        document = _read(document)
    return Spot(_checked(document), "$")


def _read(text: str) -> object:
    root = Spot(None, "$")
    if len(text) > MAXIMUM_DOCUMENT:
        raise root.refused(f"the document has more than {MAXIMUM_DOCUMENT:,} characters", "import it in parts")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ImporterError(Problem(f"the document is not JSON: {error.msg.lower()}"), place) from None
    except RecursionError:
        raise root.refused(*_TOO_DEEP) from None
    except ValueError:  # Python reads no number of thousands of digits
        raise root.refused("the document has a number with too many digits") from None


_TOO_DEEP = (f"the document nests deeper than {MAXIMUM_DEPTH} levels", "split it into several rules")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Spot(None, "$").refused(f"an object has the key `{shortened(twice)}` twice", "keep one of them")
    return found


def _constant(word: str) -> object:
    raise Spot(None, "$").refused(f"`{word}` is not JSON", "leave it out, or write a number")


def _checked(document: object) -> object:
    """Return the document with tuples as lists, if all in it is JSON and not too much.

    Works level by level: neither depth nor a circle of references can exhaust the stack.
    """
    holder: list[object] = [document]
    level: list[tuple[_Container, _Trail]] = [(holder, None)]
    values = depth = 0
    while level:
        below: list[tuple[_Container, _Trail]] = []
        for container, trail in level:
            values += len(container)
            if values > MAXIMUM_VALUES:
                raise Spot(None, "$").refused(f"the document has more than {MAXIMUM_VALUES:,} values")
            for key, value in enumerate(container) if isinstance(container, list) else container.items():
                here = (trail, key)
                copied = value if type(value) in (bool, int) or value is None else _value(value, here)
                if isinstance(copied, list | dict):
                    below.append((copied, here))
                container[key] = copied  # type: ignore[index]  # an int for a list, a str for a dict
        depth += 1
        if depth > MAXIMUM_DEPTH and below:
            raise Spot(None, _place(below[0][1])).refused(*_TOO_DEEP)
        level = below
    return holder[0]


# Of a path, only the last step and what it continues: millions of paths are never printed.
_Container = list[object] | dict[str, object]
_Trail = tuple["_Trail", int | str] | None


def _place(trail: _Trail) -> str:
    """Return the path that a trail stands for; its first step is the document itself."""
    steps = []
    while trail is not None:
        trail, key = trail
        steps.append(f"[{key}]" if isinstance(key, int) else _step(key))
    return "$" + "".join(reversed(steps[:-1]))


def _value(value: object, trail: _Trail) -> object:
    """Return one value, containers copied; raises for what JSON has no word for."""
    match value:
        case None | bool() | int():
            return value
        case str():
            if len(value) > MAXIMUM_BYTES:
                raise _at(trail).refused(f"this text has more than {MAXIMUM_BYTES:,} characters")
            if not value.isascii() and _HALF.search(value):
                raise _at(trail).refused(
                    "this text has half of a surrogate pair", "write both halves, or the character"
                )
            return value
        case float():
            if not math.isfinite(value):
                raise _at(trail).refused("NaN and infinity are not JSON", "leave it out, or write a number")
            return value
        case list() | tuple():
            return list(value)
        case Mapping():
            for key in value:
                if not isinstance(key, str):
                    raise _at(trail).refused(f"the key `{shortened(str(key))}` is no text")
                if _HALF.search(key):
                    raise _at(trail).refused("a key has half of a surrogate pair")
            return dict(value)
    raise _at(trail).refused(f"a `{type(value).__name__}` is not JSON")


def _at(trail: _Trail) -> Spot:
    return Spot(None, _place(trail))


def _step(key: str) -> str:
    """Return how a path goes on to a key."""
    return f".{key}" if _PLAIN.fullmatch(key) and len(key) <= 60 else f"[{json.dumps(shortened(key))}]"
