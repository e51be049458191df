"""The hash that puts customers into buckets: MurmurHash3_x86_32 with seed 0, after Austin Appleby's description."""

WORD = 2**32
FIRST_FACTOR, SECOND_FACTOR = 0xCC9E2D51, 0x1B873593


def bucket(value: str | int, salt: str, count: int) -> int:
    """Return the number, from 0 to count - 1, of the bucket of a value; 42 and "42" share theirs."""
    return murmur(f"{salt}:{value}".encode()) % count


def murmur(data: bytes) -> int:
    """Return 32 bits of hash."""
    state = 0
    whole = len(data) // 4 * 4
    for start in range(0, whole, 4):
        state ^= mixed(int.from_bytes(data[start : start + 4], "little"))
        state = (rotated(state, 13) * 5 + 0xE6546B64) % WORD
    state ^= mixed(int.from_bytes(data[whole:], "little"))  # nothing left over mixes to 0
    state ^= len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        state = (state ^ state >> shift) * factor % WORD
    return state ^ state >> 16


def mixed(block: int) -> int:
    """Return four bytes, mixed."""
    return rotated(block * FIRST_FACTOR % WORD, 15) * SECOND_FACTOR % WORD


def rotated(bits: int, places: int) -> int:
    """Return 32 bits, rotated to the left."""
    return (bits << places | bits >> 32 - places) % WORD
