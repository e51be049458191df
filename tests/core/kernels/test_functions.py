"""Functions of registers against their twins, on the edges of each type and on random values between them."""

import itertools
import math
import struct

import numpy as np
import pytest

from fasttwitch.kernels import layout
from tests.core.kernels.columns import column
from tests.core.kernels.programs import DOUBLES, INTS, UINTS, agree, binary, pairs, run, unary
from tests.oracle.kernels_evaluate import Value

HALVES = [
    0.5,
    1.5,
    2.5,
    0.49999999999999994,
    0.5000000000000001,
    2.0**51 + 0.5,
    2.0**52 - 0.5,
    2.0**52 + 1,
    2.0**53 - 1,
]
LIMITS = [2.0**63, 2.0**64, 2.0**31, 1e99, 1.0, 7.9, 11.5, 123.456, 0.9999999999999999, math.inf, 5e-324, 0.0]
EDGES = [
    edge
    for limit in [*HALVES, *LIMITS]
    for near in (limit, np.nextafter(limit, -math.inf), np.nextafter(limit, math.inf))
    for edge in (float(near), -float(near))
]
CASTS = [
    ("INT_TO_UINT", "uint", layout.INT64),
    ("UINT_TO_INT", "int", layout.UINT64),
    ("DOUBLE_TO_INT", "int", layout.FLOAT64),
    ("DOUBLE_TO_UINT", "uint", layout.FLOAT64),
]
OF_ONE = [
    *CASTS,
    ("ABSOLUTE_INT", "int", layout.INT64),
    ("ABSOLUTE_DOUBLE", "double", layout.FLOAT64),
    ("SIGN_INT", "int", layout.INT64),
    ("SIGN_UINT", "uint", layout.UINT64),
    ("SIGN_DOUBLE", "double", layout.FLOAT64),
    ("CEILING", "double", layout.FLOAT64),
    ("FLOOR", "double", layout.FLOAT64),
    ("ROUND", "double", layout.FLOAT64),
    ("TRUNCATE", "double", layout.FLOAT64),
    ("SQUARE_ROOT", "double", layout.FLOAT64),
    ("BIT_NOT", "int", layout.INT64),
    ("BIT_NOT", "uint", layout.UINT64),
    ("IS_NAN", "bits", layout.FLOAT64),
    ("IS_INFINITE", "bits", layout.FLOAT64),
    ("IS_FINITE", "bits", layout.FLOAT64),
]


def values_of(physical: int) -> list[Value]:
    """Return a type's edges, then random values of all sizes, a sixth of them null; in all no whole blocks."""
    random = np.random.default_rng(11)
    bits = random.integers(-(2**63), 2**63, 1500) >> random.integers(0, 64, 1500)
    if physical == layout.INT64:
        values: list[Value] = [*INTS, *bits.tolist()]
    elif physical == layout.UINT64:
        values = [*UINTS, *(bits.view(np.uint64) >> np.uint64(1)).tolist()]
    else:
        spread = random.standard_normal(1000) * 2.0 ** random.integers(-3, 66, 1000)
        halves = random.integers(-(2**20), 2**20, 500) + 0.5
        values = [*DOUBLES, *EDGES, *spread.tolist(), *halves.tolist(), *bits.view(np.float64).tolist()]
    return [None if i > 200 and i % 6 == 0 else value for i, value in enumerate(values * 2)]


@pytest.mark.parametrize(("operation", "kind", "physical"), OF_ONE)
def test_functions_of_one_register(operation: str, kind: str, physical: int) -> None:
    steps = unary(getattr(layout, operation), physical, extra=int(kind == "int"))
    agree(kind, steps, [(physical, values_of(physical), 0)])


KINDS = {"INT": ("int", layout.INT64), "UINT": ("uint", layout.UINT64), "DOUBLE": ("double", layout.FLOAT64)}
EDGES_OF = {"int": INTS, "uint": UINTS, "double": DOUBLES}


@pytest.mark.parametrize("type_", KINDS)
@pytest.mark.parametrize("name", ["LEAST", "GREATEST"])
def test_least_and_greatest_keep_the_left_one_of_equals(name: str, type_: str) -> None:
    """And of what cannot be compared: NaN on the right changes nothing, NaN on the left stays."""
    kind, physical = KINDS[type_]
    left, right = pairs(EDGES_OF[kind], EDGES_OF[kind])
    steps = binary(getattr(layout, f"{name}_{type_}"), physical, physical)
    agree(kind, steps, [(physical, left, 0), (physical, right, 0)])


@pytest.mark.parametrize("type_", ["INT", "UINT"])
@pytest.mark.parametrize("name", ["BIT_AND", "BIT_OR", "BIT_XOR"])
def test_bits_of_two_integers(name: str, type_: str) -> None:
    kind, physical = KINDS[type_]
    left, right = pairs(EDGES_OF[kind], EDGES_OF[kind])
    agree(kind, binary(getattr(layout, name), physical, physical), [(physical, left, 0), (physical, right, 0)])


