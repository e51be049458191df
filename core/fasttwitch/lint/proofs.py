"""What can be said of segments whatever the data: proofs within a budget."""

import threading
import weakref
from collections.abc import Mapping, Sequence

from fasttwitch.engine.program import Program
from fasttwitch.lint.bounded import BoundedLowering
from fasttwitch.lint.prover import Prover
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.lowering import NOT_TRUE, TRUE

STEPS_A_PROOF = 1_000


class Proofs:
    """Proves sentences about segments; what would cost more than is allowed counts as not proved."""

    def __init__(self, lowering: BoundedLowering) -> None:
        self._lowering = lowering
        self._prover = Prover(lowering.graph)
        self._limit = 0
        self._known: dict[frozenset[int], bool] = {}

    def allow(self, steps: int) -> None:
        """Let all proofs from here on take so many steps together."""
        self._limit = self._prover.spent + steps

    @property
    def are_used_up(self) -> bool:
        """Whether all steps that were allowed have been taken."""
        return self._prover.spent >= self._limit

    def holds(self, kind: str, names: Sequence[str]) -> bool:
        """Return whether a conflict of this kind is proved of one or two segments; "contained": the inner one first."""
        match kind, *names:
            case "empty", name:
                return self._nobody((name, TRUE))
            case "everybody", name:
                return self._nobody((name, NOT_TRUE))
            case "contained", inner, outer:
                return self._is_inside(inner, outer)
            case "equal", one, other:
                return self._is_inside(one, other) and self._is_inside(other, one)
            case "disjoint", one, other:
                return self._nobody((one, TRUE), (other, TRUE))
        raise AssertionError(kind)

    def _is_inside(self, inner: str, outer: str) -> bool:
        if self._lowering.segment(inner, TRUE) == self._lowering.segment(outer, TRUE):
            return True
        return self._nobody((inner, TRUE), (outer, NOT_TRUE))

    def _nobody(self, *goals: tuple[str, int]) -> bool:
        """Return whether it is proved that no customer is in all these modes of segments."""
        nodes = frozenset(self._lowering.segment(name, mode) for name, mode in goals)
        known = self._known.get(nodes)
        if known is None:
            steps = min(STEPS_A_PROOF, self._limit - self._prover.spent)
            if steps <= 0:
                return False  # not kept: more may be allowed
            known = self._known[nodes] = not self._prover.is_possible(*nodes, steps=steps)
        return known


def proofs_of(program: Program, others: Mapping[str, Expression] | None = None) -> Proofs:
    """Return the proofs about a program's segments.

    others  typed trees of segments that are added, or that stand in place of the program's own
    """
    trees = {**program.trees, **(others or {})}
    if any(program.trees.get(name, tree) is not tree for name, tree in (others or {}).items()):
        # What has been lowered may hold a segment that another one replaces.
        return Proofs(BoundedLowering(trees, program.schema))
    return Proofs(_whole(program).extended(trees))


_lowered: weakref.WeakKeyDictionary[Program, BoundedLowering] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def _whole(program: Program) -> BoundedLowering:
    """Return the lowering of all segments, which nobody changes; kept as long as the program: 0.4 s for 1,000 rules."""
    with _lock:
        lowering = _lowered.get(program)
        if lowering is None:
            lowering = BoundedLowering(program.trees, program.schema)
            for name in program.trees:
                for mode in (TRUE, NOT_TRUE):
                    lowering.segment(name, mode)
            _lowered[program] = lowering
        return lowering
