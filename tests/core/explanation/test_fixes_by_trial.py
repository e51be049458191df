"""Fixes of small random rules, against all customers that there can be: tried one by one, by the interpreter."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.syntax import parse
from tests.oracle.arrow import paths
from tests.oracle.interpreter import predicate
from tests.oracle.kinds import Value, World

NOW = datetime(2026, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SCHEMA = pa.schema(
    {"a": pa.bool_(), "b": pa.bool_(), "n": pa.int8(), "x": pa.float32(), "s": pa.string(), "t": pa.timestamp("ms")}
)
# All that the rules below can tell apart, and more.
VALUES: Mapping[str, tuple[object, ...]] = {
    "a": (True, False, None),
    "b": (True, False, None),
    "n": (0, None, -2, -1, 1, 2, 3),
    "x": (0.75, None, -1.0, 0.5, 2.0, float("nan")),
    "s": ("p", None, "q", "r", "other"),
    "t": (NOW, None, NOW - 3 * DAY, NOW - DAY, NOW + DAY),
}
CONDITIONS = (
    "a",
    "b",
    "a == b",
    "a != null",
    "n > 0",
    "n == 1",
    "n in [0, 2]",
    "n < 0",
    "n == null",
    "x < 0.5",
    "x >= 0.75",
    "!(x < 2.0)",
    's == "p"',
    's in ["q", "r"]',
    's != "q"',
    "s == null",
    "now - t > days(2)",
    "t > now",
    "t <= now - days(1)",
    'segment("other")',
)


def rule(random: Random, depth: int) -> str:
    """Return a random rule."""
    if depth == 0:
        return random.choice(CONDITIONS)
    parts = [f"({rule(random, depth - 1)})" for _ in range(random.randint(2, 3))]
    match random.randrange(8):
        case 0 | 1 | 2:
            return " && ".join(parts)
        case 3 | 4:
            return " || ".join(parts)
        case 5:
            return f"!{parts[0]}"
        case 6:
            return f"{random.choice(('isTrue', 'isKnown'))}({parts[0]})"
        case _:
            return f"{parts[0]} ? {parts[1]} : {parts[-1]}"


def language(profile: Mapping[str, object]) -> dict[str, Value | None]:
    """Return a profile as the interpreter reads it."""
    moment = profile["t"]
    assert moment is None or isinstance(moment, datetime)
    microseconds = None if moment is None else round(moment.timestamp()) * 1_000_000
    return {**profile, "t": microseconds}  # type: ignore[dict-item]


@pytest.mark.parametrize("seed", range(60))
def test_no_customer_with_fewer_changes_is_inside(seed: int) -> None:
    """Found exactly where somebody can be inside; as few attributes as it takes; the interpreter says it is true."""
    random = Random(seed)
    texts = {"other": " && ".join(random.sample(CONDITIONS[:-1], 2)), "asked": rule(random, random.randint(1, 3))}
    ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": texts})
    program = ft.compile(ruleset, SCHEMA)
    trees = {name: parse(text) for name, text in texts.items()}
    world = World(paths(SCHEMA), trees, {}, round(NOW.timestamp()) * 1_000_000)
    read = predicate(trees["asked"], world)
    names = list(VALUES)
    everybody = [dict(zip(names, values, strict=True)) for values in product(*VALUES.values())]
    inside = [profile for profile in everybody if read(language(profile)) is True]
    for _ in range(6):
        profile = {name: random.choice(values) for name, values in VALUES.items()}
        fix = program.explain(profile, "asked", NOW).fix
        if read(language(profile)) is True:
            assert fix is None
            continue
        assert fix is not None
        if not inside:
            assert (fix.found, fix.possible) == (False, False), texts
            continue
        fewest = min(sum(_differs(other[name], profile[name]) for name in names) for other in inside)
        assert (len(fix.changes), fix.minimal, fix.possible) == (fewest, True, True), (texts, profile, fix.changes)
        changed = {**language(profile), **{path[0]: _read(values) for path, values in fix.changed.items()}}
        assert read(changed) is True, (texts, profile, fix.changes)


def _differs(left: object, right: object) -> bool:
    return left != right and not (left != left and right != right)


def _read(values: pa.Array) -> Value | None:
    if pa.types.is_timestamp(values.type):
        return values[0].value * 1_000 if values[0].is_valid else None
    return values[0].as_py()  # type: ignore[no-any-return]
