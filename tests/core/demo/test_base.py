"""The demo's customers are made up, the same everywhere, and plausible."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from fasttwitch.demo.base import NOW, customers, describe
from fasttwitch.logic.datatypes import Unsupported, language_type


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return customers(40_000)


def mean(column: pa.ChunkedArray, where: pa.ChunkedArray) -> float:
    return float(pc.mean(column.filter(where).cast(pa.float64())).as_py())


def test_the_same_seed_gives_the_same_customers(table: pa.Table) -> None:
    assert customers(40_000).equals(table)
    assert not customers(40_000, seed=8).equals(table)


def test_the_base_has_attributes_of_many_types(table: pa.Table) -> None:
    assert table.num_columns >= 42
    assert {"bool", "int8", "int16", "int32", "uint8", "uint32", "float", "double", "decimal128"} <= set(
        describe(table)
    )
    assert {"date32", "timestamp", "dictionary", "string"} <= set(describe(table))
    assert not any(isinstance(language_type(column.type), Unsupported) for column in table.schema)
    table.validate(full=True)


def test_ids_are_unique_and_known(table: pa.Table) -> None:
    ids = table.column("customer_id")
    assert ids.null_count == 0
    assert pc.count_distinct(ids).as_py() == table.num_rows


def test_what_nobody_told_is_null(table: pa.Table) -> None:
    shares = {name: table.column(name).null_count / table.num_rows for name in table.column_names}
    assert 0.2 < shares["age"] < 0.26
    assert 0.8 < shares["nps"] < 0.9
    assert shares["age"] == shares["birthday"] == shares["days_to_birthday"]
    assert shares["orders_12m"] == shares["ltv"] == 0
    never = pc.equal(table.column("orders_total"), 0)
    for name in ("last_order_at", "avg_basket", "last_category"):
        assert pc.is_null(table.column(name)).equals(never), name


def test_tiers_follow_spending(table: pa.Table) -> None:
    tiers = [mean(table["ltv"], pc.equal(table["tier"], tier)) for tier in ("bronze", "silver", "gold", "platinum")]
    assert tiers == sorted(tiers)
    assert tiers[3] > 5 * tiers[0]


def test_those_who_order_often_ordered_lately(table: pa.Table) -> None:
    at = table["last_order_at"].cast(pa.int64())
    often = mean(at, pc.greater_equal(table["orders_12m"], 6))
    once = mean(at, pc.equal(table["orders_12m"], 1))
    assert often - once > 60 * 86_400_000_000
    assert pc.max(table["last_order_at"]).as_py() <= NOW


def test_nobody_opens_what_was_not_sent(table: pa.Table) -> None:
    assert pc.all(pc.less_equal(table["opens_30d"], table["emails_30d"])).as_py()
    assert pc.all(pc.less_equal(table["clicks_30d"], table["opens_30d"])).as_py()
    refused = pc.invert(pc.fill_null(table["email_opt_in"], False))
    assert pc.sum(table["emails_30d"].filter(refused)).as_py() == 0


def test_returns_follow_orders_and_the_young_use_the_app(table: pa.Table) -> None:
    assert pc.all(pc.less_equal(table["returns_12m"], table["orders_12m"])).as_py()
    assert mean(table["age"], table["has_app"]) < mean(table["age"], pc.invert(table["has_app"])) - 8


@pytest.mark.parametrize("rows", [1, 7, 63])
def test_small_bases_are_fine(rows: int) -> None:
    assert customers(rows).num_rows == rows