@pytest.mark.parametrize("type_", ["INT", "UINT"])
@pytest.mark.parametrize("name", ["SHIFT_LEFT", "SHIFT_RIGHT"])
def test_shifts_lose_what_leaves_the_word(name: str, type_: str) -> None:
    """No sign comes in from the left; 64 and more give 0; a negative shift is unknown."""
    kind, physical = KINDS[type_]
    by: list[Value] = [*range(-2, 67), 2**32, 2**63 - 1, -(2**63), None]
    left, right = pairs(EDGES_OF[kind], by)
    steps = binary(getattr(layout, name), physical, layout.INT64, extra=int(kind == "int"))
    agree(kind, steps, [(physical, left, 0), (layout.INT64, right, 0)])


def test_doubles_become_ints_as_the_suite_wants_it() -> None:
    """Towards zero; the lowest int is refused, although it could be held."""
    doubles: list[Value] = [-123.456, 1.9, -7.9, 11.5, -3.5, 2.0**55, 2.0**63, -(2.0**63), 1e99, math.nan, -math.inf]
    expected: list[Value] = [-123, 1, -7, 11, -3, 2**55, None, None, None, None, None]
    assert run("int", unary(layout.DOUBLE_TO_INT, layout.FLOAT64), [column(layout.FLOAT64, doubles)], 11) == expected
    below: list[Value] = [-(2.0**63) + 1024, 2.0**63 - 1024]
    expected = [-(2**63) + 1024, 2**63 - 1024]
    assert run("int", unary(layout.DOUBLE_TO_INT, layout.FLOAT64), [column(layout.FLOAT64, below)], 2) == expected


def test_halves_round_away_from_zero() -> None:
    """Where `floor(x + 0.5)` goes wrong too: just below a half, and among the odd numbers above 2**52."""
    doubles: list[Value] = [0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 2.0**52 + 1, 2.0**52 - 0.5, -0.2]
    expected: list[Value] = [1.0, -1.0, 2.0, 3.0, -3.0, 0.0, 2.0**52 + 1, 2.0**52, -0.0]
    got = run("double", unary(layout.ROUND, layout.FLOAT64), [column(layout.FLOAT64, doubles)], len(doubles))
    assert [struct.pack("d", value) for value in got] == [struct.pack("d", value) for value in expected]


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 63, 64, 65, 2047, 2048])
def test_rows_past_the_end_stay_invalid(rows: int) -> None:
    """`run` asserts it; functions that give bits and functions that give values store validity alike."""
    values: list[Value] = [float(i) - 5 for i in range(rows)]
    source = [column(layout.FLOAT64, values)]
    assert run("bits", unary(layout.IS_NAN, layout.FLOAT64), source, rows) == [False] * rows
    assert run("double", unary(layout.TRUNCATE, layout.FLOAT64), source, rows) == values


@pytest.mark.parametrize(("operation", "kind", "physical"), OF_ONE)
def test_a_result_may_replace_its_operand(operation: str, kind: str, physical: int) -> None:
    """The plan reuses registers, also of values for bits."""
    values = values_of(physical)[:2048]
    fresh = unary(getattr(layout, operation), physical)
    reused = [fresh[0], [fresh[1][0], 0, *fresh[1][2:]]]
    source = [column(physical, values)]
    got = run(kind, reused, source, len(values))
    expected = run(kind, fresh, source, len(values))
    assert [repr(value) for value in got] == [repr(value) for value in expected]


def test_every_new_operation_has_a_twin_and_a_test() -> None:
    """A number added to the layout fails here until it is known on both sides."""
    from fasttwitch.kernels.functions import FUNCTIONS
    from tests.oracle.kernels_functions import FUNCTIONS as TWINS

    kernels = {number for function in FUNCTIONS for number in function.operations if number > 0}
    assert kernels == set(TWINS)
    tested = {getattr(layout, name) for name, *_ in OF_ONE}
    tested |= {getattr(layout, f"{name}_{type_}") for name in ("LEAST", "GREATEST") for type_ in KINDS}
    tested |= {layout.BIT_AND, layout.BIT_OR, layout.BIT_XOR, layout.SHIFT_LEFT, layout.SHIFT_RIGHT}
    elsewhere = set(itertools.chain(*OF_INSTANTS))
    assert kernels == tested | elsewhere


OF_INSTANTS = (
    (layout.INSTANT_TO_SECONDS, layout.SECONDS_TO_INSTANT, layout.INSTANT_TO_DATE, layout.DATE_TO_INSTANT),
    (layout.CALENDAR_PART, layout.DURATION_PART, layout.DURATION_MILLISECONDS),
)  # in test_clocks.py
