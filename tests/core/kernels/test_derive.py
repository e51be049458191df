"""Derived columns against the twin: every operation on the values where it overflows, divides by zero or meets NaN."""

import itertools
import math
import struct

import numpy as np
import pytest

from fasttwitch.kernels import layout
from fasttwitch.kernels.membership import membership_table
from fasttwitch.kernels.registers import VALUE_BYTES
from tests.core.kernels.columns import Column, column
from tests.core.kernels.guarded import Guarded
from tests.core.kernels.programs import (
    BOOLS,
    DOUBLES,
    INSTANTS,
    INTS,
    LOADS,
    ROWS,
    UINTS,
    UNTOUCHED,
    agree,
    binary,
    filled_registers,
    pairs,
    run,
)
from tests.oracle import kernels_evaluate as oracle
from tests.oracle.kernels_evaluate import Value

INT_OPERATIONS = ["ADD_INT", "SUBTRACT_INT", "MULTIPLY_INT", "DIVIDE_INT", "REMAINDER_INT"]
UINT_OPERATIONS = ["ADD_UINT", "SUBTRACT_UINT", "MULTIPLY_UINT", "DIVIDE_UINT", "REMAINDER_UINT"]
DOUBLE_OPERATIONS = ["ADD_DOUBLE", "SUBTRACT_DOUBLE", "MULTIPLY_DOUBLE", "DIVIDE_DOUBLE"]


@pytest.mark.parametrize("operation", INT_OPERATIONS)
def test_int_arithmetic_is_unknown_where_int64_cannot_hold_it(operation: str) -> None:
    left, right = pairs(INTS, INTS)
    steps = binary(getattr(layout, operation), layout.INT64, layout.INT64)
    agree("int", steps, [(layout.INT64, left, 0), (layout.INT64, right, 0)])


@pytest.mark.parametrize("operation", UINT_OPERATIONS)
def test_uint_arithmetic_is_unknown_where_uint64_cannot_hold_it(operation: str) -> None:
    left, right = pairs(UINTS, UINTS)
    steps = binary(getattr(layout, operation), layout.UINT64, layout.UINT64)
    agree("uint", steps, [(layout.UINT64, left, 0), (layout.UINT64, right, 0)])


@pytest.mark.parametrize("operation", DOUBLE_OPERATIONS)
def test_double_arithmetic_is_ieee(operation: str) -> None:
    left, right = pairs(DOUBLES, DOUBLES)
    steps = binary(getattr(layout, operation), layout.FLOAT64, layout.FLOAT64)
    agree("double", steps, [(layout.FLOAT64, left, 0), (layout.FLOAT64, right, 0)])


def test_division_truncates_towards_zero() -> None:
    """The examples of the language: -5 / 3 = -1, -5 % 3 = -2, 5 % -3 = 2."""
    columns = [column(layout.INT64, [-5, 5, -5, 5]), column(layout.INT64, [3, -3, -3, 3])]
    assert run("int", binary(layout.DIVIDE_INT, layout.INT64, layout.INT64), columns, 4) == [-1, -1, 1, 1]
    assert run("int", binary(layout.REMAINDER_INT, layout.INT64, layout.INT64), columns, 4) == [-2, 2, -2, 2]


@pytest.mark.parametrize(
    ("operation", "kind", "physical", "values"),
    [
        ("NEGATE_INT", "int", layout.INT64, INTS),
        ("NEGATE_DOUBLE", "double", layout.FLOAT64, DOUBLES),
        ("INT_TO_DOUBLE", "double", layout.INT64, INTS),
        ("UINT_TO_DOUBLE", "double", layout.UINT64, UINTS),
    ],
)
def test_functions_of_one_register(operation: str, kind: str, physical: int, values: list[Value]) -> None:
    steps = [[LOADS[physical], 0, 0, 0, 0], [getattr(layout, operation), 1, 0, 0, 0]]
    agree(kind, steps, [(physical, values, 0)])


