"""The AND/OR program of one block against the twin: every shape, both sinks, complements, masks."""

import numpy as np
import pytest
from numpy.typing import NDArray

from fasttwitch.kernels import combine, layout
from tests.core.kernels.aligned import aligned_bytes
from tests.oracle import kernels_evaluate as oracle

SLOTS, WORDS = 12, layout.BLOCK_WORDS
SHAPES = [(positives, negatives) for positives in range(5) for negatives in range(5) if positives + negatives]


def random_slots(seed: int) -> NDArray[np.uint64]:
    slots = aligned_bytes(SLOTS * layout.BLOCK_MASK_BYTES).view(np.uint64).reshape(SLOTS, WORDS)
    random = np.random.default_rng(seed)
    # Dense, so that an AND of four is not empty and a wrong operand shows.
    slots[:] = random.integers(0, 2**64, slots.shape, np.uint64) | random.integers(0, 2**64, slots.shape, np.uint64)
    return slots


def unpacked(slots: NDArray[np.uint64]) -> dict[int, NDArray[np.bool_]]:
    bits = np.unpackbits(slots.view(np.uint8), axis=1, bitorder="little").astype(np.bool_)
    return dict(enumerate(bits))


def present(rows: int) -> NDArray[np.uint64]:
    words = np.zeros(WORDS, np.uint64)
    packed = oracle.pack(np.ones(rows, np.bool_))
    words[: packed.size] = packed
    return words


def one_run(
    shape: tuple[int, int], count: int, sink: int, invert: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return a run of random instructions; targets are the slots 8..11, operands the slots 0..7."""
    random = np.random.default_rng(seed)
    stream = [np.r_[8 + number, random.integers(0, 8, sum(shape))] for number in range(count)]
    run = [[shape[0] * 5 + shape[1], 3, count, sink, invert]]
    return np.array(run, np.int64), np.concatenate([[-1, -1, -1], *stream]).astype(np.int32)


@pytest.mark.parametrize("invert", [0, 1])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape_stores_what_its_twin_computes(shape: tuple[int, int], invert: int) -> None:
    runs, operands = one_run(shape, 4, layout.STORE, invert, seed=sum(shape))
    slots = random_slots(1)
    expected = unpacked(slots)
    oracle.run_program(runs, operands, expected)
    counts = np.zeros((1, 8), np.int64)
    combine.run_program(runs, operands, slots.ctypes.data, counts.ctypes.data, 0, 0, 0)
    for slot, bits in unpacked(slots).items():
        np.testing.assert_array_equal(bits, expected[slot])
    assert not counts.any()


@pytest.mark.parametrize("invert", [0, 1])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape_counts_what_its_twin_answers(shape: tuple[int, int], invert: int) -> None:
    runs, operands = one_run(shape, 4, layout.ROOT, invert, seed=sum(shape))
    slots = random_slots(2)
    before = slots.copy()
    answers = oracle.run_program(runs, operands, unpacked(slots))
    counts = np.full((12, 8), 5, np.int64)
    combine.run_program(runs, operands, slots.ctypes.data, counts.ctypes.data, 0, 0, 0)
    for segment, bits in answers.items():
        assert counts[segment].sum() - 40 == bits.sum()
    np.testing.assert_array_equal(slots, before)
    assert (counts[:8] == 5).all()


@pytest.mark.parametrize("streaming", [0, 1])
@pytest.mark.parametrize("invert", [0, 1])
def test_masks_hold_the_rows_that_are_counted(invert: int, streaming: int) -> None:
    runs, operands = one_run((2, 1), 4, layout.ROOT, invert, seed=3)
    slots = random_slots(3)
    answers = oracle.run_program(runs, operands, unpacked(slots))
    counts = np.zeros((12, 8), np.int64)
    stride = layout.BLOCK_MASK_BYTES + 64
    masks = aligned_bytes(12 * stride, fill=0xA5)
    combine.run_program(
        runs,
        operands,
        slots.ctypes.data,
        counts.ctypes.data,
        masks.ctypes.data,
        stride,
        streaming,
    )
    rows = masks.reshape(12, stride)
    for segment, bits in answers.items():
        np.testing.assert_array_equal(rows[segment, : layout.BLOCK_MASK_BYTES].view(np.uint64), oracle.pack(bits))
        assert counts[segment].sum() == bits.sum()
    assert (rows[:, layout.BLOCK_MASK_BYTES :] == 0xA5).all()
    assert (rows[:8] == 0xA5).all()


@pytest.mark.parametrize("with_masks", [True, False])
@pytest.mark.parametrize("invert", [0, 1])
@pytest.mark.parametrize("rows", [1, 63, 64, 65, 700, 2047])
def test_the_last_block_counts_and_writes_nothing_past_its_rows(rows: int, invert: int, with_masks: bool) -> None:
    """Slots hold anything past the last row, and a complement turns that into bits."""
    store, first = one_run((0, 2), 3, layout.STORE, 1, seed=4)
    root, second = one_run((1, 2), 4, layout.ROOT, invert, seed=5)
    root[0, layout.RUN_BEGIN] += first.size
    runs, operands = np.concatenate([store, root]), np.concatenate([first, second])
    slots = random_slots(4)
    answers = oracle.run_program(runs, operands, unpacked(slots))
    counts = np.zeros((12, 8), np.int64)
    words = -(-rows // 64)
    masks = np.full((12, words + 1), 0xA5A5, np.uint64)  # one word between two masks
    room = aligned_bytes(layout.BLOCK_MASK_BYTES + 64)
    combine.run_program_on_last_block(
        runs,
        operands,
        slots.ctypes.data,
        present(rows).ctypes.data,
        counts,
        masks.ctypes.data if with_masks else 0,
        masks.strides[0],
        room.ctypes.data,
    )
    for segment, bits in answers.items():
        assert counts[segment].sum() == bits[:rows].sum()
        if with_masks:
            np.testing.assert_array_equal(masks[segment, :words], oracle.pack(bits[:rows]))
    assert (masks[:, words] == 0xA5A5).all()
    assert with_masks or (masks == 0xA5A5).all()
