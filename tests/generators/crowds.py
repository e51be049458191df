"""The attributes of a big base: few of them, some with many values, as shops have them."""

from random import Random

import pyarrow as pa

from tests.generators.batches import MOMENTS, Column, Shape
from tests.generators.values import Stored, pool
from tests.oracle.instants import DAY, parse_timestamp

NULL_SHARES = (0.0, 0.02, 0.02, 0.3)


def crowd_shape(random: Random) -> Shape:
    """Return 6 to 9 attributes with 2 to 1,500 values each."""
    now = parse_timestamp(random.choice(MOMENTS))
    words = tuple(f"c{number:06d}" for number in range(random.choice((60, 300, 1500))))
    towns = tuple(f"town {number}" for number in range(50))
    children = (leaf(random, "city", pa.string(), towns), leaf(random, "size", pa.uint16(), tuple(range(200))))
    columns = [
        leaf(random, "age", pa.int8(), tuple(range(100))),
        leaf(random, "ltv", pa.float64(), tuple(round(random.uniform(0, 900), 2) for _ in range(200))),
        leaf(random, "sku", random.choice((pa.string(), pa.dictionary(pa.int32(), pa.string()))), words),
        leaf(random, "country", pa.string(), towns),
        leaf(random, "tier", pa.string(), ("gold", "silver", "bronze")),
        leaf(random, "active", pa.bool_(), (True, False)),
        leaf(random, "seen", pa.timestamp("us", "UTC"), tuple(now - day * DAY for day in range(400))),
        Column("place", pa.struct([(child.name, child.type) for child in children]), (), 0.1, children),
        leaf(random, "price", pa.decimal128(9, 2), pool(random, pa.decimal128(9, 2), now)),
    ]
    return Shape(tuple(random.sample(columns, random.randint(6, len(columns)))), now)


def leaf(random: Random, name: str, stored: pa.DataType, values: tuple[Stored, ...]) -> Column:
    """Return a column with these values and a share of nulls."""
    return Column(name, stored, values, random.choice(NULL_SHARES))
