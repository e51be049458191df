"""Whether a plan that came from outside is what the kernels of bulk runs may be given."""

import numpy as np

from fasttwitch.kernels.layout import (
    ANY_BIT,
    AT_LEAST,
    EQUAL,
    ROOT,
    RUN_BEGIN,
    RUN_COUNT,
    RUN_INVERT,
    RUN_SHAPE,
    RUN_SINK,
    STORE,
)
from fasttwitch.kernels.soundness import require, require_within
from fasttwitch.plan.circuit import ORDINARY
from fasttwitch.plan.codebooks import (
    CUTS_A_PLANE,
    THRESHOLDS_A_PLANE,
    Codebook,
    OrderedCodebook,
    Plane,
    planes_of,
    thresholds_of,
)
from fasttwitch.plan.compiler import INDEX, KIND, PLANE, SLOT, Plan
from fasttwitch.plan.schedule import EVERYBODY, REGISTERS_OF_SHAPE

CODES = 256  # of a plane


def check_plan(plan: Plan) -> None:
    """Raise UnsoundError unless a plan can be run."""
    expected = (
        Plane(book, part) for book, codebook in enumerate(plan.codebooks) for part in range(planes_of(codebook))
    )
    require(plan.planes == tuple(expected), "planes")
    require(len(plan.roots) == len(plan.names), "roots")
    require_within(np.array(plan.roots, np.int64), EVERYBODY, plan.rows, "roots")
    # Whatever is counted or stored is the work of a test or an instruction: nobody asks for room without end.
    require(0 <= plan.rows <= plan.operands.size, "rows")
    require(plan.tests.shape[0] <= plan.slots <= plan.tests.shape[0] + plan.operands.size, "slots")
    _check_tests(plan)
    _check_runs(plan)


def _check_tests(plan: Plan) -> None:
    plane, kind, index = (plan.tests[:, field] for field in (PLANE, KIND, INDEX))
    require_within(plane, 0, len(plan.planes), "tests")
    require(bool((np.diff(plane) >= 0).all()), "tests")
    require(bool(np.isin(kind, (AT_LEAST, EQUAL, ANY_BIT)).all()), "tests")
    require_within(plan.tests[:, SLOT], 0, plan.slots, "slots of tests")
    cuts = np.array([_cuts(plan.codebooks[one.codebook], one.part) for one in plan.planes], np.int64)
    low, high = np.where(kind == AT_LEAST, ORDINARY, 0), np.where(kind == AT_LEAST, cuts[plane], CODES)
    require(bool(((index >= low) & (index < high)).all()), "codes of tests")


def _cuts(codebook: Codebook, part: int) -> int:
    """Return how many places there are in a plane at which a test may stand."""
    if not isinstance(codebook, OrderedCodebook):
        return 0
    if codebook.has_nan:
        thresholds = len(thresholds_of(codebook.cuts)) - part * THRESHOLDS_A_PLANE
        return 2 * min(thresholds, THRESHOLDS_A_PLANE)
    return min(len(codebook.cuts) - part * CUTS_A_PLANE, CUTS_A_PLANE)


def _check_runs(plan: Plan) -> None:
    runs, operands = plan.runs, plan.operands
    shape, begin, count, sink = (runs[:, field] for field in (RUN_SHAPE, RUN_BEGIN, RUN_COUNT, RUN_SINK))
    require_within(shape, 1, REGISTERS_OF_SHAPE**2, "shapes")
    require_within(sink, STORE, ROOT + 1, "sinks")
    require_within(runs[:, RUN_INVERT], 0, 2, "inversions")
    width = 1 + shape // REGISTERS_OF_SHAPE + shape % REGISTERS_OF_SHAPE
    # One after the other, and nothing between them.
    require_within(count, 1, operands.size + 1, "runs")
    ends = np.cumsum(count * width)
    require(bool((begin == ends - count * width).all()), "runs")
    require((int(ends[-1]) if ends.size else 0) == operands.size, "runs")
    is_target = np.zeros(operands.size, np.bool_)
    each_begin, each_width = np.repeat(begin, count), np.repeat(width, count)
    number = np.arange(each_begin.size) - np.repeat(np.cumsum(count) - count, count)
    targets = each_begin + number * each_width
    is_target[targets] = True
    limit = np.repeat(np.where(sink == ROOT, plan.rows, plan.slots), count)
    require(bool(((operands[targets] >= 0) & (operands[targets] < limit)).all()), "targets")
    require_within(operands[~is_target], 0, plan.slots, "operands")
