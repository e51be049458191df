"""Values to codes with AVX-512 (F, BW, DQ, VL; byte permutes where the CPU has VBMI)."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from fasttwitch.kernels import cpu, lanes, layout
from fasttwitch.kernels.addresses import BYTE, INT, WORD, constant_vector, load, load_word, splat, store
from fasttwitch.kernels.halving import halve_float, halve_int64, look_up
from fasttwitch.kernels.jit import kernel, routine
from fasttwitch.kernels.layout import BLOCK_WORDS
from fasttwitch.kernels.search_wide import CODES, INTS, SINGLE, call, concatenate, next_images, pack, ranks, search
from fasttwitch.kernels.settle_wide import DOUBLES, WORDS, settled_doubles, settled_int64
from fasttwitch.kernels.vectors import (
    AHEAD_BYTES,
    all_codes,
    drop_nulls,
    emitted,
    fetch_ahead,
    number,
    select_rows,
    truths,
)
from fasttwitch.kernels.wide_tables import FACTS_ROW, ROW_BYTES

_METHOD, _CUTS, _TABLE, _FIRST = layout.PLANE_METHOD, layout.PLANE_CUTS, layout.PLANE_TABLE, layout.PLANE_FIRST
_LOW, _HIGH, _BIAS = layout.PLANE_LOW, layout.PLANE_HIGH, layout.PLANE_BIAS
_LEVELS, _WIDE_TABLE = layout.PLANE_LEVELS, layout.PLANE_WIDE_TABLE
_NARROW, _SEARCH, _FLOAT = layout.NARROW, layout.SEARCH, layout.FLOAT
_LOOKUP, _TRUTH = layout.LOOKUP, layout.TRUTH
_I32 = lanes.I32

Vectors = list[Any]


def _by_rows(
    builder: Any, words: int, value_bytes: int, addresses: tuple[Any, Any, Any], encoded: Callable[..., Vectors]
) -> None:
    """Encode a block, `words` * 64 rows at a time, by `encoded(addresses of 64 values each, validity words)`."""
    values, validity, codes = addresses
    with cgutils.for_range(builder, number(BLOCK_WORDS // words)) as loop:
        group = builder.mul(loop.index, number(words))
        source = builder.add(values, builder.mul(group, number(64 * value_bytes)))
        for line in range(words * value_bytes):
            fetch_ahead(builder, builder.add(source, number(AHEAD_BYTES + 64 * line)))
        sources = [builder.add(source, number(64 * value_bytes * word)) for word in range(words)]
        known_at = builder.add(validity, builder.mul(group, number(8)))
        known = [load(builder, known_at, 8 * word, WORD) for word in range(words)]
        target = builder.add(codes, builder.mul(group, number(64)))
        for word, result in enumerate(encoded(sources, known)):
            store(builder, target, 64 * word, select_rows(builder, known[word], result))


def _clamped(builder: Any, value: Any, low: Any, high: Any) -> Any:
    below = builder.select(builder.icmp_signed("<", value, high), value, high)
    return builder.select(builder.icmp_signed(">", below, low), below, low)


def _narrow_int32(builder: Any, low: Any, high: Any, bias: Any, *addresses: Any) -> None:
    least, greatest, shift = (splat(builder, builder.trunc(bound, INT), 16) for bound in (low, high, bias))

    def encoded(sources: Vectors, _known: Vectors) -> Vectors:
        values = [load(builder, sources[0], 64 * part, INTS) for part in range(4)]
        return [pack(builder, [builder.sub(_clamped(builder, v, least, greatest), shift) for v in values])]

    _by_rows(builder, 1, 4, addresses, encoded)


_LOW_HALVES = constant_vector(INT, list(range(0, 32, 2)))


def _narrow_int64(builder: Any, low: Any, high: Any, bias: Any, *addresses: Any) -> None:
    least, greatest, shift = (splat(builder, bound, 8) for bound in (low, high, bias))

    def encoded(sources: Vectors, _known: Vectors) -> Vectors:
        values = [load(builder, sources[0], 64 * part, WORDS) for part in range(8)]
        small = [builder.sub(_clamped(builder, value, least, greatest), shift) for value in values]
        ints = [builder.bitcast(value, INTS) for value in small]
        halves = [builder.shuffle_vector(ints[i], ints[i + 1], _LOW_HALVES) for i in range(0, 8, 2)]
        return [pack(builder, halves)]

    _by_rows(builder, 1, 8, addresses, encoded)


def _search_int32(builder: Any, table: Any, levels: Any, first: Any, *addresses: Any) -> None:
    lowest = splat(builder, builder.trunc(first, BYTE), 64)

    def encoded(sources: Vectors, _known: Vectors) -> Vectors:
        values = [load(builder, source, 64 * part, INTS) for source in sources for part in range(4)]
        places = search(builder, values, table, levels, lambda value, cut: builder.icmp_signed(">", value, cut))
        return [builder.add(rank, lowest) for rank in ranks(builder, places, levels)]

    _by_rows(builder, 2, 4, addresses, encoded)


def _search_int64(builder: Any, table: Any, levels: Any, first: Any, exact: Any, cuts: Any, *addresses: Any) -> None:
    lowest = splat(builder, builder.trunc(first, BYTE), 64)
    facts = [load(builder, table, FACTS_ROW * ROW_BYTES + 8 * fact, WORD) for fact in range(3)]
    origin, shift, most = splat(builder, facts[0], 8), splat(builder, facts[1], 8), facts[2]

    def image(value: Any) -> Any:
        distance = builder.sub(builder.select(builder.icmp_signed(">", value, origin), value, origin), origin)
        # Saturating: a value above all cuts stays above them.
        return call(
            builder,
            "llvm.x86.avx512.mask.pmovus.qd.512",
            ir.VectorType(INT, 8),
            [builder.lshr(distance, shift), constant_vector(INT, [0] * 8), ir.Constant(BYTE, -1)],
        )

    def encoded(sources: Vectors, known: Vectors) -> Vectors:
        values = [load(builder, source, 64 * part, WORDS) for source in sources for part in range(8)]
        images = _paired(builder, [image(value) for value in values])
        places = search(builder, images, table, levels, lambda value, cut: builder.icmp_unsigned(">", value, cut))
        found = ranks(builder, places, levels)
        results = [cgutils.alloca_once_value(builder, rank) for rank in found]

        def doubt(nearest: Vectors) -> Any:
            equal = [builder.icmp_unsigned("==", a, b) for a, b in zip(images, nearest, strict=True)]
            return _any_known(builder, equal, known)

        with builder.if_then(builder.icmp_signed("!=", most, number(0))):
            doubtful = next_images(builder, table, levels, places, INT, doubt)
            with builder.if_then(builder.icmp_signed("!=", doubtful, number(0)), likely=False):
                for source, rank, result in zip(sources, found, results, strict=True):
                    builder.store(settled_int64(builder, source, rank, exact, cuts, most), result)
        return [builder.add(builder.load(result), lowest) for result in results]

    _by_rows(builder, 2, 8, addresses, encoded)


def _search_doubles(builder: Any, table: Any, levels: Any, exact: Any, *addresses: Any) -> None:
    most = load(builder, table, FACTS_ROW * ROW_BYTES + 16, WORD)

    def encoded(sources: Vectors, known: Vectors) -> Vectors:
        values = [load(builder, source, 64 * part, DOUBLES) for source in sources for part in range(8)]
        images = _paired(builder, [builder.fptrunc(value, ir.VectorType(SINGLE, 8)) for value in values])
        places = search(builder, images, table, levels, lambda value, cut: builder.fcmp_ordered(">", value, cut))
        found = ranks(builder, places, levels)
        results = [
            cgutils.alloca_once_value(builder, builder.add(builder.add(rank, rank), all_codes(2))) for rank in found
        ]

        def doubt(nearest: Vectors) -> Any:  # equal, or NaN, which no comparison moved from the first place
            equal = [builder.fcmp_unordered(">=", a, b) for a, b in zip(images, nearest, strict=True)]
            return _any_known(builder, equal, known)

        doubtful = next_images(builder, table, levels, places, SINGLE, doubt)
        with builder.if_then(builder.icmp_signed("!=", doubtful, number(0)), likely=False):
            for source, rank, result in zip(sources, found, results, strict=True):
                builder.store(settled_doubles(builder, source, rank, exact, most), result)
        return [builder.load(result) for result in results]

    _by_rows(builder, 2, 8, addresses, encoded)


def _paired(builder: Any, halves: Vectors) -> Vectors:
    return [concatenate(builder, halves[i : i + 2]) for i in range(0, len(halves), 2)]


def _any_known(builder: Any, masks: Vectors, known: Vectors) -> Any:
    """Return a word that is not 0 if a mask bit is set in a row that is not null."""
    total = number(0)
    for word, valid in enumerate(known):
        bits = builder.bitcast(concatenate(builder, masks[4 * word : 4 * word + 4]), WORD)
        total = builder.or_(total, builder.and_(bits, valid))
    return total


def _look_up_bytes(builder: Any, table: Any, entries: Any, *addresses: Any) -> None:
    """Look up among at most 256 entries, which two-table byte permutes hold. `table` has 256 bytes."""
    last = constant_vector(INT, [255] * 16)

    def permuted(row: int, index: Any) -> Any:
        low, high = (load(builder, table, 64 * (row + half), CODES) for half in range(2))
        return call(builder, "llvm.x86.avx512.vpermi2var.qi.512", CODES, [low, index, high])

    def encoded(sources: Vectors, _known: Vectors) -> Vectors:
        values = [load(builder, sources[0], 64 * part, INTS) for part in range(4)]
        # Unsigned: an index under a null may be anything.
        index = pack(builder, [builder.select(builder.icmp_unsigned("<", v, last), v, last) for v in values])
        result = cgutils.alloca_once_value(builder, permuted(0, index))
        with builder.if_then(builder.icmp_signed(">", entries, number(128))):
            in_upper = builder.icmp_signed("<", index, all_codes(0))
            builder.store(builder.select(in_upper, permuted(2, index), builder.load(result)), result)
        return [builder.load(result)]

    _by_rows(builder, 1, 4, addresses, encoded)


_int64 = types.int64
narrow_int32 = emitted(types.void(*[_int64] * 6), _narrow_int32)
narrow_int64 = emitted(types.void(*[_int64] * 6), _narrow_int64)
search_int32 = emitted(types.void(*[_int64] * 6), _search_int32)
search_int64 = emitted(types.void(*[_int64] * 8), _search_int64)
search_doubles = emitted(types.void(*[_int64] * 6), _search_doubles)
look_up_bytes = emitted(types.void(*[_int64] * 5), _look_up_bytes)


@routine
def _encode_from_cache(method, table, cuts, levels, first, values, validity, codes):  # type: ignore[no-untyped-def]
    """Write codes where registers cannot hold what decides: big dictionaries, and cuts of which many share an image."""
    if method == _SEARCH:
        halve_int64(table, cuts, levels, first, values, codes)
    elif method == _FLOAT:
        halve_float(table, levels, values, codes)
    else:
        look_up(table, cuts, values, codes)
    for word in range(BLOCK_WORDS):
        drop_nulls(codes + 64 * word, load_word(validity + 8 * word))


_PERMUTES_BYTES = "avx512vbmi" in cpu.features()


@kernel(types.void(types.int64[:, ::1], _int64, _int64, _int64, _int64, _int64))
def encode(planes, plane, lane, values, validity, codes):  # type: ignore[no-untyped-def]
    """Write the codes of a staged block by a plane's method; see the portable sibling."""
    row = planes[plane]
    method, table, wide_table, cuts = row[_METHOD], row[_TABLE], row[_WIDE_TABLE], row[_CUTS]
    first, levels = row[_FIRST], row[_LEVELS]
    if method == _TRUTH:
        for word in range(BLOCK_WORDS):
            truths(codes + 64 * word, load_word(values + 8 * word), load_word(validity + 8 * word))
    elif method == _NARROW:
        if lane == _I32:
            narrow_int32(row[_LOW], row[_HIGH], row[_BIAS], values, validity, codes)
        else:
            narrow_int64(row[_LOW], row[_HIGH], row[_BIAS], values, validity, codes)
    elif wide_table == 0 or (method == _LOOKUP and not _PERMUTES_BYTES):
        _encode_from_cache(method, table, cuts, levels, first, values, validity, codes)
    elif method == _FLOAT:
        search_doubles(wide_table, levels, table, values, validity, codes)
    elif method == _LOOKUP:
        look_up_bytes(wide_table, cuts, values, validity, codes)
    elif lane == _I32:
        search_int32(wide_table, levels, first, values, validity, codes)
    else:
        search_int64(wide_table, levels, first, table, cuts, values, validity, codes)
