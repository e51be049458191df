"""Which known name did the author mean? Asked only once something is wrong."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` most likely was meant to be, or None.

    First a name that differs in case or underscores alone, then the one fewest typing errors away, at most a third of
    the length; then one that continues `name`, or that `name` continues.
    """
    plain = _plain(name)
    limit = max(1, len(name) // 3)
    letters = set(plain)
    best: tuple[int, str] | None = None
    continued: str | None = None
    for candidate in known:
        other = _plain(candidate)
        if other == plain:
            return candidate
        if min(len(other), len(plain)) >= 3 and (other.startswith(plain) or plain.startswith(other)):
            continued = (
                candidate if continued is None else min(continued, candidate, key=lambda each: (len(each), each))
            )
        # Each typing error changes at most two letters of the set: this sifts out nearly all of a large schema.
        if abs(len(other) - len(plain)) > limit or len(letters ^ set(other)) > 2 * limit:
            continue
        found = (_typing_errors(plain, other), candidate)
        if found[0] <= limit and (best is None or found < best):
            best = found
    return best[1] if best else continued


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _typing_errors(left: str, right: str) -> int:
    """Return how many letters must be added, dropped, changed or swapped with a neighbour to go from left to right."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        line = [row]
        for column, other in enumerate(right, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
