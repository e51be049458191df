"""A plan with what hangs on it."""

from functools import cached_property

import pyarrow as pa

from fasttwitch.batch.binding import Binder
from fasttwitch.batch.point.kept import clocked_plan
from fasttwitch.batch.wiring import ComputedInput, StoredInput, Wiring, wire
from fasttwitch.engine.run import Job
from fasttwitch.plan.compiler import Plan
from fasttwitch.plan.reads import attributes_of
from fasttwitch.plan.sources import Path


class Half:
    """One plan of a program, for where its segments are true or for where they are false.

    wiring  the inputs it reads
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.wiring: Wiring = wire(plan)
        self._binder = Binder(plan, self.wiring)

    @cached_property
    def clocked(self) -> "Half":
        """The codebooks of values that are computed from the clock, as a half that evaluates nothing."""
        return Half(clocked_plan(self.plan))

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
