"""Which of four element types `stage` brings each physical layout to."""

from fasttwitch.kernels import layout

I32, I64, F64, BITS = range(4)

LANE_BYTES = (4, 8, 8, 0)  # a lane's bytes a value; bits are counted in words

_LANE_OF = {
    layout.INT8: I32,
    layout.INT16: I32,
    layout.INT32: I32,
    layout.INT64: I64,
    layout.UINT8: I32,
    layout.UINT16: I32,
    layout.UINT32: I64,
    layout.UINT64: I64,
    layout.FLOAT32: F64,
    layout.FLOAT64: F64,
    layout.BITS: BITS,
    layout.DECIMAL64: I64,
    layout.DERIVED_INT: I64,
    layout.DERIVED_UINT: I64,
    layout.DERIVED_DOUBLE: F64,
    layout.DERIVED_BITS: BITS,
    layout.ABSENT: I32,
    layout.TEXT32: I32,
    layout.TEXT64: I32,
    layout.TEXT_VIEW: I32,
}

LANES = tuple(_LANE_OF[physical] for physical in range(len(_LANE_OF)))  # kernels index it with the physical layout


def lane_of(physical: int) -> int:
    """Return the lane (I32, I64, F64 or BITS) of a physical layout."""
    return LANES[physical]
