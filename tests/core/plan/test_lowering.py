"""Four modes: each must be where Kleene logic says, for every value of every attribute."""

from collections.abc import Callable, Mapping
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from fasttwitch.logic.datatypes import BOOL, INT
from fasttwitch.logic.nodes import (
    And,
    Attribute,
    Compare,
    Conditional,
    Constant,
    Expression,
    IsKnown,
    IsNull,
    IsTrue,
    Not,
    Or,
    Segment,
)
from fasttwitch.plan.lowering import FALSE, NOT_FALSE, NOT_TRUE, TRUE, Gate, Graph, Leaf, Lowering, Never
from fasttwitch.plan.sources import Column
from tests.core.plan.test_value_sets import holds

HERE = (0, 0)
A, B, N = Attribute(("a",), BOOL, HERE), Attribute(("b",), BOOL, HERE), Attribute(("n",), INT, HERE)
Row = Mapping[str, object]
ROWS: list[Row] = [
    dict(zip("abn", values, strict=True))
    for values in product((None, False, True), (None, False, True), (None, 0, 1, 2, 3))
]
SEGMENTS: dict[str, Expression] = {"s": Or((A, Compare(">", N, Constant(1, INT, HERE), HERE)), HERE)}


def kleene(tree: Expression, row: Row) -> bool | None:
    """Evaluate the slow way; None is unknown."""
    match tree:
        case Constant(value):
            return bool(value)
        case Attribute((name,)):
            cell = row[name]
            return None if cell is None else bool(cell)
        case IsNull(Attribute((name,))):
            return row[name] is None
        case Compare(operator, Attribute((name,)), Constant(int(bound))):
            number = row[name]
            if number is None:
                return None
            assert isinstance(number, int)
            return {"<": number < bound, ">": number > bound, "==": number == bound}[operator]
        case Not(operand):
            truth = kleene(operand, row)
            return None if truth is None else not truth
        case And(operands):
            values = [kleene(operand, row) for operand in operands]
            return False if False in values else None if None in values else True
        case Or(operands):
            values = [kleene(operand, row) for operand in operands]
            return True if True in values else None if None in values else False
        case Conditional(condition, then, otherwise):
            truth = kleene(condition, row)
            return None if truth is None else kleene(then if truth else otherwise, row)
        case IsTrue(operand):
            return kleene(operand, row) is True
        case IsKnown(operand):
            return kleene(operand, row) is not None
        case Segment(name):
            return kleene(SEGMENTS[name], row)
    raise AssertionError(tree)


def member(graph: Graph, node: int, row: Row) -> bool:
    """Say whether a row belongs to a node of the graph."""
    match graph.nodes[node]:
        case Never(everywhere):
            return everywhere
        case Leaf(source, values):
            column = graph.sources[source]
            assert isinstance(column, Column)
            return holds(values, row[column.path[0]])
        case Gate(conjunction, operands):
            return (all if conjunction else any)(member(graph, operand, row) for operand in operands)


leaves = st.sampled_from([A, B, IsNull(A, HERE), IsNull(N, HERE), Segment("s", HERE), Constant(True, BOOL, HERE)]) | (
    st.builds(
        lambda op, c: Compare(op, N, Constant(c, INT, HERE), HERE), st.sampled_from(["<", ">", "=="]), st.integers(0, 3)
    )
)


def grown(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return (
        st.builds(lambda p: Not(p, HERE), parts)
        | st.builds(lambda p: And(p, HERE), several)
        | st.builds(lambda p: Or(p, HERE), several)
        | st.builds(lambda c, t, o: Conditional(c, t, o, BOOL, HERE), parts, parts, parts)
        | st.builds(lambda p: IsTrue(p, HERE), parts)
        | st.builds(lambda p: IsKnown(p, HERE), parts)
    )


predicates = st.recursive(leaves, grown, max_leaves=14)


@given(predicates)
def test_every_mode_is_where_kleene_says(predicate: Expression) -> None:
    """Fusion, flattening and sharing must not move a single row between true, false and unknown."""
    lowering = Lowering({**SEGMENTS, "x": predicate})
    wanted: dict[int, Callable[[bool | None], bool]] = {
        TRUE: lambda value: value is True,
        FALSE: lambda value: value is False,
        NOT_TRUE: lambda value: value is not True,
        NOT_FALSE: lambda value: value is not False,
    }
    for mode, expected in wanted.items():
        node = lowering.segment("x", mode)
        for row in ROWS:
            assert member(lowering.graph, node, row) == expected(kleene(predicate, row)), (mode, row)


def test_equal_parts_of_two_segments_are_one_node() -> None:
    """A thousand rules that ask for adults ask once."""
    adult = Compare(">", N, Constant(1, INT, HERE), HERE)
    lowering = Lowering({"x": And((A, adult), HERE), "y": And((adult, A), HERE)})
    assert lowering.segment("x", TRUE) == lowering.segment("y", TRUE)


def test_a_segment_stays_one_operand_of_who_uses_it() -> None:
    """Its rows are computed once; a part in parentheses joins the chain it stands in."""
    number = IsNull(N, HERE)
    inner = And((A, number), HERE)
    lowering = Lowering({"inner": inner, "user": And((Segment("inner", HERE), B), HERE), "flat": And((inner, B), HERE)})
    nodes = lowering.graph.nodes
    user, flat = (nodes[lowering.segment(name, TRUE)] for name in ("user", "flat"))
    assert isinstance(user, Gate)
    assert isinstance(flat, Gate)
    assert lowering.segment("inner", TRUE) in user.operands
    assert len(user.operands) == 2
    assert len(flat.operands) == 3


def test_what_always_holds_leaves_no_trace() -> None:
    lowering = Lowering({"x": And((A, Constant(True, BOOL, HERE), B), HERE), "y": And((A, B), HERE)})
    assert lowering.segment("x", TRUE) == lowering.segment("y", TRUE)


def test_contradictions_are_never_and_excluded_middles_need_the_value() -> None:
    """`n < 1 && n > 2` is nobody; `n < 1 || !(n < 1)` is everybody whose n is known."""
    low, high = (Compare("<", N, Constant(1, INT, HERE), HERE), Compare(">", N, Constant(2, INT, HERE), HERE))
    lowering = Lowering({"never": And((low, high), HERE), "known": Or((low, Not(low, HERE)), HERE)})
    graph = lowering.graph
    assert graph.nodes[lowering.segment("never", TRUE)] == Never(False)
    known = lowering.segment("known", TRUE)
    assert [row["n"] is not None for row in ROWS] == [member(graph, known, row) for row in ROWS]


def test_a_chain_of_segments_needs_no_stack() -> None:
    """Segments may be built on segments by the thousand, in any order and under negation."""
    chain: dict[str, Expression] = {f"s{i}": Not(Segment(f"s{i + 1}", HERE), HERE) for i in range(5000)}
    chain["s5000"] = A
    lowering = Lowering(chain)
    assert lowering.segment("s0", TRUE) == lowering.segment("s5000", TRUE)
