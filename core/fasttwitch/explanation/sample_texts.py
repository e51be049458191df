"""Strings that a test of strings may be true of, made from the test's own constants."""

import importlib
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any

from fasttwitch.explanation.goal import constants_in
from fasttwitch.explanation.readings import json_value
from fasttwitch.library.versions import RELEASE, text_of
from fasttwitch.logic.datatypes import DATE, SEMVER, TIMESTAMP
from fasttwitch.logic.nodes import Apply, Constant, Expression, parts

MOST_TEXTS = 400
LONGEST_TEXT = 200
LONGEST_OWN = 1_000  # characters of what an attribute holds that ideas are made from
_PADDING = "x"


def texts_for(tests: Iterable[Expression], present: str | None, names: Iterable[str]) -> list[str]:
    """Return strings worth trying where these tests read a string that is `present` now."""
    tests = tuple(tests)
    own = (present or "")[:LONGEST_OWN]
    heads, middles, tails, whole = [""], [""], [""], list(names)
    sizes: set[int] = set()
    for call in (call for test in tests for call in _calls(test)):
        match call:
            case Apply("startsWith", (_, Constant(str(text)))):
                heads.append(text)
            case Apply("endsWith", (_, Constant(str(text)))):
                tails.append(text)
            case Apply("contains", (_, Constant(str(text)))):
                middles.append(text)
            case Apply("matches", (_, Constant(str(pattern)))):
                whole += _matching(pattern)
    for constant in (constant for test in tests for constant in constants_in(test)):
        told = list(_words_of(constant))
        whole += told
        if isinstance(constant.value, int) and not isinstance(constant.value, bool):
            sizes.update(size for size in range(constant.value - 1, constant.value + 2) if 0 <= size <= LONGEST_TEXT)
    pieces = (f"{head}{middle}{tail}" for head, middle, tail in product(heads, [*middles, own], tails))
    whole += islice(pieces, MOST_TEXTS)
    whole += [own.lower(), own.upper(), own.strip(), "", *(text.upper() for text in heads + tails if text)]
    resized = [_resized(text, size) for text in (own, *whole[:20]) for size in sorted(sizes)]
    return list(dict.fromkeys([*whole, *resized]))[:MOST_TEXTS]


def another_text(known: Iterable[str]) -> str:
    """Return a string that is none of these."""
    taken = set(known)
    text = "other"
    while text in taken:
        text += "_"
    return text


def _calls(expression: Expression) -> Iterator[Apply]:
    if isinstance(expression, Apply):
        yield expression
    for part in parts(expression):
        yield from _calls(part)


def _words_of(constant: Constant) -> Iterator[str]:
    """Yield how a string may say a constant, and its neighbours."""
    value = constant.value
    if constant.type is SEMVER and isinstance(value, tuple):
        version: Any = value
        yield text_of(version)
        yield text_of((*version[:2], version[2] + 1, RELEASE))
        yield text_of((*version[:2], version[2], ((0, 0),)))
    elif isinstance(value, str):
        yield from (value, f"{value}{_PADDING}", value[:-1])
    elif isinstance(value, bool):
        yield str(value).lower()
    elif constant.type in (TIMESTAMP, DATE) and isinstance(value, int):
        yield str(json_value(value, constant.type))
    elif isinstance(value, int | float):
        yield from (str(value), str(value + 1), str(value - 1))


def _resized(text: str, size: int) -> str:
    return text[:size].ljust(size, _PADDING)


def _matching(pattern: str) -> Iterator[str]:
    """Yield strings that a simple pattern may match; what they really do is for the evaluator to say."""
    try:
        reader = importlib.import_module("re._parser")
        tree = reader.parse(pattern)
        yield _text_of(tree, 0)
        yield _text_of(tree, 1)
    except Exception:  # RE2 and Python's patterns differ, and this one is only asked for ideas
        return


def _text_of(tree: Any, choice: int) -> str:
    """Return a string of a parsed pattern; `choice` says which alternative and how many repetitions."""
    return "".join(_piece(str(operation), argument, choice) for operation, argument in tree)[:LONGEST_TEXT]


def _piece(operation: str, argument: Any, choice: int) -> str:
    match operation:
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return "a" if argument != ord("a") else "b"
        case "ANY":
            return "a"
        case "IN":
            return _member(argument)
        case "BRANCH":
            return _text_of(argument[1][choice % len(argument[1])], choice)
        case "SUBPATTERN":
            return _text_of(argument[-1], choice)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = argument
            return _text_of(inner, choice) * min(int(least) + choice, int(most), LONGEST_TEXT)
        case _:  # anchors take no room
            return ""


def _member(items: Any) -> str:
    """Return a character of a class."""
    excluded = items and str(items[0][0]) == "NEGATE"
    inside = [piece for piece in map(_first_of, items) if piece]
    if excluded:
        return next((one for one in "a0 _-Z." if not any(_holds(item, one) for item in items[1:])), "~")
    return inside[0] if inside else "a"


def _first_of(item: Any) -> str:
    operation, argument = str(item[0]), item[1]
    match operation:
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return chr(argument[0])
        case "CATEGORY":
            return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(argument), "a")
    return ""


def _holds(item: Any, character: str) -> bool:
    operation, argument = str(item[0]), item[1]
    match operation:
        case "LITERAL":
            return bool(argument == ord(character))
        case "RANGE":
            return bool(argument[0] <= ord(character) <= argument[1])
        case "CATEGORY":
            digit, blank = character.isdigit(), character.isspace()
            kinds = {"CATEGORY_DIGIT": digit, "CATEGORY_SPACE": blank, "CATEGORY_WORD": character.isalnum()}
            return kinds.get(str(argument), False)
    return False
