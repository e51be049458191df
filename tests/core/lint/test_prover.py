"""Proofs over a world small enough to look at every customer there can be."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from fasttwitch.lint.bounded import BoundedLowering
from fasttwitch.lint.prover import Prover
from fasttwitch.lint.samples import Samples
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.lowering import FALSE, NOT_FALSE, NOT_TRUE, TRUE
from tests.core.plan.test_lowering import ROWS, SEGMENTS, kleene, predicates

SCHEMA = pa.schema([("a", pa.bool_()), ("b", pa.bool_()), ("n", pa.int64())])
MODES = {
    TRUE: lambda truth: truth is True,
    FALSE: lambda truth: truth is False,
    NOT_TRUE: lambda truth: truth is not True,
    NOT_FALSE: lambda truth: truth is not False,
}
# Beside the values of `ROWS`: constants are 0 to 3, so one number above and one below all of them complete the world.
WORLD = [*ROWS, *({**row, "n": number} for row in ROWS if row["n"] is None for number in (-1, 4))]


@settings(max_examples=150)
@given(first=predicates, second=predicates, modes=st.tuples(st.sampled_from(list(MODES)), st.sampled_from(list(MODES))))
def test_what_is_possible_is_what_some_customer_shows(
    first: Expression, second: Expression, modes: tuple[int, int]
) -> None:
    """Both ways: nothing is called impossible that occurs, nothing possible that never does."""
    lowering = BoundedLowering({**SEGMENTS, "x": first, "y": second}, SCHEMA)
    prover = Prover(lowering.graph)
    goals = [lowering.segment(name, mode) for name, mode in zip("xy", modes, strict=True)]
    trees = (first, second)
    shown = any(all(MODES[mode](kleene(tree, row)) for tree, mode in zip(trees, modes, strict=True)) for row in WORLD)
    assert prover.is_possible(*goals, steps=100_000) == shown


@given(predicate=predicates, mode=st.sampled_from(list(MODES)))
def test_a_witness_is_inside_whatever_else_a_sample_has(predicate: Expression, mode: int) -> None:
    lowering = BoundedLowering({**SEGMENTS, "x": predicate}, SCHEMA)
    goal = lowering.segment("x", mode)
    box = Prover(lowering.graph).witness([goal])
    if box is not None:
        samples = Samples(lowering.graph, [box] * 20)
        assert samples.mask(goal) == (1 << 20) - 1


def test_too_hard_a_question_is_answered_with_perhaps() -> None:
    """Pigeons that do not fit into holes: true, and not worth the time."""
    from fasttwitch.logic.datatypes import BOOL
    from fasttwitch.logic.nodes import And, Attribute, Not, Or

    here = (0, 0)
    pigeons, holes = range(8), range(7)
    sits = {(p, h): Attribute((f"p{p}h{h}",), BOOL, here) for p in pigeons for h in holes}
    somewhere = [Or(tuple(sits[p, h] for h in holes), here) for p in pigeons]
    alone = [Or((Not(sits[p, h], here), Not(sits[q, h], here)), here) for h in holes for p in pigeons for q in range(p)]
    lowering = BoundedLowering({"x": And((*somewhere, *alone), here)}, pa.schema([]))
    prover = Prover(lowering.graph)
    assert prover.is_possible(lowering.segment("x", TRUE), steps=500)
    assert prover.spent <= 501


def test_a_chain_of_segments_may_be_long() -> None:
    """Beyond its depth the prover knows nothing, and says so in peace."""
    from fasttwitch.logic.datatypes import BOOL
    from fasttwitch.logic.nodes import And, Attribute, Or, Segment

    here = (0, 0)
    chain: dict[str, Expression] = {"s0": Attribute(("a",), BOOL, here)}
    for number in range(1, 3000):
        family = And if number % 2 else Or
        chain[f"s{number}"] = family((Segment(f"s{number - 1}", here), Attribute((f"c{number}",), BOOL, here)), here)
    lowering = BoundedLowering(chain, pa.schema([]))
    root = lowering.segment("s2999", TRUE)
    assert Prover(lowering.graph).is_possible(root)
    assert Samples(lowering.graph, [{}] * 8).mask(root) >= 0
