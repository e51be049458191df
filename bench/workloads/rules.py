"""Segments as marketing departments write them: a few conditions each, some of them built upon others."""

from collections.abc import Callable, Sequence
from random import Random

from bench.workloads.attributes import Attribute
from bench.workloads.bases import MIXED, PLAIN
from bench.workloads.functions import Question

_MOODS = ("loyal", "lapsed", "new", "curious", "frugal", "generous", "silent", "busy", "local", "returning")
_GROUPS = ("shoppers", "parents", "readers", "gardeners", "students", "commuters", "collectors", "hosts", "runners")


def segments(count: int, seed: int = 1, attributes: Sequence[Attribute | Question] = MIXED) -> dict[str, str]:
    """Return so many segments, by name.

    Each is an AND (60 %) or an OR of two or three parts, one or two levels deep, a tenth of them negated. In the mixed
    workload every tenth condition is another segment, which itself may use one more; in the plain one none is.
    """
    random = Random(f"{seed}/{count}")
    atom = _atoms(attributes)
    rules: dict[str, str] = {}
    depths: dict[str, int] = {}
    for name in names_of_segments(count):
        depth = 0

        def part() -> str:
            nonlocal depth
            if attributes is not PLAIN and rules and random.random() < 0.1:
                other = random.choice(list(rules)[-50:])
                if depths[other] < 2:
                    depth = max(depth, depths[other] + 1)
                    return f'segment("{other}")'
            return atom(random)

        rules[name] = _combination(random, part, random.choice((1, 2, 2)))
        depths[name] = depth
    return rules


def nested(count: int, seed: int = 1, attributes: Sequence[Attribute | Question] = MIXED) -> dict[str, str]:
    """Return so many segments of about 60 tokens each that build upon each other, for measuring compilation."""
    random = Random(f"nested/{seed}/{count}")
    atom = _atoms(attributes)
    rules: dict[str, str] = {}
    for position, name in enumerate(names_of_segments(count)):
        parts = [_grouped(_combination(random, lambda: atom(random), 1)) for _ in range(4)] + [atom(random)]
        if position % 5:  # every fifth segment is a foundation; the others stand on one of the last fifty
            parts[3] = f'segment("{random.choice(list(rules)[-50:])}")'
        rules[name] = " && ".join(parts)
    return rules


def conjunctions(count: int, seed: int = 1, attributes: Sequence[Attribute | Question] = MIXED) -> dict[str, str]:
    """Return so many segments, each an AND of six conditions."""
    random = Random(f"conjunctions/{seed}/{count}")
    atom = _atoms(attributes)
    return {name: " && ".join(atom(random) for _ in range(6)) for name in names_of_segments(count)}


def _atoms(attributes: Sequence[Attribute | Question]) -> Callable[[Random], str]:
    """Return a function that writes a condition on an attribute drawn by weight."""
    weights = [attribute.weight for attribute in attributes]

    def atom(random: Random) -> str:
        (attribute,) = random.choices(attributes, weights)
        return attribute.condition(random)

    return atom


def _combination(random: Random, part: Callable[[], str], depth: int) -> str:
    """Return an AND or an OR of two or three combinations one level less deep, or one part at the bottom."""
    if depth == 0:
        return part()
    operator = " && " if random.random() < 0.6 else " || "
    parts = [_combination(random, part, depth - 1) for _ in range(random.randrange(2, 4))]
    negated = random.random() < 0.1
    joined = operator.join(_grouped(part) if depth > 1 else part for part in parts)
    return f"!({joined})" if negated else joined


def _grouped(combination: str) -> str:
    """Return a combination as an operand of another: in parentheses, unless it has some."""
    return combination if combination.startswith("!") else f"({combination})"


def names_of_segments(count: int) -> list[str]:
    """Return so many different names of segments."""
    pairs = [f"{mood}_{group}" for group in _GROUPS for mood in _MOODS]
    return [f"{pairs[i % len(pairs)]}_{i // len(pairs) + 1}" for i in range(count)]
