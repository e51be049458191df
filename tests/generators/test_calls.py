"""The rules that are tried speak the whole language."""

from collections.abc import Iterator
from random import Random

from fasttwitch.syntax.nodes import Call, Expression
from tests.generators.trials import trial
from tests.laws.laws import parts
from tests.oracle.functions import FUNCTIONS
from tests.oracle.kinds import EXTREMES, called, kind_of, overload

# The same version again.
UNWRITTEN = {("semver", ("semver",))}


def calls(tree: Expression) -> Iterator[Call]:
    if isinstance(tree, Call):
        yield tree
    for part in parts(tree):
        yield from calls(part)


def test_every_way_to_call_a_function_is_written() -> None:
    """Else a function could be wrong and no sweep would notice."""
    wanted = {
        (name, tuple(str(kind) for kind in way.takes)) for name, ways in FUNCTIONS.items() for way in ways
    } - UNWRITTEN
    special = {*EXTREMES, "format", "has", "coalesce", "isTrue", "isKnown", "segment", "list"}
    for seed in range(300, 330):
        world = trial(Random(seed), rules=150, rows=0).world
        for tree in world.segments.values():
            for call in calls(tree):
                name, arguments = called(call)
                special.discard(name)
                if name in FUNCTIONS:
                    assert kind_of(call, world) is not None
                    wanted.discard((name, tuple(str(kind) for kind in overload(name, arguments, world).takes)))
        if not wanted and not special:
            break
    assert wanted == set()
    assert special == set()