@pytest.mark.parametrize("bounds", [layout.TIMESTAMP_RANGE, layout.DURATION_RANGE, layout.DATE_RANGE])
@pytest.mark.parametrize("operation", ["ADD_INSTANT", "SUBTRACT_INSTANT", "MULTIPLY_INSTANT"])
def test_instants_outside_their_range_are_unknown(operation: str, bounds: int) -> None:
    left, right = pairs(INSTANTS, INSTANTS)
    steps = binary(getattr(layout, operation), layout.INT64, layout.INT64, bounds)
    agree("int", steps, [(layout.INT64, left, 0), (layout.INT64, right, 0)])


OUTCOMES = {
    "<": layout.LESS,
    "<=": layout.LESS | layout.EQUAL_TO,
    ">": layout.GREATER,
    ">=": layout.GREATER | layout.EQUAL_TO,
    "==": layout.EQUAL_TO,
    "!=": layout.LESS | layout.GREATER | layout.UNORDERED,
}
PAIRS: dict[str, tuple[tuple[int, list[Value]], tuple[int, list[Value]]]] = {
    "COMPARE_INT": ((layout.INT64, INTS), (layout.INT64, INTS)),
    "COMPARE_UINT": ((layout.UINT64, UINTS), (layout.UINT64, UINTS)),
    "COMPARE_DOUBLE": ((layout.FLOAT64, DOUBLES), (layout.FLOAT64, DOUBLES)),
    "COMPARE_INT_UINT": ((layout.INT64, INTS), (layout.UINT64, UINTS)),
    "COMPARE_INT_DOUBLE": ((layout.INT64, INTS), (layout.FLOAT64, DOUBLES)),
    "COMPARE_UINT_DOUBLE": ((layout.UINT64, UINTS), (layout.FLOAT64, DOUBLES)),
}


@pytest.mark.parametrize("operator", OUTCOMES)
@pytest.mark.parametrize("operation", PAIRS)
def test_comparisons_of_columns(operation: str, operator: str) -> None:
    (left_type, left_values), (right_type, right_values) = PAIRS[operation]
    left, right = pairs(left_values, right_values)
    steps = binary(getattr(layout, operation), left_type, right_type, OUTCOMES[operator])
    agree("bits", steps, [(left_type, left, 0), (right_type, right, 0)])


def test_int_and_double_compare_as_doubles() -> None:
    """As the conformance suite wants it: the greatest int is not below 2**63, though as numbers it is."""
    columns = [column(layout.INT64, [2**63 - 1]), column(layout.FLOAT64, [2.0**63])]
    for operator, expected in [("<", False), ("<=", True), (">=", True), ("==", True)]:
        steps = binary(layout.COMPARE_INT_DOUBLE, layout.INT64, layout.FLOAT64, OUTCOMES[operator])
        assert run("bits", steps, columns, 1) == [expected], operator


@pytest.mark.parametrize(
    "physical", [layout.INT8, layout.INT16, layout.INT32, layout.UINT8, layout.UINT16, layout.UINT32]
)
def test_narrow_integers_load_as_their_values(physical: int) -> None:
    limits = {layout.INT8: (-128, 127), layout.UINT8: (0, 255), layout.INT16: (-(2**15), 2**15 - 1)}
    limits |= {layout.UINT16: (0, 2**16 - 1), layout.INT32: (-(2**31), 2**31 - 1), layout.UINT32: (0, 2**32 - 1)}
    values = [*limits[physical], 0, 1, None, 100] * 500
    agree("int", [[layout.LOAD_INT, 0, 0, 0, 0]], [(physical, values, 0)])
    if limits[physical][0] == 0:
        agree("uint", [[layout.LOAD_UINT, 0, 0, 0, 0]], [(physical, values, 0)])


