"""Values of a JSON document with their places, so that what is wrong with one can be told."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from fasttwitch.errors import Problem, RulesetError, Source
from fasttwitch.syntax import limits
from fasttwitch.syntax.nodes import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A value of the document, and where it stands."""

    value: object
    path: str

    def refuse(self, message: str, fix: str = "") -> NoReturn:
        """Raise the problem of this value."""
        raise RulesetError([Problem(message, None, fix, "", Source(self.path, ()))])

    def fields(self, needed: tuple[str, ...], optional: tuple[str, ...], what: str) -> "dict[str, Place]":
        """Return the fields of an object, which has all that are needed and none that nobody knows."""
        value = self.mapping(what)
        for key in value:
            if key not in needed and key not in optional:
                known = ", ".join(f"`{each}`" for each in (*needed, *optional))
                self.refuse(f"unknown key {shown(key)} in {what}", f"known here: {known}")
        for key in needed:
            if key not in value:
                self.refuse(f"{what} has no `{key}`", f"add `{key}`")
        prefix = "" if what == "the document" else f"{self.path}."
        return {key: Place(value[key], f"{prefix}{key}") for key in value}

    def mapping(self, what: str) -> Mapping[str, object]:
        """Return the value, which must be an object."""
        if not isinstance(self.value, dict):
            self.refuse(f"{what} must be an object, not {described(self.value)}")
        return self.value

    def items(self) -> "list[Place]":
        """Return the items of an array."""
        if not isinstance(self.value, list):
            self.refuse(f"this must be an array, not {described(self.value)}")
        if len(self.value) > limits.MAXIMUM_LIST_CONSTANTS:
            problem = limits.too_many_constants((0, 0))
            self.refuse(problem.message, problem.fix)
        return [Place(item, f"{self.path}[{number}]") for number, item in enumerate(self.value)]

    def string(self) -> str:
        """Return the value, which must be a text."""
        if not isinstance(self.value, str):
            self.refuse(f"this must be a string, not {described(self.value)}")
        if len(self.value) > limits.MAXIMUM_BYTES:
            problem = limits.too_many_bytes(len(self.value))
            self.refuse(problem.message, problem.fix)
        if _SURROGATE.search(self.value):
            self.refuse("half of a character stands here")
        return self.value

    def one_of(self, known: tuple[str, ...], what: str) -> str:
        """Return the value, which must be one of a few words."""
        word = self.string()
        if word not in known:
            self.refuse(f"unknown {what} {shown(word)}", f"known here: {', '.join(f'`{each}`' for each in known)}")
        return word

    def span(self) -> Span:
        """Return the value as a pair of offsets."""
        offsets = self.value if isinstance(self.value, list) and len(self.value) == 2 else [None, None]
        start, end = offsets
        if type(start) is not int or type(end) is not int or not 0 <= start <= end <= limits.MAXIMUM_BYTES:
            self.refuse("a span is two offsets, the smaller first", "write it like `[0, 8]`")
        return start, end


_SURROGATE = re.compile("[\ud800-\udfff]")


def shown(value: object) -> str:
    """Return a value as JSON writes it, at most 40 characters of it."""
    if isinstance(value, str):
        written = json.dumps(value if len(value) <= 40 else f"{value[:40]}…", ensure_ascii=False)
        return f"`{written.encode('utf-8', 'backslashreplace').decode()}`"
    if value is None or isinstance(value, bool):
        return f"`{'null' if value is None else str(value).lower()}`"
    if isinstance(value, int | float):
        return f"`{value}`" if abs(value) < 10**40 else "such a number"
    return described(value)


def described(value: object) -> str:
    """Return what a value is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "a Boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case dict():
            return "an object"
        case _:
            return "something that JSON has no word for"
