"""Python values, as a caller or another reader made them, to a document tree."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from fasttwitch.builder import Expr
from fasttwitch.errors import Problem, RulesetError
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode, SequenceNode
from fasttwitch.ruleset.places import Place, Style, problem_at
from fasttwitch.ruleset.yaml_document import DEPTH_LIMIT


def read_value(value: object, path: str, problems: list[Problem], depth: int = 1) -> Node:
    """Return the tree of a Python value; `path` says which one it is, like `segments.vip`."""
    here = Place(path)
    if depth > DEPTH_LIMIT:
        problems.append(problem_at(here, "", f"the document nests deeper than {DEPTH_LIMIT} levels"))
        return BrokenNode(here)
    match value:
        case str() if not value.isprintable() and not _is_text(value):
            problems.append(problem_at(here, "", "this text has half of a surrogate pair"))
            return BrokenNode(here)
        case str():
            return ScalarNode(value, False, Place(path, style=Style.VALUE))
        case None | bool() | int() | float() | Decimal():
            return ScalarNode(_word(value), True, here)
        case datetime() if value.tzinfo is None:
            return ScalarNode(f"{value.isoformat()}Z", False, here)
        case date():  # datetimes too
            return ScalarNode(value.isoformat(), False, here)
        case Expr() if path.startswith("segments."):
            return _rule(value, path, problems)
        case Mapping():
            entries = []
            for key, child in value.items():
                inside = f"{path}.{key}" if path != "ruleset" else str(key)
                entries.append((_key(key, path), read_value(child, inside, problems, depth + 1)))
            return MappingNode(tuple(entries), here)
        case list() | tuple() | set() | frozenset():
            items = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value
            return SequenceNode(
                tuple(read_value(item, f"{path}[{number}]", problems, depth + 1) for number, item in enumerate(items)),
                here,
            )
        case Expr():
            problems.append(problem_at(here, "", "an expression can be the rule of a segment, and nothing else"))
            return BrokenNode(here)
        case _:
            problems.append(problem_at(here, "", "this value is neither text, number, list nor mapping"))
            return BrokenNode(here)


def _rule(rule: Expr, path: str, problems: list[Problem]) -> Node:
    """Return a rule that was built in Python as its text: problems need something to point at."""
    try:
        return ScalarNode(rule.to_cel(), False, Place(path, style=Style.VALUE))
    except RulesetError as error:
        problems.extend(problem_at(Place(path), "", one.message, one.fix) for one in error.problems)
        return BrokenNode(Place(path))


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _key(key: object, path: str) -> Node:
    if not isinstance(key, str):
        return ScalarNode(_word(key), True, Place(path))
    # A key that is no text cannot be a name either, and whoever says so must be able to print it.
    shown = key if key.isprintable() else key.encode("utf-8", "backslashreplace").decode()
    return ScalarNode(shown, False, Place(path))


def _word(value: object) -> str:
    """Return the word that YAML and JSON write for a value."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case float() if value != value or abs(value) == float("inf"):
            return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[str(value)]
        case _:
            return str(value)
