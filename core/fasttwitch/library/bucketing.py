"""Buckets: a frozen hash that spreads customers evenly and the same way for ever.

The hash is Austin Appleby's MurmurHash3_x86_32 (public domain) of `salt + ":" + value`. Feature-flag systems of
Unleash's protocol spread their percentages with the same hash of the same text and count from 1: our bucket is their
normalised value minus one.
"""


def bucket(value: str | int, salt: str, count: int) -> int:
    """Return the bucket, in [0, count), of a text or an integer; an integer counts as its decimal text."""
    return murmur3_32(f"{salt}:{value}".encode()) % count


def murmur3_32(data: bytes, seed: int = 0) -> int:
    """Return MurmurHash3_x86_32 of the bytes."""
    result = seed
    whole = len(data) & ~3
    for begin in range(0, whole, 4):
        result ^= _scramble(int.from_bytes(data[begin : begin + 4], "little"))
        result = (result << 13 | result >> 19) & _MASK
        result = (result * 5 + 0xE6546B64) & _MASK
    if whole < len(data):
        result ^= _scramble(int.from_bytes(data[whole:], "little"))
    result ^= len(data)
    result = (result ^ result >> 16) * 0x85EBCA6B & _MASK
    result = (result ^ result >> 13) * 0xC2B2AE35 & _MASK
    return result ^ result >> 16


_MASK = 0xFFFFFFFF


def _scramble(word: int) -> int:
    word = word * 0xCC9E2D51 & _MASK
    return (word << 15 | word >> 17) * 0x1B873593 & _MASK