@pytest.mark.parametrize("scale", [1_000_000, 1_000, 1, -1_000, -86_400_000, -7])
@pytest.mark.parametrize("bounds", [layout.TIMESTAMP_RANGE, layout.DURATION_RANGE, layout.DATE_RANGE])
def test_stored_instants_convert_and_stop_at_the_ends_of_their_range(scale: int, bounds: int) -> None:
    low, high = oracle.RANGES[bounds]
    edges = [edge // abs(scale) + step for edge in (low, high) for step in (-1, 0, 1, 2)]
    edges += [edge * abs(scale) + step for edge in (low, high) for step in (-1, 0, 1, abs(scale) - 1, abs(scale))]
    values = [v for v in [*edges, 0, 1, -1, 999, -999, -1001, 2**63 - 1, -(2**63)] if -(2**63) <= v < 2**63]
    agree("int", [[layout.LOAD_INSTANT, 0, 0, 0, bounds]], [(layout.INT64, [*values, None], scale)])


def test_dates_load_from_int32_days() -> None:
    values = [0, 19_000, -719_162, -719_163, 2_932_896, 2_932_897, None, 2**31 - 1]
    agree("int", [[layout.LOAD_INSTANT, 0, 0, 0, layout.DATE_RANGE]], [(layout.INT32, values, 1)])


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 2047, 2048])
def test_constants_are_valid_in_the_rows_that_exist(rows: int) -> None:
    assert run("int", [[layout.CONSTANT, 0, -7, 0, 0]], [], rows) == [-7] * rows
    bits = struct.unpack("q", struct.pack("d", 2.5))[0]
    assert run("double", [[layout.CONSTANT, 0, bits, 0, 0]], [], rows) == [2.5] * rows
    assert run("bits", [[layout.CONSTANT_BITS, 0, 1, 0, 0]], [], rows) == [True] * rows
    assert run("bits", [[layout.CONSTANT_BITS, 0, 0, 0, 0]], [], rows) == [False] * rows


@pytest.mark.parametrize("operation", ["AND_BITS", "OR_BITS", "NOT_BITS", "IS_KNOWN", "IS_TRUE"])
def test_logic_of_bits_is_kleene(operation: str) -> None:
    left, right = pairs(BOOLS, BOOLS)
    steps = binary(getattr(layout, operation), layout.BITS, layout.BITS)
    agree("bits", steps, [(layout.BITS, left * 30, 0), (layout.BITS, right * 30, 0)])


def test_coalesce_takes_the_right_register_where_the_left_is_null() -> None:
    left, right = pairs(INTS, INTS)
    steps = binary(layout.COALESCE, layout.INT64, layout.INT64)
    agree("int", steps, [(layout.INT64, left, 0), (layout.INT64, right, 0)])
    left, right = pairs(BOOLS, BOOLS)
    steps = binary(layout.COALESCE_BITS, layout.BITS, layout.BITS)
    agree("bits", steps, [(layout.BITS, left, 0), (layout.BITS, right, 0)])


@pytest.mark.parametrize("values", [INTS, BOOLS], ids=["ints", "bits"])
def test_a_choice_is_unknown_where_its_condition_is(values: list[Value]) -> None:
    """Also where both branches agree; the branch not taken may be unknown."""
    of_bits = values is BOOLS
    physical = layout.BITS if of_bits else layout.INT64
    rows = list(itertools.product(BOOLS, values, values))
    steps = [
        [layout.LOAD_BITS, 0, 0, 0, 0],
        [LOADS[physical], 1, 1, 0, 0],
        [LOADS[physical], 2, 2, 0, 0],
        [layout.CHOOSE_BITS if of_bits else layout.CHOOSE, 3, 0, 1, 2],
    ]
    conditions, then, otherwise = ([row[number] for row in rows] for number in range(3))
    columns = [(layout.BITS, conditions, 0), (physical, then, 0), (physical, otherwise, 0)]
    agree("bits" if of_bits else "int", steps, columns)


MEMBERS: list[tuple[str, list[Value]]] = [
    ("int", []),
    ("int", [0]),
    ("int", [1, 2, 3, -(2**63), 2**63 - 1]),
    ("int", list(range(1000))),
    ("int", [i * 2**40 for i in range(-300, 300)]),
    ("uint", [0, 1, 2**63, 2**64 - 1]),
    ("double", [0.0, 1.5, math.inf]),
    ("double", [-0.0, 5e-324, 1e300, math.nan]),
]


