"""Codes of whole tables as bulk runs keep them: one array of bytes for each plane."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fasttwitch.batch.binding import Binder
from fasttwitch.batch.columns import column_at
from fasttwitch.batch.point.kept import CoderTables, KeptCoder, ages_of, instants_of
from fasttwitch.batch.wiring import wire
from fasttwitch.kernels.layout import (
    BLOCK_ROWS,
    KEEP,
    PLANE_CODES,
    PLANE_STATE,
    PLANE_TEST_BEGIN,
    PLANE_TEST_END,
    RUN_FIELDS,
)
from fasttwitch.kernels.load import load
from fasttwitch.logic.datatypes import TIMESTAMP
from fasttwitch.plan.compiler import Plan
from fasttwitch.pool import aligned_scratch


def kept_coder(plan: Plan, table: pa.Table, encoded_at: int) -> KeptCoder:
    """Return the coder of a table's customers, whose planes were encoded at an instant."""
    planes, least_codes = kept_planes(plan, table, encoded_at)
    instants = {path: instants_of(column_at(table, path, TIMESTAMP)) for path in ages_of(plan)}
    return KeptCoder(CoderTables(plan, planes, least_codes), planes, instants)


def kept_planes(
    plan: Plan, table: pa.Table, now: int
) -> tuple[dict[int, NDArray[np.uint8]], dict[int, NDArray[np.int64]]]:
    """Return plane → codes of all rows, and plane → the least codes above its cuts."""
    wiring = wire(plan)
    binder = Binder(plan, wiring)  # owns tables that the steps point at
    binding = binder.bind(table, now, 1, afresh=True)
    kept = {number: np.zeros(table.num_rows + BLOCK_ROWS, np.uint8) for number in wiring.plane_order}
    kernels = load()
    for span in binding.spans(aligned=True):
        span.planes[:, PLANE_STATE] = KEEP
        span.planes[:, [PLANE_TEST_BEGIN, PLANE_TEST_END]] = 0
        for place, number in enumerate(wiring.plane_order):
            span.planes[place, PLANE_CODES] = kept[number].ctypes.data + span.first
        kernels.run_blocks(
            0,
            -(-span.rows // BLOCK_ROWS),
            span.rows,
            span.inputs,
            span.planes,
            binding.coding.tests,
            binding.coding.steps,
            np.zeros((0, RUN_FIELDS), np.int64),
            plan.operands,
            aligned_scratch(kernels.scratch_bytes(plan.slots, wiring.registers)),
            plan.slots,
            np.zeros((1, 8), np.int64),
            0,
            0,
            0,
        )
    return kept, binding.coding.least_codes
