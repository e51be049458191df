"""What rules look like in SQL, and what DuckDB cannot say."""

import pyarrow as pa
import pytest

from fasttwitch.syntax import parse
from tests.oracle.arrow import paths, rows
from tests.oracle.duckdb_sql import source, sql
from tests.oracle.kinds import World

TABLE = pa.table({"i": [1, None], "x": [1.5, 2.5], "s": ["a", "b"], "p": pa.array([1, 2], pa.uint8())})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("i > 3", "(CAST(\"i\" AS BIGINT) > CAST('3' AS BIGINT))"),
        ("i == null", '(CAST("i" AS BIGINT) IS NULL)'),
        ('s in ["a", "b\'c"]', "(\"s\" IN ('a', 'b''c'))"),
        ("s in []", '(CASE WHEN "s" IS NOT NULL THEN FALSE END)'),
        ("isTrue(i < 3)", "coalesce((CAST(\"i\" AS BIGINT) < CAST('3' AS BIGINT)), FALSE)"),
        ("i + 1 == 2", "(TRY(CAST(\"i\" AS BIGINT) + CAST('1' AS BIGINT)) = CAST('2' AS BIGINT))"),
        ('s == "a\\x00"', None),
    ],
)
def test_rules_become_sql(rule: str, expected: str | None) -> None:
    world = World(paths(TABLE.schema), {}, {}, 0)
    assert sql(parse(rule), source(TABLE, rows(TABLE)), world) == expected
