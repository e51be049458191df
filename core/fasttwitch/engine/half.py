"""A plan with what hangs on it."""

import pyarrow as pa

from fasttwitch.batch.binding import Binder
from fasttwitch.batch.wiring import Wiring, wire
from fasttwitch.engine.run import Job
from fasttwitch.plan.compiler import Plan


class Half:
    """One plan of a program, for where its segments are true or for where they are false.

    wiring  the inputs it reads
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.wiring: Wiring = wire(plan)
        self._binder = Binder(plan, self.wiring)

    def job(self, table: pa.Table, now: int, threads: int, aligned: bool, afresh: bool = False) -> Job:
        """Return the run of the plan over a table, the clock at `now` µs.

        aligned  spans begin at multiples of 64 rows, as masks need
        afresh   take no string for known; else the run may turn out to have missed one

        Errors: DataError if a column is missing or of another type than the program was compiled for.
        """
        binding = self._binder.bind(table, now, threads, afresh)
        coding = binding.coding
        spans = list(binding.spans(aligned))
        return Job(self.plan, binding.rows, spans, coding.tests, coding.steps, self.wiring.registers, binding.misses)
