"""The AND/OR graph over sets of values as a circuit of ANDs over tests, with negation on the wires.

A *wire* is `2 * gate + negated`. A gate is a test (compare a plane with a code) or an AND of wires; an OR is an AND of
negated wires, negated. Gate 0 holds every row.

A set of values becomes few wires because codes keep the order of values: with `at(c)` the rows at or above cut c,

    c <= v < d        at(c) and not at(d)
    v != c            at(known) and not (at(c) and not at(c + 1))
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from fasttwitch.kernels.layout import ANY_BIT, AT_LEAST, EQUAL
from fasttwitch.plan.codebooks import (
    CUTS_A_PLANE,
    NAMES_A_PLANE,
    TESTS_A_PLANE,
    THRESHOLDS_A_PLANE,
    Codebook,
    NamesCodebook,
    OrderedCodebook,
    Plane,
    TextTestsCodebook,
    planes_of,
    thresholds_of,
)
from fasttwitch.plan.lowering import Gate, Leaf
from fasttwitch.plan.predicates import Predicates, reachable
from fasttwitch.plan.value_sets import FALSE_BIT, TRUE_BIT, UNKNOWN_BIT, Names, Ranges, Truths, ValueSet

Wire: TypeAlias = int
EVERY_ROW: Wire = 0
NO_ROW: Wire = 1

# Index of a test that stands before all cuts.
KNOWN, ORDINARY = -1, -2  # code >= 1; code >= 2 where 1 is NaN


@dataclass(frozen=True, slots=True)
class CodeTest:
    """One compare of a plane.

    index   AT_LEAST: the number of the cut within the plane (of 2 * threshold + side for doubles), or KNOWN, ORDINARY;
            EQUAL: the code; ANY_BIT: the bit mask
    """

    plane: int
    kind: int
    index: int


class Circuit:
    """Builds gates for the nodes of a graph that some predicates reach.

    planes  what the tests read
    gates   by number: a CodeTest, or the sorted wires of an AND
    """

    def __init__(self, predicates: Predicates) -> None:
        self.gates: list[CodeTest | tuple[Wire, ...]] = [()]
        self._tests: dict[tuple[int, int, int], int] = {}
        self._ands: dict[tuple[Wire, ...], int] = {}
        self._wires: dict[int, Wire] = {0: NO_ROW, 1: EVERY_ROW}
        self._nodes, self._homes, self._codebooks = predicates.logic.nodes, predicates.homes, predicates.codebooks
        self.planes = [
            Plane(book, part) for book, codebook in enumerate(self._codebooks) for part in range(planes_of(codebook))
        ]
        self._first_plane = _first_planes(self._codebooks)
        self._cuts = [_cut_positions(codebook) for codebook in self._codebooks]
        self._classes = [_class_positions(codebook) for codebook in self._codebooks]
        self._conjuncts: dict[tuple[int, ValueSet], tuple[Wire, ...]] = {}
        for node in reachable(predicates.logic, predicates.logic.roots):
            self._wires[node] = self._wire(node)

    def wire(self, node: int) -> Wire:
        """Return the wire that carries a node of the graph."""
        return self._wires[node]

    def _wire(self, node: int) -> Wire:
        match self._nodes[node]:
            case Leaf(source, values):
                return self._and(self._leaf_conjuncts(source, values))
            case Gate(conjunction, operands):
                wires: list[Wire] = []
                for operand in operands:
                    leaf = self._nodes[operand]
                    if type(leaf) is Leaf:
                        # Within an OR the complements are ANDed: a | b = !(!a & !b).
                        wires += self._leaf_conjuncts(
                            leaf.source, leaf.values if conjunction else leaf.values.complement()
                        )
                    else:
                        wire = self._wires[operand]
                        wires.append(wire if conjunction else wire ^ 1)
                return self._and(wires) ^ (not conjunction)
            case constant:
                return EVERY_ROW if constant.everywhere else NO_ROW

    def _leaf_conjuncts(self, source: int, values: ValueSet) -> tuple[Wire, ...]:
        """Return wires whose AND is the set."""
        key = (source, values)
        found = self._conjuncts.get(key)
        if found is None:
            found = self._conjuncts[key] = tuple(self._new_conjuncts(source, values))
        return found

    def _new_conjuncts(self, source: int, values: ValueSet) -> list[Wire]:
        book, index = self._homes[source]
        match values:
            case Truths(bits):
                known, true = self._truth_tests(book, index)
                unknown = bool(bits & UNKNOWN_BIT)
                toggles = [known] if unknown != bool(bits & FALSE_BIT) else []
                toggles += [true] if bool(bits & FALSE_BIT) != bool(bits & TRUE_BIT) else []
                return self._toggled(unknown, toggles)
            case Ranges():
                return self._range_conjuncts(book, values)
            case _:
                return self._name_conjuncts(book, values)

    def _range_conjuncts(self, book: int, values: Ranges) -> list[Wire]:
        plane = self._first_plane[book]
        toggles: list[Wire] = []
        if values.has_nan:
            if values.null != values.nan:
                toggles.append(self._test(plane, AT_LEAST, KNOWN))
            if values.nan != values.below:
                toggles.append(self._test(plane, AT_LEAST, ORDINARY))
        elif values.null != values.below:
            toggles.append(self._test(plane, AT_LEAST, KNOWN))
        positions = self._cuts[book]
        for cut in values.cuts:
            part, index = positions[cut]
            toggles.append(self._test(plane + part, AT_LEAST, index))
        return self._toggled(values.null, toggles)

    def _name_conjuncts(self, book: int, values: Names) -> list[Wire]:
        plane = self._first_plane[book]
        positions = self._classes[book]
        known = self._test(plane, AT_LEAST, KNOWN)
        places = sorted({positions[name] for name in values.names})
        named = [self._test(plane + part, EQUAL, code) for part, code in places]
        if values.others:
            return ([] if values.null else [known]) + [wire ^ 1 for wire in named]
        if values.null:  # the complement is "known and none of these"
            return [self._and([known, *(wire ^ 1 for wire in named)]) ^ 1]
        if len(named) == 1:
            return named
        return [self._and([wire ^ 1 for wire in named]) ^ 1]

    def _truth_tests(self, book: int, index: int) -> tuple[Wire, Wire]:
        plane = self._first_plane[book]
        if isinstance(self._codebooks[book], TextTestsCodebook):
            part, bit = divmod(index, TESTS_A_PLANE)
            return self._test(plane + part, ANY_BIT, 128), self._test(plane + part, ANY_BIT, 1 << bit)
        return self._test(plane, AT_LEAST, KNOWN), self._test(plane, AT_LEAST, ORDINARY)

    def _toggled(self, inside: bool, toggles: list[Wire]) -> list[Wire]:
        """Return wires whose AND is the set that null belongs to if `inside`, and that flips at each of `toggles`.

        Each toggle lies within the one before it, so a run of excluded codes is "at its start and not at its end".
        """
        excluded = _runs(toggles, not inside)
        included = _runs(toggles, inside)
        if len(excluded) <= max(2, len(included)):
            return [self._outside(run) for run in excluded]
        return [self._and([self._outside(run) for run in included]) ^ 1]

    def _outside(self, run: tuple[Wire | None, Wire | None]) -> Wire:
        """Return the wire of the rows outside "at `start` and not at `end`"."""
        start, end = run
        if start is None:
            assert end is not None
            return end
        return start ^ 1 if end is None else self._and([start, end ^ 1]) ^ 1

    def _test(self, plane: int, kind: int, index: int) -> Wire:
        key = (plane, kind, index)
        number = self._tests.get(key)
        if number is None:
            number = self._tests[key] = len(self.gates)
            self.gates.append(CodeTest(plane, kind, index))
        return 2 * number

    def _and(self, wires: Sequence[Wire]) -> Wire:
        distinct = set(wires)
        distinct.discard(EVERY_ROW)
        if NO_ROW in distinct or any(wire ^ 1 in distinct for wire in distinct):
            return NO_ROW
        if len(distinct) < 2:
            return distinct.pop() if distinct else EVERY_ROW
        key = tuple(sorted(distinct))
        number = self._ands.get(key)
        if number is None:
            number = self._ands[key] = len(self.gates)
            self.gates.append(key)
        return 2 * number


def _runs(toggles: list[Wire], inside: bool) -> list[tuple[Wire | None, Wire | None]]:
    """Return the runs between toggles that are `inside` (the state before the first toggle)."""
    ends: list[Wire | None] = [None] if inside else []
    ends += toggles
    if len(ends) % 2:
        ends.append(None)
    return list(zip(ends[::2], ends[1::2], strict=True))


def _first_planes(codebooks: Sequence[Codebook]) -> list[int]:
    firsts, plane = [], 0
    for codebook in codebooks:
        firsts.append(plane)
        plane += planes_of(codebook)
    return firsts


def _cut_positions(codebook: Codebook) -> dict[object, tuple[int, int]]:
    """Return cut → (part, index within the plane)."""
    if not isinstance(codebook, OrderedCodebook):
        return {}
    if not codebook.has_nan:
        return {cut: divmod(i, CUTS_A_PLANE) for i, cut in enumerate(codebook.cuts)}
    positions: dict[object, tuple[int, int]] = {}
    for i, threshold in enumerate(thresholds_of(codebook.cuts)):
        part, index = divmod(i, THRESHOLDS_A_PLANE)
        positions[threshold, 0] = (part, 2 * index)
        positions[threshold, 1] = (part, 2 * index + 1)
    return positions


def _class_positions(codebook: Codebook) -> dict[str, tuple[int, int]]:
    """Return name → (part, code)."""
    if not isinstance(codebook, NamesCodebook):
        return {}
    positions: dict[str, tuple[int, int]] = {}
    for i, names in enumerate(codebook.classes):
        part, index = divmod(i, NAMES_A_PLANE)
        for name in names:
            positions[name] = (part, 2 + index)
    return positions
