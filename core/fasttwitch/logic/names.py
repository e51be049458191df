"""Which known name did the author mean? Asked only once something is wrong."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` most likely was meant to be, or None.

    First a name that differs in case or underscores alone, then the one fewest typing errors away (at most three, and
    at most a third of the length); then one that continues `name`, or that `name` continues.
    """
    wanted = plain(name)
    limit = min(3, max(1, len(name) // 3))
    letters = set(wanted)
    best: tuple[int, str] | None = None
    continued: tuple[int, str] | None = None
    for candidate in known:
        other = plain(candidate)
        if other == wanted:
            return candidate
        if min(len(other), len(wanted)) >= 3 and (other.startswith(wanted) or wanted.startswith(other)):
            longer = (len(candidate), candidate)
            continued = longer if continued is None else min(continued, longer)
        # Each typing error changes at most two letters of the set: this sifts out nearly all of a large schema.
        if abs(len(other) - len(wanted)) > limit or len(letters ^ set(other)) > 2 * limit:
            continue
        errors = _typing_errors(wanted, other, limit)
        if errors <= limit and (best is None or (errors, candidate) < best):
            best, limit = (errors, candidate), errors
    found = best or continued
    return found[1] if found else None


def plain(name: str) -> str:
    """Return a name in small letters, without underscores."""
    return name.lower().replace("_", "")


def _typing_errors(left: str, right: str, most: int) -> int:
    """Return how many letters must be added, dropped, changed or swapped with a neighbour to go from left to right.

    Above `most` any number above `most` may be returned: two rows without a smaller one cannot end in one.
    """
    before: list[int] = []
    last = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        line = [row]
        for column, other in enumerate(right, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most and min(last) > most:
            return most + 1
        before, last = last, line
    return last[-1]
