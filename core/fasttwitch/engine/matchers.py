"""How a program comes to what it needs at the point: from all of its rules, or from those that a change has touched."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fasttwitch.batch.point.values import ValuesReader
from fasttwitch.engine.base import EncodedBase
from fasttwitch.engine.matching import Matcher
from fasttwitch.engine.part import Part, Tables, laid_out, one_by_one, over
from fasttwitch.engine.point import Point
from fasttwitch.engine.shares import shares_in
from fasttwitch.engine.tail import Tail
from fasttwitch.garbage import without_collector
from fasttwitch.kernels.point.gates import Gates
from fasttwitch.plan.reads import attributes_of
from fasttwitch.plan.schedule import NOBODY

if TYPE_CHECKING:
    from fasttwitch.engine.program import Program

# Gates of a tail that are asked one by one: a microsecond of each customer's time, against 2 ms of the change's.
MOST_GATES_UNORDERED = 100


def whole_matcher(program: "Program", sample: EncodedBase | None) -> Matcher:
    """Return what a program needs, all rules in one part.

    sample  customers like those that will be asked about, if there are any yet
    """
    with without_collector():
        reader = ValuesReader(program.paths, program.schema)

        def make_point(mode: int, sample: EncodedBase | None) -> Point:
            half = program.half(mode)
            shares = shares_in(sample, half)

            def make_tables(gates: Gates) -> Tables:
                if half.laid_out is not None and shares is None:
                    return over(half.laid_out)
                return laid_out(gates, shares)

            part = Part(half, reader, make_tables)
            return Point([part], np.array(half.point_plan.roots, np.int64))

        place_of = {name: place for place, name in enumerate(program.names)}
        return Matcher(program, program.paths, reader, place_of, make_point, sample)


def parted_matcher(program: "Program", tail: Tail) -> Matcher:
    """Return what a program needs, the rules that a change has touched in a part of their own."""
    origin = tail.origin.matcher
    reader, paths = origin.reader, origin.paths
    asked = {one.path for name in tail.needed for one in attributes_of(program.trees[name])}
    fresh = sorted(asked.difference(paths))
    if fresh:
        paths = (*paths, *fresh)
        reader = ValuesReader(paths, program.schema)
    is_in_order = program.names == tail.origin.names
    place_of = origin.place_of if is_in_order else {name: place for place, name in enumerate(program.names)}

    def make_point(mode: int, sample: EncodedBase | None) -> Point:
        (first,) = origin.point(mode).parts
        if reader is not origin.reader:
            first = first.reading(reader)
        half = tail.half(mode)
        roots = origin.point(mode).roots
        if is_in_order:
            roots = roots.copy()
        else:
            own = [origin.place_of.get(name, -1) for name in program.names]
            roots = np.append(roots, NOBODY)[own]
        places = [place_of[name] for name in tail.names]
        roots[places] = _after(np.array(half.point_plan.roots, np.int64), first.rows)
        is_small = half.point_plan.gates.gate_wires.size <= MOST_GATES_UNORDERED
        return Point([first, Part(half, reader, one_by_one if is_small else laid_out)], roots)

    return Matcher(program, paths, reader, place_of, make_point, origin.sample)


def _after(roots: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """Return roots of a part as the point numbers them: behind so many rows."""
    return np.where(roots >= 0, roots + rows, roots)