@pytest.mark.parametrize(("kind", "members"), MEMBERS, ids=str)
def test_membership_finds_all_members_and_nothing_else(kind: str, members: list[Value]) -> None:
    """-0.0 equals 0.0, NaN is in nothing, and the value that marks empty slots is no member."""
    types = {"int": np.int64, "uint": np.uint64, "double": np.float64}
    table = membership_table(np.array(members, types[kind]))
    slots = table.size - 1
    assert slots >= 2 * len(set(members)) or slots == 4
    physical = {"int": layout.INT64, "uint": layout.UINT64, "double": layout.FLOAT64}[kind]
    edges = {"int": INTS, "uint": UINTS, "double": DOUBLES}[kind]
    near = [] if kind == "double" else [m + 1 for m in members if isinstance(m, int) and m < 2**63 - 1]
    values = [*members, *edges, *near, *([int(table[0])] if kind == "int" else [])][:ROWS]
    operation = layout.MEMBER_DOUBLE if kind == "double" else layout.MEMBER_INT
    steps = [[LOADS[physical], 0, 0, 0, 0], [operation, 1, 0, table.ctypes.data, slots]]
    got = run("bits", steps, [column(physical, values)], len(values))
    assert got == [None if v is None else v in members and v == v for v in values]


FOUR = membership_table(np.array([2, 3, 5, 7], np.int64))


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 130])
def test_a_few_rows_cost_as_much_as_a_few_rows(rows: int) -> None:
    """Nothing behind the last word is written, but for the validity: this is what makes one customer cheap."""
    values: list[Value] = [*range(rows)]
    source = [column(layout.INT64, values), column(layout.BITS, [True] * rows), column(layout.UINT8, values)]
    steps = [
        [layout.LOAD_INT, 0, 0, 0, 0],
        [layout.LOAD_BITS, 1, 1, 0, 0],
        [layout.LOAD_INT, 2, 2, 0, 0],
        [layout.CONSTANT, 3, 3, 0, 0],
        [layout.MULTIPLY_INT, 4, 0, 3, 0],
        [layout.BIT_AND, 5, 4, 2, 0],
        [layout.COALESCE, 6, 5, 0, 0],
        [layout.CHOOSE, 7, 1, 6, 0],
        [layout.MEMBER_INT, 8, 7, FOUR.ctypes.data, FOUR.size - 1],
        [layout.AND_BITS, 9, 8, 1, 0],
        [layout.COMPARE_INT, 10, 7, 0, layout.LESS],
    ]
    bits = {1, 8, 9, 10}
    registers = filled_registers("bits", steps, source, rows)
    written = -(-rows // 64)
    for number, register in enumerate(registers):
        behind = 8 * written if number in bits else 512 * written
        assert (register[behind:VALUE_BYTES] == UNTOUCHED).all(), number
        assert (register[VALUE_BYTES + 8 * written :] == (0 if number == 10 else UNTOUCHED)).all(), number


@pytest.mark.parametrize("physical", [layout.INT8, layout.UINT16, layout.INT32, layout.INT64, layout.BITS])
def test_one_row_reads_one_row(physical: int) -> None:
    """The page behind the value may not be read."""
    size = {layout.INT8: 1, layout.UINT16: 2, layout.INT32: 4, layout.INT64: 8, layout.BITS: 1}[physical]
    value, mask = Guarded((1).to_bytes(size, "little")), Guarded(b"\1")
    alone = Column(physical, value.bytes, mask.bytes)
    kind = "bits" if physical == layout.BITS else "int"
    assert run(kind, [[layout.LOAD_BITS if kind == "bits" else layout.LOAD_INT, 0, 0, 0, 0]], [alone], 1) == [1]


def test_a_program_of_many_steps() -> None:
    """`coalesce(a, 0) * b - a > c`, over more rows than a block has."""
    random = np.random.default_rng(5)
    rows = 5000
    a, b, c = ([None if random.random() < 0.2 else int(v) for v in random.integers(-99, 99, rows)] for _ in range(3))
    steps = [
        [layout.LOAD_INT, 0, 0, 0, 0],
        [layout.CONSTANT, 1, 0, 0, 0],
        [layout.COALESCE, 2, 0, 1, 0],
        [layout.LOAD_INT, 1, 1, 0, 0],
        [layout.MULTIPLY_INT, 2, 2, 1, 0],
        [layout.SUBTRACT_INT, 2, 2, 0, 0],
        [layout.LOAD_INT, 1, 2, 0, 0],
        [layout.COMPARE_INT, 0, 2, 1, layout.GREATER],
    ]
    agree("bits", steps, [(layout.INT64, a, 0), (layout.INT32, b, 0), (layout.INT16, c, 0)])
