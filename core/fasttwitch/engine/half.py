"""A plan with what hangs on it."""

import pyarrow as pa

from fasttwitch.batch.binding import Binding
from fasttwitch.batch.lookups import Lookups
from fasttwitch.batch.wiring import Wiring, wire
from fasttwitch.plan.compiler import Plan


class Half:
    """One plan of a program, for where its segments are true or for where they are false.

    wiring   the inputs it reads
    lookups  the code tables of the dictionaries it has met
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.wiring: Wiring = wire(plan)
        self.lookups = Lookups(plan)

    def bind(self, table: pa.Table, now: int) -> Binding:
        """Return the plan bound to a table, the clock at `now` µs."""
        return Binding(self.plan, self.wiring, self.lookups, table, now)
