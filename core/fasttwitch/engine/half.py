"""Predicates with what is made of them: plans for customers in bulk, and for one at a time."""

from functools import cached_property

import pyarrow as pa

from fasttwitch.batch.binding import Binder
from fasttwitch.batch.point.kept import clocked_plan
from fasttwitch.batch.wiring import ComputedInput, StoredInput, Wiring, wire
from fasttwitch.engine.run import Job
from fasttwitch.garbage import without_collector
from fasttwitch.kernels.point.index import Index
from fasttwitch.plan.compiler import Plan, plan_of
from fasttwitch.plan.gates import PointPlan, point_plan
from fasttwitch.plan.predicates import Predicates
from fasttwitch.plan.reads import attributes_of
from fasttwitch.plan.sources import Path


class Half:
    """One half of a program: where its segments are true, or where they are false. Each plan is made when asked for.

    codebooks  what values are told apart by
    laid_out   the index of its rules for single customers, where a file has one
    """

    laid_out: Index | None = None

    def __init__(self, predicates: Predicates) -> None:
        self.codebooks = predicates.codebooks
        self._predicates: Predicates | None = predicates

    @classmethod
    def of_plans(cls, plan: Plan, point_plan: PointPlan | None = None, laid_out: Index | None = None) -> "Half":
        """Return the half whose plans are made already; without a `point_plan`, nobody asks it about one customer."""
        half = cls.__new__(cls)
        half.codebooks, half._predicates = plan.codebooks, None
        half.plan, half.laid_out = plan, laid_out
        if point_plan is not None:
            half.point_plan = point_plan
        return half

    @cached_property
    def plan(self) -> Plan:
        """The plan of bulk runs."""
        assert self._predicates is not None
        with without_collector():
            return plan_of(self._predicates)

    @cached_property
    def point_plan(self) -> PointPlan:
        """The plan of single customers."""
        assert self._predicates is not None
        return point_plan(self._predicates)

    @cached_property
    def wiring(self) -> Wiring:
        """The inputs that bulk runs read."""
        return wire(self.plan)

    @cached_property
    def _binder(self) -> Binder:
        return Binder(self.plan, self.wiring)

    @cached_property
    def clocked(self) -> "Half":
        """The codebooks of values that are computed from the clock, as a half that evaluates nothing."""
        return Half.of_plans(clocked_plan(self.plan))

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The columns that the plan reads."""
        paths: dict[Path, None] = {}
        for entry in self.wiring.inputs:
            match entry:
                case StoredInput(path):
                    paths[path] = None
                case ComputedInput(expression):
                    paths.update((attribute.path, None) for attribute in attributes_of(expression))
        return tuple(paths)

    def job(self, table: pa.Table, now: int, threads: int, aligned: bool, afresh: bool = False) -> Job:
        """Return the run of the plan over a table, the clock at `now` µs.

        aligned  spans begin at multiples of 64 rows, as masks need
        afresh   take no string for known; else the run may turn out to have missed one

        Errors: DataError if a column is missing or of another type than the program was compiled for.
        """
        binding = self._binder.bind(table, now, threads, afresh)
        coding = binding.coding
        spans = list(binding.spans(aligned))
        return Job(
            self.plan,
            binding.rows,
            spans,
            coding.tests,
            coding.steps,
            self.wiring.registers,
            binding.misses,
            coding.least_codes,
        )
