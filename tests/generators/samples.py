"""What a computed value may come to: an expression tried on a few rows, so that it is compared with something near."""

from dataclasses import dataclass
from random import Random

from fasttwitch.syntax import parse
from tests.generators.batches import STRUCT, Shape
from tests.oracle.interpreter import reader
from tests.oracle.kinds import NamedValues, Row, Value, World

ROWS = 5


@dataclass(frozen=True, slots=True)
class Samples:
    """A few rows without nulls, drawn from the columns' values."""

    world: World
    rows: tuple[Row, ...]

    def of(self, text: str) -> tuple[Value, ...]:
        """Return the values that an expression takes, where it takes any."""
        read = reader(parse(text), self.world)
        return tuple(value for row in self.rows if (value := read(row)) is not None)


def samples(random: Random, shape: Shape, lists: dict[str, NamedValues]) -> Samples:
    """Return a few rows of a shape."""
    leaves = shape.leaves
    rows: list[Row] = [
        {leaf.path: True if leaf.kind == STRUCT else random.choice(leaf.values) for leaf in leaves} for _ in range(ROWS)
    ]
    return Samples(World({leaf.path: leaf.kind for leaf in leaves}, {}, lists, shape.now), tuple(rows))
