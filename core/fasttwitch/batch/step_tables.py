"""What the steps of register programs point at: lists of constants and clocks of zones."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels import layout
from fasttwitch.kernels.membership import membership_table
from fasttwitch.library.zones import Zone
from fasttwitch.plan.registers import InZone, Member, Operand, Step, operands_of, step_rows


class StepTables:
    """Makes each table once; they live as long as this."""

    def __init__(self) -> None:
        self._members: dict[Member, NDArray[np.int64]] = {}
        self._zones: dict[Zone, NDArray[np.int64]] = {}

    def rows(self, steps: tuple[Step, ...], numbers: Mapping[Operand, int], now: int) -> NDArray[np.int64]:
        """Return int64[steps, STEP_FIELDS] of a program.

        numbers  of the inputs behind the operands that it loads
        now      µs since 1970 UTC
        """
        own = {operand: numbers[operand] for operand in operands_of(steps)}
        tables = {step: self._member(step) for step in steps if isinstance(step, Member)}
        zones = {step.zone: self._zone(step.zone) for step in steps if isinstance(step, InZone)}
        return step_rows(steps, own, now, tables, zones)

    def _member(self, step: Member) -> tuple[int, int]:
        """Return address and slots of the table of a long list."""
        if step not in self._members:
            dtype = np.float64 if step.operation == layout.MEMBER_DOUBLE else np.int64
            self._members[step] = membership_table(np.array(step.constants, dtype))
        table = self._members[step]
        return int(table.ctypes.data), table.size - 1

    def _zone(self, zone: Zone) -> int:
        """Return the address of the table of a zone."""
        from fasttwitch.kernels.zones import zone_table  # here, because Numba takes a second to import

        if zone not in self._zones:
            self._zones[zone] = zone_table(zone.transitions, zone.offsets, zone.cycle_start, zone.cycle)
        return int(self._zones[zone].ctypes.data)
