"""Register programs over columns of Python values, run by the kernel and by its twin."""

import itertools
import math
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels import layout
from fasttwitch.kernels.derive import derive
from fasttwitch.kernels.registers import REGISTER_BYTES, VALUE_BYTES
from tests.core.kernels.aligned import aligned_bytes
from tests.core.kernels.columns import Column, column, derived
from tests.oracle import kernels_evaluate as oracle
from tests.oracle.kernels_evaluate import Value

ROWS = layout.BLOCK_ROWS
ROWS_ALONE = 20
UNTOUCHED = 0xA5
INTS: list[Value] = [
    0,
    1,
    -1,
    2,
    -2,
    3,
    5,
    -5,
    7,
    2**31,
    -(2**31),
    2**32,
    2**53 + 1,
    3037000500,
    2**62,
    2**63 - 1,
    -(2**63),
    -(2**63) + 1,
    None,
]
UINTS: list[Value] = [
    0,
    1,
    2,
    3,
    5,
    7,
    2**31,
    2**32,
    2**53 + 1,
    2**63 - 1,
    2**63,
    2**63 + 1025,
    2**64 - 2,
    2**64 - 1,
    None,
]
DOUBLES: list[Value] = [
    0.0,
    -0.0,
    1.0,
    -1.5,
    5e-324,
    2.0**53,
    2.0**63,
    2.0**64,
    -(2.0**63),
    1e308,
    math.inf,
    -math.inf,
    math.nan,
    None,
]
BOOLS: list[Value] = [True, False, None]
INSTANTS: list[Value] = [
    0,
    1,
    -1,
    layout.TIMESTAMP_LOW,
    layout.TIMESTAMP_HIGH,
    layout.DURATION_LOW,
    layout.DURATION_HIGH,
    10**9,
    None,
]
KINDS = ("int", "uint", "double", "bits")
LOADS = {
    layout.INT32: layout.LOAD_INT,
    layout.INT64: layout.LOAD_INT,
    layout.UINT64: layout.LOAD_UINT,
    layout.FLOAT64: layout.LOAD_DOUBLE,
    layout.BITS: layout.LOAD_BITS,
}
RESULTS = {
    "int": layout.DERIVED_INT,
    "uint": layout.DERIVED_UINT,
    "double": layout.DERIVED_DOUBLE,
    "bits": layout.DERIVED_BITS,
}


def run(kind: str, steps: Sequence[Sequence[int]], columns: Sequence[Column], rows: int, row: int = 0) -> list[Value]:
    """Return what the kernel makes of rows row..row + rows, read from the result register."""
    register = filled_registers(kind, steps, columns, rows, row)[steps[-1][1]]
    known = np.unpackbits(register[VALUE_BYTES:], bitorder="little").astype(np.bool_)
    assert not known[rows:].any(), "a row past the end is valid"
    return read(kind, register, known)[:rows]


def filled_registers(
    kind: str, steps: Sequence[Sequence[int]], columns: Sequence[Column], rows: int, row: int = 0
) -> NDArray[np.uint8]:
    """Return uint8[registers, REGISTER_BYTES], all UNTOUCHED before, after the kernel has run."""
    inputs = np.zeros((len(columns) + 1, layout.INPUT_FIELDS), np.int64)
    for number, each in enumerate(columns):
        each.fill(inputs[number])
    inputs[-1] = derived(RESULTS[kind], 1, 1 + len(steps))
    table = np.array([[-1] * layout.STEP_FIELDS, *steps], np.int64)
    present = np.zeros(layout.BLOCK_WORDS, np.uint64)
    packed = oracle.pack(np.ones(rows, np.bool_))
    present[: packed.size] = packed
    registers = aligned_bytes(REGISTER_BYTES * (1 + max(step[1] for step in steps)), fill=UNTOUCHED)
    values = aligned_bytes(VALUE_BYTES + 64, fill=UNTOUCHED)
    result = derive(
        inputs.ctypes.data,
        len(columns),
        table.ctypes.data,
        row,
        rows,
        present.ctypes.data,
        values.ctypes.data,
        registers.ctypes.data,
    )
    assert result - registers.ctypes.data == REGISTER_BYTES * steps[-1][1]
    return registers.reshape(-1, REGISTER_BYTES)


def read(kind: str, register: np.ndarray, known: np.ndarray) -> list[Value]:
    match kind:
        case "int":
            values = register[:VALUE_BYTES].view(np.int64).tolist()
        case "uint":  # an order-preserving image: the top bit is flipped
            values = (register[:VALUE_BYTES].view(np.uint64) ^ np.uint64(1 << 63)).tolist()
        case "double":
            values = register[:VALUE_BYTES].view(np.float64).tolist()
        case _:
            values = np.unpackbits(register[: layout.BLOCK_MASK_BYTES], bitorder="little").astype(np.bool_).tolist()
    return [value if valid else None for value, valid in zip(values, known.tolist(), strict=True)]


def same(left: Value, right: Value) -> bool:
    """Return whether two values are the same, the sign of zero and NaN included."""
    if isinstance(left, float) and isinstance(right, float):
        return (math.isnan(left) and math.isnan(right)) or struct.pack("d", left) == struct.pack("d", right)
    return type(left) is type(right) and left == right


def agree(kind: str, steps: Sequence[Sequence[int]], columns: Sequence[tuple[int, Sequence[Value], int]]) -> None:
    """Assert that kernel and twin agree on columns given as (physical, values, scale), and on some rows alone."""
    made = [column(physical, values, scale) for physical, values, scale in columns]
    rows = list(zip(*(values for _, values, _ in columns), strict=True))
    expected = [oracle.derive(steps, row, [scale for *_, scale in columns], []) for row in rows]
    got: list[Value] = []
    for begin in range(0, len(rows), ROWS):
        got += run(kind, steps, made, min(ROWS, len(rows) - begin), begin)
    wrong = [(row, e, g) for row, e, g in zip(rows, expected, got, strict=True) if not same(e, g)]
    for place in range(0, len(rows), 1 + len(rows) // ROWS_ALONE):
        alone = [column(physical, values[place : place + 1], scale) for physical, values, scale in columns]
        [value] = run(kind, steps, alone, 1)
        wrong += [] if same(expected[place], value) else [(rows[place], expected[place], value)]
    assert not wrong, f"(row, expected, got): {wrong[:5]}"


def pairs(left: Sequence[Value], right: Sequence[Value]) -> tuple[list[Value], list[Value]]:
    """Return all pairs as two columns."""
    both = list(itertools.product(left, right))
    return [a for a, _ in both], [b for _, b in both]


def unary(operation: int, physical: int, extra: int = 0) -> list[list[int]]:
    """Return the program that applies an operation to one column."""
    return [[LOADS[physical], 0, 0, 0, 0], [operation, 1, 0, 0, extra]]


def binary(operation: int, left: int, right: int, extra: int = 0) -> list[list[int]]:
    """Return the program that applies an operation to two columns."""
    return [[LOADS[left], 0, 0, 0, 0], [LOADS[right], 1, 1, 0, 0], [operation, 2, 0, 1, extra]]
