"""Columns into lanes: every layout, every bit offset, not a byte beyond the source."""

import numpy as np
import pytest

from fasttwitch.kernels import lanes, layout
from fasttwitch.kernels.stage import lane_of_physical, stage
from tests.core.kernels.guarded import Guarded
from tests.oracle import kernels_encode as oracle

ROWS = layout.BLOCK_ROWS
BYTES_PER_VALUE = {
    layout.INT8: 1,
    layout.UINT8: 1,
    layout.INT16: 2,
    layout.UINT16: 2,
    layout.INT32: 4,
    layout.UINT32: 4,
    layout.FLOAT32: 4,
    layout.INT64: 8,
    layout.UINT64: 8,
    layout.FLOAT64: 8,
    layout.DECIMAL64: 16,
}
LANE_TYPES = {lanes.I32: np.int32, lanes.I64: np.int64, lanes.F64: np.float64}
BLOCK_SIZES = [1, 7, 8, 9, 63, 64, 65, 127, 128, 1000, 2047, 2048]


def random_bytes(seed: int, count: int) -> bytes:
    return np.random.default_rng(seed).bytes(count)


def staged(physical: int, values: int, value_bit: int, validity: int, validity_bit: int, row: int, rows: int):  # type: ignore[no-untyped-def]
    """Return what `stage` made: lane values, known bits, and whether it copied; check that no scratch was overrun."""
    inputs = np.zeros((3, layout.INPUT_FIELDS), np.int64)
    inputs[1, layout.INPUT_PHYSICAL] = physical
    inputs[1, layout.INPUT_VALUES] = values
    inputs[1, layout.INPUT_VALUE_BIT] = value_bit
    inputs[1, layout.INPUT_VALIDITY] = validity
    inputs[1, layout.INPUT_VALIDITY_BIT] = validity_bit
    scratch = Guarded(b"\xa5" * (8 * ROWS))
    words = Guarded(b"\xa5" * layout.BLOCK_MASK_BYTES)
    address = stage(inputs, 1, row, rows, scratch.address, words.address)
    lane = lanes.lane_of(physical)
    known = np.unpackbits(words.bytes, bitorder="little").astype(bool)
    copied = address == scratch.address
    if not copied:
        return None, known, address
    if lane == lanes.BITS:
        return np.unpackbits(scratch.bytes[: layout.BLOCK_MASK_BYTES], bitorder="little").astype(bool), known, address
    return scratch.bytes.view(LANE_TYPES[lane])[:ROWS], known, address


@pytest.mark.parametrize("at_end", [True, False])
@pytest.mark.parametrize("rows", BLOCK_SIZES)
@pytest.mark.parametrize("physical", sorted(BYTES_PER_VALUE))
def test_every_layout_comes_to_its_lane(physical: int, rows: int, at_end: bool) -> None:
    data = random_bytes(physical * 4096 + rows, rows * BYTES_PER_VALUE[physical])
    source = Guarded(data, at_end)
    values, known, address = staged(physical, source.address, 0, 0, 0, 0, rows)
    expected = oracle.stage(physical, data, 0, None, 0, 0, rows)
    np.testing.assert_array_equal(known, expected.known)
    if values is None:
        assert rows == ROWS
        assert physical in (layout.INT32, layout.INT64, layout.FLOAT64)
        assert address == source.address
    else:
        assert values.tobytes() == expected.values.tobytes() or physical == layout.FLOAT32
        np.testing.assert_array_equal(values, expected.values)


@pytest.mark.parametrize("physical", sorted(BYTES_PER_VALUE))
def test_later_blocks_begin_where_they_should(physical: int) -> None:
    data = random_bytes(physical, (2 * ROWS + 5) * BYTES_PER_VALUE[physical])
    source = Guarded(data)
    values, _, _ = staged(physical, source.address, 0, 0, 0, 2 * ROWS, 5)
    np.testing.assert_array_equal(values, oracle.stage(physical, data, 0, None, 0, 2 * ROWS, 5).values)
    values, _, address = staged(physical, source.address, 0, 0, 0, ROWS, ROWS)
    if values is None:
        assert address == source.address + ROWS * BYTES_PER_VALUE[physical]
    else:
        np.testing.assert_array_equal(values, oracle.stage(physical, data, 0, None, 0, ROWS, ROWS).values)


@pytest.mark.parametrize("at_end", [True, False])
@pytest.mark.parametrize("rows", BLOCK_SIZES)
@pytest.mark.parametrize("bit", range(8))
def test_bits_and_validity_are_realigned_from_any_bit(bit: int, rows: int, at_end: bool) -> None:
    """The source ends with the byte that holds the last bit: the page behind it may not be read."""
    size = (bit + rows + 7) // 8
    data, validity = random_bytes(bit * 4096 + rows, size), random_bytes(bit * 4096 + rows + 7, size)
    source, mask = Guarded(data, at_end), Guarded(validity, at_end)
    values, known, address = staged(layout.BITS, source.address, bit, mask.address, bit, 0, rows)
    expected = oracle.stage(layout.BITS, data, bit, validity, bit, 0, rows)
    np.testing.assert_array_equal(known, expected.known)
    if values is None:
        assert (bit, rows, address) == (0, ROWS, source.address)
    else:
        np.testing.assert_array_equal(values, expected.values)


@pytest.mark.parametrize("bit", [0, 3])
def test_bits_of_a_later_block(bit: int) -> None:
    data = random_bytes(5, (bit + ROWS + 77 + 7) // 8)
    source = Guarded(data)
    values, known, _ = staged(layout.BITS, source.address, bit, source.address, bit, ROWS, 77)
    expected = oracle.stage(layout.BITS, data, bit, data, bit, ROWS, 77)
    np.testing.assert_array_equal(values, expected.values)
    np.testing.assert_array_equal(known, expected.known)


@pytest.mark.parametrize("rows", [1, 64, 65, 2048])
def test_an_absent_column_is_null_everywhere(rows: int) -> None:
    values, known, _ = staged(layout.ABSENT, 0, 0, 0, 0, 0, rows)
    assert not known.any()
    assert not values.any()


def test_kernels_and_python_agree_on_lanes() -> None:
    for physical in range(layout.ABSENT + 1):
        assert lane_of_physical(physical) == lanes.lane_of(physical)
