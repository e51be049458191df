"""The search, on problems that are written down by hand."""

from collections.abc import Mapping

from fasttwitch.explanation.readings import Path
from fasttwitch.explanation.search import JointLeaf, Problem, Search, SingleLeaf, Solution
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.plan.lowering import Graph
from fasttwitch.plan.sources import Column
from fasttwitch.plan.value_sets import Truths

X: Path = ("x",)
Y: Path = ("y",)
Z: Path = ("z",)


class Written:
    """A problem under construction; candidate 0 is what an attribute holds."""

    def __init__(self, **candidates: int) -> None:
        self.graph = Graph()
        self.leaves: dict[int, SingleLeaf | JointLeaf] = {}
        self.candidates: dict[Path, int] = {(name,): count for name, count in candidates.items()}

    def leaf(self, leaf: SingleLeaf | JointLeaf) -> int:
        source = self.graph.source(Column((f"leaf {len(self.leaves)}",), BOOL))
        number = self.graph.leaf(source, Truths(4))
        self.leaves[number] = leaf
        return number

    def solutions(self, root: int, most: int, least: int = 0) -> list[Solution]:
        return list(Search(Problem(self.graph, root, self.leaves, self.candidates), most, least).solutions())


def allowed(solutions: list[Solution]) -> list[Mapping[tuple[str, ...], int]]:
    return [one.allowed for one in solutions]


def test_all_operands_of_an_and_narrow_one_attribute() -> None:
    one = Written(x=4)
    left, right = one.leaf(SingleLeaf(X, 0b0110)), one.leaf(SingleLeaf(X, 0b1100))
    assert allowed(one.solutions(one.graph.gate(True, [left, right]), 1)) == [{X: 0b0100}]


def test_what_is_true_already_stays_as_it_is() -> None:
    one = Written(x=2, y=2)
    root = one.graph.gate(True, [one.leaf(SingleLeaf(X, 0b01)), one.leaf(SingleLeaf(Y, 0b10))])
    assert allowed(one.solutions(root, 2)) == [{Y: 0b10}]


def test_an_or_is_one_solution_for_each_operand() -> None:
    one = Written(x=2, y=2, z=2)
    both = one.graph.gate(True, [one.leaf(SingleLeaf(Y, 0b10)), one.leaf(SingleLeaf(Z, 0b10))])
    root = one.graph.gate(False, [one.leaf(SingleLeaf(X, 0b10)), both])
    assert allowed(one.solutions(root, 1)) == [{X: 0b10}]
    assert allowed(one.solutions(root, 2, least=2)) == [{Y: 0b10, Z: 0b10}]
    assert one.solutions(root, 0) == []


def test_a_change_that_breaks_what_was_true_is_made_good() -> None:
    """`x` must change, after which the second OR needs `y`."""
    one = Written(x=2, y=2)
    first = one.leaf(SingleLeaf(X, 0b10))
    second = one.graph.gate(False, [one.leaf(SingleLeaf(X, 0b01)), one.leaf(SingleLeaf(Y, 0b10))])
    root = one.graph.gate(True, [first, second])
    assert one.solutions(root, 1) == []
    assert allowed(one.solutions(root, 2)) == [{X: 0b10, Y: 0b10}]


def test_what_reads_two_attributes_is_hoped_for_once_one_has_changed() -> None:
    one = Written(x=3, y=3)
    root = one.leaf(JointLeaf((X, Y), holds=False))
    found = one.solutions(root, 1)
    assert allowed(found) == [{X: 0b110}, {Y: 0b110}]
    assert not any(solution.certain for solution in found)
    assert {X: 0b110, Y: 0b110} in allowed(one.solutions(root, 2))


def test_what_reads_nothing_that_can_change_stays_as_it_is() -> None:
    one = Written(x=2)
    assert one.solutions(one.leaf(JointLeaf((), holds=False)), 5) == []
    other = Written(x=2)
    root = other.graph.gate(True, [other.leaf(JointLeaf((), holds=True)), other.leaf(SingleLeaf(X, 0b10))])
    assert [one.certain for one in other.solutions(root, 5)] == [True]


def test_a_search_that_takes_too_long_says_so() -> None:
    one = Written(**{f"x{number}": 2 for number in range(40)})
    pairs = [
        one.graph.gate(False, [one.leaf(SingleLeaf((f"x{place}",), 0b10)) for place in (number, (number + 1) % 40)])
        for number in range(40)
    ]
    search = Search(Problem(one.graph, one.graph.gate(True, pairs), one.leaves, one.candidates), 12, steps=2_000)
    assert (list(search.solutions()), search.gave_up) == ([], True)
