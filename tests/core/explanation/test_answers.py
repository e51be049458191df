"""Every part of every rule is what the interpreter says it is, for customers of all types."""

from random import Random

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.ruleset.order import walk
from fasttwitch.syntax import parse
from fasttwitch.syntax.nodes import Expression
from tests.generators.trials import trial
from tests.oracle.arrow import rows
from tests.oracle.instants import moment
from tests.oracle.interpreter import predicate
from tests.oracle.kinds import World

SCHEMA = pa.schema({"a": pa.bool_(), "b": pa.bool_(), "n": pa.int64()})
WORDS = {True: "true", False: "false", None: "unknown"}
TREES: dict[str, list[Expression]] = {}


def part(text: str, place: int) -> Expression:
    """Return a part of a rule, by its number among all nodes."""
    nodes = TREES.setdefault(text, list(walk(parse(text))))  # type: ignore[arg-type]
    return nodes[place]


@pytest.mark.parametrize("seed", range(15))
def test_every_part_is_what_the_interpreter_says(seed: int) -> None:
    random = Random(seed)
    drawn = trial(random, 6, 6)
    world: World = drawn.world
    try:
        program = ft.compile(ft.load_ruleset(drawn.document), drawn.shape.schema)
    except ft.RulesetError:
        pytest.skip("a limit that authors are told of")
    now, people = moment(drawn.shape.now), rows(drawn.table)
    compared = 0
    for name in drawn.rules:
        for row in random.sample(range(6), 3):
            found = program.explain(drawn.table.slice(row, 1), name, now)
            for rule in found.rules:
                for node in rule.root.walk():
                    expected = WORDS[predicate(part(rule.text, node.place), world)(people[row])]
                    assert node.answer == expected, (name, row, rule.segment, node.text)
                    compared += 1
    assert compared >= 18


def test_the_parts_of_a_rule_nest_as_they_are_written() -> None:
    text = '!(a && b) || (n > 1 ? isTrue(a) : isKnown(b)) || (n > 2) == a || string(n > 3) == "true"'
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"s": text}})
    program = ft.compile(ruleset, SCHEMA)
    found = program.explain({"a": True, "n": 3}, "s")
    told = [(one.kind, text[slice(*one.span)], one.answer) for one in found.rule.root.walk()]
    assert told == [
        ("any", text, "true"),
        ("not", "!(a && b)", "unknown"),
        ("all", "a && b", "unknown"),
        ("condition", "a", "true"),
        ("condition", "b", "unknown"),
        ("choice", "n > 1 ? isTrue(a) : isKnown(b)", "true"),
        ("condition", "n > 1", "true"),
        ("isTrue", "isTrue(a)", "true"),
        ("condition", "a", "true"),
        ("isKnown", "isKnown(b)", "false"),
        ("condition", "b", "unknown"),
        ("condition", "(n > 2) == a", "true"),
        ("condition", "n > 2", "true"),
        ("condition", 'string(n > 3) == "true"', "false"),
        ("condition", "n > 3", "false"),
    ]
