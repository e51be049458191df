"""What sets a program apart from the one that it was made from by a change: few rules, compiled by themselves."""

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fasttwitch.engine.half import Half
from fasttwitch.logic.nodes import Expression
from fasttwitch.plan.lowering import TRUE
from fasttwitch.plan.predicates import lowered

if TYPE_CHECKING:
    from fasttwitch.engine.program import Program


class Tail:
    """The rules that a change has touched; all others answer as they do in the program before it.

    origin  the program before, which has no tail itself
    names   the segments whose rules are other ones, or ask such segments
    needed  those, and the segments that they ask
    """

    def __init__(
        self, origin: "Program", names: Sequence[str], needed: Sequence[str], trees: Mapping[str, Expression]
    ) -> None:
        self.origin = origin
        self.names = tuple(names)
        self.needed = tuple(needed)
        self._trees = trees
        self._lock = threading.Lock()
        self._half_of = {TRUE: Half(lowered(self.names, trees, TRUE))}

    def half(self, mode: int) -> Half:
        """Return the rules where they are true, or (`mode` FALSE) where they are false."""
        with self._lock:
            half = self._half_of.get(mode)
            if half is None:
                half = self._half_of[mode] = Half(lowered(self.names, self._trees, mode))
            return half
