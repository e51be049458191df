"""Circuits: what costs no gate."""

from fasttwitch.logic.datatypes import BOOL, INT
from fasttwitch.logic.nodes import And, Attribute, Compare, Constant, Expression, IsTrue, Not, Or, Segment
from fasttwitch.plan.circuit import EVERY_ROW, NO_ROW, Circuit, Wire
from fasttwitch.plan.lowering import FALSE, NOT_TRUE, TRUE, Lowering
from fasttwitch.plan.predicates import predicates_of

HERE = (0, 0)
A = Attribute(("a",), BOOL, HERE)
MANY = Compare(">", Attribute(("n",), INT, HERE), Constant(1, INT, HERE), HERE)


def wires(segments: dict[str, Expression], *asked: tuple[str, int]) -> tuple[Circuit, list[Wire]]:
    """Return the circuit of some segments in some modes, and the wires of those."""
    lowering = Lowering(segments)
    nodes = [lowering.segment(name, mode) for name, mode in asked]
    circuit = Circuit(predicates_of(lowering.graph, tuple(name for name, _ in asked), nodes))
    return circuit, [circuit.wire(node) for node in nodes]


def test_a_gate_and_its_complement_have_no_row_in_common() -> None:
    either = IsTrue(Or((A, MANY), HERE), HERE)
    contradiction = Not(Or((Segment("s", HERE), Not(either, HERE)), HERE), HERE)
    _, found = wires({"s": either, "x": contradiction}, ("x", TRUE))
    assert found == [NO_ROW]


def test_what_is_everybody_or_nobody_is_a_constant() -> None:
    always = IsTrue(Constant(True, BOOL, HERE), HERE)
    _, found = wires({"x": always}, ("x", TRUE), ("x", FALSE))
    assert found == [EVERY_ROW, NO_ROW]


def test_negations_under_de_morgan_share_their_gate() -> None:
    """`a && n > 1` is not true exactly where one of the two is not true."""
    circuit, (both, not_both) = wires({"x": And((A, MANY), HERE)}, ("x", TRUE), ("x", NOT_TRUE))
    assert not_both == both ^ 1
    assert len([gate for gate in circuit.gates if isinstance(gate, tuple) and gate]) == 1
