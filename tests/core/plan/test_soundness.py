"""Plans that came from outside: whatever would lead a kernel astray is refused."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.kernels.layout import RUN_BEGIN, RUN_COUNT, RUN_INVERT, RUN_SHAPE, RUN_SINK
from fasttwitch.kernels.soundness import UnsoundError
from fasttwitch.plan.codebooks import Plane
from fasttwitch.plan.compiler import INDEX, KIND, PLANE, SLOT, Plan
from fasttwitch.plan.lowering import TRUE
from fasttwitch.plan.soundness import check_plan

SCHEMA = pa.schema({"x": pa.float64(), "n": pa.int64(), "word": pa.string(), "flag": pa.bool_()})
SEGMENTS = {
    "a": "x > 0.5 && n < 7 || flag",
    "b": 'word in ["a", "b"] && !(n == 3) && x < 2.0',
    "c": 'word.startsWith("q") || segment("a")',
    "d": "true",
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    document = {"version": 1, "language": "cel/1", "segments": SEGMENTS}
    return ft.compile(ft.load_ruleset(document), SCHEMA).half(TRUE).plan


def test_our_own_plans_are_sound(plan: Plan) -> None:
    check_plan(plan)


def changed(table: str, field: int, value: int, row: int = 0) -> Callable[[Plan], Plan]:
    """Return what sets one cell of a table."""

    def change(plan: Plan) -> Plan:
        other = getattr(plan, table).copy()
        other[row, field] = value
        return replace(plan, **{table: other})

    return change


def operand(place: int, value: int) -> Callable[[Plan], Plan]:
    def change(plan: Plan) -> Plan:
        other = plan.operands.copy()
        other[place] = value
        return replace(plan, operands=other)

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda plan: replace(plan, planes=(*plan.planes, Plane(0, 1))), "planes"),
        (lambda plan: replace(plan, roots=plan.roots[1:]), "roots"),
        (lambda plan: replace(plan, roots=(plan.rows, *plan.roots[1:])), "roots"),
        (lambda plan: replace(plan, roots=(-3, *plan.roots[1:])), "roots"),
        (lambda plan: replace(plan, rows=1 << 40), "rows"),
        (lambda plan: replace(plan, slots=1 << 40), "slots"),
        (lambda plan: replace(plan, slots=0), "slots"),
        (changed("tests", PLANE, -1), "tests"),
        (changed("tests", PLANE, 2), "tests"),
        (changed("tests", KIND, 9), "tests"),
        (changed("tests", SLOT, 99), "slots of tests"),
        (changed("tests", SLOT, -1), "slots of tests"),
        (changed("tests", INDEX, 300), "codes of tests"),
        (changed("tests", INDEX, -3), "codes of tests"),
        (changed("tests", INDEX, 256, -1), "codes of tests"),
        (changed("runs", RUN_SHAPE, 0), "shapes"),
        (changed("runs", RUN_SHAPE, 25), "shapes"),
        (changed("runs", RUN_SINK, 2), "sinks"),
        (changed("runs", RUN_INVERT, 2), "inversions"),
        (changed("runs", RUN_COUNT, 0), "runs"),
        (changed("runs", RUN_COUNT, 1 << 40), "runs"),
        (changed("runs", RUN_BEGIN, 1), "runs"),
        (lambda plan: replace(plan, operands=np.append(plan.operands, np.int32(0))), "runs"),
        (operand(0, 1 << 20), "targets"),
        (operand(0, -1), "targets"),
        (operand(1, 1 << 20), "operands"),
        (operand(1, -1), "operands"),
    ],
)
def test_what_leads_astray_is_refused(plan: Plan, change: Callable[[Plan], Plan], message: str) -> None:
    with pytest.raises(UnsoundError, match=f"^{message}$"):
        check_plan(change(plan))


def test_a_plan_of_nothing_is_sound() -> None:
    none = np.zeros((0, 4), np.int64)
    check_plan(Plan((), (), (), none, 0, np.zeros((0, 5), np.int64), np.zeros(0, np.int32), (), 0))
