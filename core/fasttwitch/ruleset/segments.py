"""The section `segments`: names and rules."""

import re
from functools import lru_cache

from fasttwitch.errors import Problem, RulesetError
from fasttwitch.ruleset.fields import (
    OLD_BOOLEANS,
    describe,
    entries_of,
    is_nothing,
    known_entries,
    report,
    scalar_kind,
    text_of,
    texts_of,
)
from fasttwitch.ruleset.model import SegmentDefinition
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode
from fasttwitch.ruleset.places import source_of
from fasttwitch.syntax import parse
from fasttwitch.syntax.nodes import Expression

NAME = re.compile(r"\w[\w.-]{0,119}")
NAME_FIX = "use letters, digits, `_`, `-` and `.`, at most 120, beginning with a letter, a digit or `_`"
EMPTY = "an empty condition would match everybody"
EMPTY_FIX = "write the condition, or remove the segment"

_KEYS = ("when", "description", "owner", "tags")
_MEMO_LENGTH = 16_384  # longer texts are parsed anew: 65,536 of them would fill the memory


def read_segments(node: Node, problems: list[Problem]) -> dict[str, SegmentDefinition]:
    """Return the segments of a section, without those that have problems."""
    segments = {}
    for name, (key, value) in entries_of(node, "`segments`", problems).items():
        if NAME.fullmatch(name) is None:
            report(problems, key, f"`{name}` cannot be the name of a segment", NAME_FIX)
        segment = _read_segment(name, key, value, problems)
        if segment is not None:
            segments[name] = segment
    return segments


def _read_segment(name: str, key: ScalarNode, value: Node, problems: list[Problem]) -> SegmentDefinition | None:
    if not isinstance(value, MappingNode):
        return _define(name, key, value, problems, "", "", ())
    entries = known_entries(value, f"segment `{name}`", _KEYS, problems)
    words = {one: text_of(entries[one][1], f"`{one}`", problems) for one in ("description", "owner") if one in entries}
    tags = texts_of(entries["tags"][1], "`tags`", problems) if "tags" in entries else ()
    if "when" not in entries:
        report(problems, key, f"segment `{name}` has no `when`: {EMPTY}", EMPTY_FIX)
        return None
    when_key, when = entries["when"]
    return _define(name, when_key, when, problems, words.get("description", ""), words.get("owner", ""), tags)


def _define(
    name: str, key: ScalarNode, rule: Node, problems: list[Problem], description: str, owner: str, tags: tuple[str, ...]
) -> SegmentDefinition | None:
    """Return the definition of a segment if its rule is text that parses."""
    if isinstance(rule, BrokenNode):
        return None
    if is_nothing(rule) or (isinstance(rule, ScalarNode) and not rule.text.strip()):
        report(problems, key, EMPTY, EMPTY_FIX)  # at the name: there is nothing else to point at
        return None
    if not isinstance(rule, ScalarNode):
        report(
            problems, rule, f"a rule must be text, not {describe(rule)}", "write the rule after `|`, on its own lines"
        )
        return None
    kind = scalar_kind(rule)
    if rule.plain and (kind != "text" or rule.text in OLD_BOOLEANS):
        _refuse_word(rule, kind, problems)
        return None
    text = rule.text.rstrip("\n")  # the line end of a block scalar is none of the rule's
    try:
        tree = parse_rule(text)
    except RulesetError as error:
        source = source_of(rule.place, text)
        problems.extend(problem.at(text, source) for problem in error.problems)
        return None
    return SegmentDefinition(name, text, tree, description, owner, tags, rule.place)


def _refuse_word(rule: ScalarNode, kind: str, problems: list[Problem]) -> None:
    """Report a rule that is a bare word or number: nobody means everybody by accident here."""
    if kind == "a Boolean":
        fix = f'put it in quotes if every customer is meant, or none: `"{rule.text}"`'
        report(problems, rule, f"a rule is text, and an unquoted `{rule.text}` is a Boolean", fix)
    elif kind == "a number":
        report(problems, rule, f"a rule is a condition, and `{rule.text}` is a number", "compare it: `ltv > 500`")
    else:
        fix = "write the condition; a Boolean attribute stands for itself: `email_opt_in`"
        report(
            problems, rule, f"`{rule.text}` is a word that many YAML readers take for a Boolean, not a condition", fix
        )


def parse_rule(text: str) -> Expression:
    """Return the tree of a rule; equal texts share one."""
    return _remembered(text) if len(text) <= _MEMO_LENGTH else parse(text)


@lru_cache(maxsize=65_536)
def _remembered(text: str) -> Expression:
    return parse(text)
