"""Wires between bits of the flat part.

Most inner gates have one wire to them: they are pulled. For each word of gates, an entry says that from some bit on
there are as many children as a mask has ones, in this order, which tells whom each kills if it lives. Gates with more
wires to them push: while they live, they set a byte for each gate that they kill.
"""

import numpy as np
from numpy.typing import NDArray

from fasttwitch.kernels.point.gates import Gates, Int32s, Int64s
from fasttwitch.kernels.point.places import Places
from fasttwitch.kernels.point.ragged import elements_of, starts_of

Words = NDArray[np.uint64]


def build_wires(gates: Gates, places: Places) -> tuple[Int32s, Int64s, Words, Int32s, Int32s]:
    """Return starts and entries of pulls, pushing gates, and starts and bits of what they kill; see FlatPart."""
    inner = 64 * places.sections[0]
    bit_of = np.full(gates.gate_wires.size - 1, -1, np.int64)
    filled = np.nonzero(places.gates[:inner] >= 0)[0]
    bit_of[places.gates[filled]] = filled
    bits = np.nonzero(places.gates >= 0)[0]
    elements, begins = elements_of(gates.gate_wires, places.gates[bits].astype(np.int64))
    parents, children = np.repeat(bits, np.diff(begins)), bit_of[gates.wires[elements]]
    is_pulled = np.bincount(children, minlength=inner)[children] == 1
    pull_starts, pulls = _pulls(places, parents[is_pulled], children[is_pulled])
    parents, children = parents[~is_pulled], children[~is_pulled]
    order = np.argsort(children, kind="stable")
    pushing = np.zeros(inner, np.bool_)
    pushing[children] = True
    fan_starts = starts_of(np.bincount(children, minlength=inner)).astype(np.int32)
    fan_bits = (parents[order] - 64 * places.wired).astype(np.int32)
    return pull_starts, pulls, np.packbits(pushing, bitorder="little").view(np.uint64), fan_starts, fan_bits


def _pulls(places: Places, parents: Int64s, children: Int64s) -> tuple[Int32s, Int64s]:
    order = np.lexsort((children, parents >> 6))
    parents, children = parents[order], children[order]
    begins = np.ones(parents.size, np.bool_)
    begins[1:] = (np.diff(parents >> 6) != 0) | (np.diff(children) != 1) | (np.diff(parents) <= 0)
    first = np.nonzero(begins)[0]
    masks = np.zeros(0, np.uint64)
    if first.size:
        masks = np.bitwise_or.reduceat(np.uint64(1) << (parents & 63).astype(np.uint64), first)
    starts = np.searchsorted(parents[first] >> 6, np.arange(places.wired, places.sections[2] + 1)).astype(np.int32)
    return starts, np.ascontiguousarray(np.stack((children[first], masks.view(np.int64)), 1))
