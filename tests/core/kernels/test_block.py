"""The driver end to end against the twins: random programs over raw, computed and kept columns of every length."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from fasttwitch.kernels import cpu, lanes, layout
from fasttwitch.kernels.load import Kernels, load
from fasttwitch.kernels.tables import search_plane, truth_plane
from tests.core.kernels.aligned import aligned_bytes
from tests.core.kernels.columns import column, derived
from tests.oracle import kernels_evaluate as oracle
from tests.oracle.kernels_evaluate import Value

LENGTHS = [1, 63, 64, 65, 2047, 2048, 2049, 5000]
CUTS = [-5, 0, 7, 8, 1000, 2**40]
STEPS = [  # a + b
    [layout.LOAD_INT, 0, 0, 0, 0],
    [layout.LOAD_INT, 1, 1, 0, 0],
    [layout.ADD_INT, 2, 0, 1, 0],
]
REGISTERS = 3
PLANE_TESTS = [30, 0, 13, 3, 18]  # enough for bit slices, none, enough for look-ups, few


@pytest.fixture(scope="module", params=[cpu.WIDE, cpu.PORTABLE])
def kernels(request: pytest.FixtureRequest) -> Kernels:
    if cpu.missing_for(request.param):
        pytest.skip(f"this processor cannot run the {request.param} kernels")
    return load(request.param)


@dataclass(frozen=True, slots=True)
class Case:
    """A random program with random columns, and the twin's answers.

    answers  the rows of each segment
    codes    of each plane, as they should be kept
    """

    rows: int
    inputs: NDArray[np.int64]
    planes: NDArray[np.int64]
    tests: NDArray[np.int64]
    runs: NDArray[np.int64]
    operands: NDArray[np.int32]
    slots: int
    answers: dict[int, NDArray[np.bool_]]
    codes: list[NDArray[np.uint8]]
    owners: tuple[object, ...]


def random_case(rows: int, seed: int) -> Case:
    """Return a case of columns int64, int16 and bool, a computed sum, and five planes, two of them of one column."""
    random = np.random.default_rng(seed)

    def nullable(values: list[Value]) -> list[Value]:
        return [None if random.random() < 0.1 else value for value in values]

    longs = nullable(random.choice([-6, -5, 0, 6, 7, 8, 999, 1000, 2**40, 2**63 - 1, -(2**63)], rows).tolist())
    shorts = nullable(random.integers(-20, 20, rows).tolist())
    flags = nullable((random.random(rows) < 0.5).tolist())
    sums = [None if a is None or b is None else a + b for a, b in zip(longs, shorts, strict=True)]
    sums = [None if s is None or not -(2**63) <= s < 2**63 else s for s in sums]
    columns = [column(layout.INT64, longs), column(layout.INT16, shorts), column(layout.BITS, flags)]
    inputs = np.zeros((4, layout.INPUT_FIELDS), np.int64)
    for number, each in enumerate(columns):
        each.fill(inputs[number])
    inputs[3] = derived(layout.DERIVED_INT, 0, len(STEPS))

    cuts = np.array(CUTS)
    long_plane, few_plane = search_plane(cuts, lanes.I64), search_plane(cuts[:2], lanes.I64)
    tables = [long_plane, few_plane, search_plane(np.array([-3, 4]), lanes.I32), truth_plane(), long_plane]
    planes = np.zeros((5, layout.PLANE_FIELDS), np.int64)
    for plane, (table, input) in enumerate(zip(tables, [0, 0, 1, 2, 3], strict=True)):
        table.fill(planes[plane])
        planes[plane, layout.PLANE_INPUT] = input
    codes = [
        searched(longs, CUTS),
        narrowed(longs, -5, 0),
        narrowed(shorts, -3, 4),
        np.array([0 if flag is None else 1 + flag for flag in flags], np.uint8),
        searched(sums, CUTS),
    ]
    tests, slots = random_tests(random, planes, codes)
    runs, operands, count = random_program(random, len(slots))
    answers = oracle.run_program(runs, operands, slots)
    return Case(rows, inputs, planes, tests, runs, operands, count, answers, codes, (columns, tables))


def searched(values: list[Value], cuts: list[int]) -> NDArray[np.uint8]:
    return np.array([0 if v is None else 1 + sum(cut <= v for cut in cuts) for v in values], np.uint8)


def narrowed(values: list[Value], least: int, greatest: int) -> NDArray[np.uint8]:
    return np.array([0 if v is None else min(max(v, least - 1), greatest) - least + 2 for v in values], np.uint8)


def random_tests(
    random: np.random.Generator, planes: NDArray[np.int64], codes: list[NDArray[np.uint8]]
) -> tuple[NDArray[np.int64], dict[int, NDArray[np.bool_]]]:
    """Return the tests of each plane and the slots they fill."""
    tests: list[list[int]] = []
    slots = {}
    for plane, known in enumerate(codes):
        planes[plane, layout.PLANE_TEST_BEGIN] = len(tests)
        for _ in range(PLANE_TESTS[plane]):
            kind, code = int(random.integers(0, 2 if plane == 2 else 3)), int(random.integers(1, 8))
            slots[len(tests)] = oracle.passes(kind, code, known)
            tests.append([kind, code, len(tests)])
        planes[plane, layout.PLANE_TEST_END] = len(tests)
    return np.array(tests), slots


def random_program(random: np.random.Generator, slots: int) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
    """Return runs that store and runs that answer, each operand a slot filled before."""
    runs: list[list[int]] = []
    operands: list[int] = []
    segments = 0
    for number in range(24):
        sink, invert = number % 2, int(random.integers(0, 2))
        positives, negatives = random.integers(0, 5, 2).tolist()
        positives += positives + negatives == 0
        count = int(random.integers(1, 4))
        runs.append([positives * 5 + negatives, len(operands), count, sink, invert])
        for instruction in range(count):
            target = slots + instruction if sink == layout.STORE else segments + instruction
            operands += [target, *random.integers(0, slots, positives + negatives).tolist()]
        slots, segments = (slots + count, segments) if sink == layout.STORE else (slots, segments + count)
    return np.array(runs), np.array(operands, np.int32), slots


def evaluate(
    kernels: Kernels, case: Case, ranges: list[tuple[int, int]], masks: NDArray[np.uint64] | None, streaming: int = 0
) -> NDArray[np.int64]:
    """Return the counts after running the block ranges, one call each; masks are filled if given."""
    counts = np.zeros((len(case.answers), 8), np.int64)
    scratch = aligned_bytes(kernels.scratch_bytes(case.slots, REGISTERS), fill=0xA5)
    for begin, end in ranges:
        kernels.run_blocks(
            begin,
            end,
            case.rows,
            case.inputs,
            case.planes,
            case.tests,
            np.array(STEPS),
            case.runs,
            case.operands,
            scratch.ctypes.data,
            case.slots,
            counts,
            0 if masks is None else masks.ctypes.data,
            0 if masks is None else masks.strides[0],
            streaming,
        )
    totals: NDArray[np.int64] = counts.sum(axis=1)
    return totals


def blocks(rows: int) -> int:
    return -(-rows // layout.BLOCK_ROWS)


@pytest.mark.parametrize("rows", LENGTHS)
def test_counts_and_masks_of_every_length(kernels: Kernels, rows: int) -> None:
    """A mask has exactly the words that hold rows: the word behind each is another segment's or nobody's."""
    case = random_case(rows, seed=rows)
    words = -(-rows // 64)
    masks = np.full((len(case.answers), words + 1), 0xA5A5, np.uint64)
    whole = [(0, blocks(rows))]
    counts = evaluate(kernels, case, whole, masks)
    for segment, bits in case.answers.items():
        np.testing.assert_array_equal(masks[segment, :words], oracle.pack(bits), f"segment {segment}")
        assert counts[segment] == bits.sum()
    assert (masks[:, words] == 0xA5A5).all()
    np.testing.assert_array_equal(evaluate(kernels, case, whole, None), counts)


@pytest.mark.parametrize("seed", range(8))
def test_ranges_of_blocks_in_any_order_add_up(kernels: Kernels, seed: int) -> None:
    """Threads take ranges as they come, each with its own scratch; here it is one after the other."""
    case = random_case(5000, seed)
    assert evaluate(kernels, case, [(2, 3), (0, 1), (1, 1), (1, 2)], None).tolist() == [
        int(case.answers[segment].sum()) for segment in range(len(case.answers))
    ]


def test_streamed_masks_are_the_same(kernels: Kernels) -> None:
    case = random_case(5000, seed=11)
    rows, stride = len(case.answers), 3 * layout.BLOCK_MASK_BYTES
    plain, streamed = (
        aligned_bytes(rows * stride, fill=0xA5).view(np.uint64).reshape(rows, stride // 8) for _ in range(2)
    )
    evaluate(kernels, case, [(0, 3)], plain)
    evaluate(kernels, case, [(0, 3)], streamed, streaming=1)
    np.testing.assert_array_equal(plain, streamed)
    np.testing.assert_array_equal(plain[0, : -(-5000 // 64)], oracle.pack(case.answers[0]))


@pytest.mark.parametrize("rows", LENGTHS)
def test_kept_codes_answer_without_the_columns(kernels: Kernels, rows: int) -> None:
    case = random_case(rows, seed=rows + 1)
    padded = blocks(rows) * layout.BLOCK_ROWS
    kept = np.full((len(case.codes), padded), 0xA5, np.uint8)
    case.planes[:, layout.PLANE_CODES] = kept.ctypes.data + np.arange(len(case.codes)) * padded
    case.planes[:, layout.PLANE_STATE] = layout.KEEP
    expected = [int(case.answers[segment].sum()) for segment in range(len(case.answers))]
    assert evaluate(kernels, case, [(0, blocks(rows))], None).tolist() == expected
    for plane, codes in enumerate(case.codes):
        np.testing.assert_array_equal(kept[plane, :rows], codes, f"plane {plane}")
    case.planes[:, layout.PLANE_STATE] = layout.KEPT
    case.inputs[:] = 0  # addresses 0: whoever reads a column now crashes
    assert evaluate(kernels, case, [(0, blocks(rows))], None).tolist() == expected


def test_one_plane_may_be_kept_and_another_of_its_input_not(kernels: Kernels) -> None:
    case = random_case(2100, seed=3)
    kept = np.zeros(2 * layout.BLOCK_ROWS, np.uint8)
    kept[:2100] = case.codes[0]
    case.planes[0, layout.PLANE_STATE] = layout.KEPT
    case.planes[0, layout.PLANE_CODES] = kept.ctypes.data
    expected = [int(case.answers[segment].sum()) for segment in range(len(case.answers))]
    assert evaluate(kernels, case, [(0, 2)], None).tolist() == expected


def test_a_program_without_runs_only_keeps_codes(kernels: Kernels) -> None:
    case = random_case(70, seed=4)
    kept = np.zeros((len(case.codes), layout.BLOCK_ROWS), np.uint8)
    case.planes[:, layout.PLANE_CODES] = kept.ctypes.data + np.arange(len(case.codes)) * layout.BLOCK_ROWS
    case.planes[:, layout.PLANE_STATE] = layout.KEEP
    case.planes[:, [layout.PLANE_TEST_BEGIN, layout.PLANE_TEST_END]] = 0
    scratch = aligned_bytes(kernels.scratch_bytes(0, REGISTERS))
    nothing = np.zeros((0, layout.RUN_FIELDS), np.int64), np.zeros(0, np.int32)
    counts = np.zeros((0, 8), np.int64)
    tests, steps = np.zeros((0, layout.TEST_FIELDS), np.int64), np.array(STEPS)
    tables = (case.inputs, case.planes, tests, steps, *nothing)
    kernels.run_blocks(0, 1, 70, *tables, scratch.ctypes.data, 0, counts, 0, 0, 0)
    for plane, codes in enumerate(case.codes):
        np.testing.assert_array_equal(kept[plane, :70], codes)


def test_tables_may_be_read_only(kernels: Kernels) -> None:
    """A plan is immutable: its arrays come with `writeable` off."""
    case = random_case(100, seed=6)
    for table in (case.tests, case.runs, case.operands):
        table.flags.writeable = False
    expected = [int(case.answers[segment].sum()) for segment in range(len(case.answers))]
    assert evaluate(kernels, case, [(0, 1)], None).tolist() == expected
