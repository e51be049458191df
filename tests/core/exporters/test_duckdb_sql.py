"""Rules as DuckDB SQL: DuckDB answers what the language says, NaN and overflow included."""

from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.exporters.duckdb_sql import segments_to_duckdb_sql, to_duckdb_sql
from fasttwitch.syntax import parse
from tests.core.exporters.duckdb_trials import outcome

NAN, INF = float("nan"), float("inf")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = [datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(1969, 12, 31, 23, tzinfo=UTC), None]

TABLE = pa.table(
    {
        "age": pa.array([18, -(2**63), None], pa.int64()),
        "ltv": pa.array([NAN, 500.5, None]),
        "other": pa.array([1.0, NAN, NAN]),
        "visits": pa.array([7, 2**64 - 1, None], pa.uint64()),
        "price": pa.array([None, 1, 2], pa.int32()).cast(pa.decimal128(12, 2)),
        "country": pa.array(["DE", "a\"'é", None]),
        "at": pa.array(INSTANTS, pa.timestamp("us", "UTC")),
        "day": pa.array([19_000, -1, None], pa.int32()).cast(pa.date32()),
        "address": pa.array([{"city": "Ulm"}, {"city": None}, None], pa.struct([("city", pa.string())])),
        "vip": pa.array([True, False, None]),
    }
)

T, F, U = True, False, None

MEANINGS = [
    # NaN is neither less nor greater nor equal, and is different from all
    ("ltv > 1", [F, T, U]),
    ("ltv >= 1", [F, T, U]),
    ("ltv < 1", [F, F, U]),
    ("ltv == ltv", [F, T, U]),
    ("ltv != ltv", [T, F, U]),
    ("ltv != 500.5", [T, F, U]),
    ("!(ltv < 1)", [T, T, U]),
    ("ltv < other", [F, F, U]),
    ("ltv in [500.5, 2.0]", [F, T, U]),
    ("ltv in []", [F, F, U]),
    ("math.isNaN(ltv)", [T, F, U]),
    # whole numbers overflow into the unknown, and are cut off towards zero
    ("age - 1 < 0", [F, U, U]),
    ("-age == -18", [T, U, U]),
    ("age / 0 == 1", [U, U, U]),
    ("age / 4 == 4", [T, F, U]),
    ("age % -5 == 3", [T, F, U]),
    ("visits + 1u > 0u", [T, U, U]),
    ("age < visits", [F, T, U]),
    ("age == 18.5", [F, F, U]),
    ("age in [18, 7]", [T, F, U]),
    ("double(age) == 18.0", [T, F, U]),
    ("int(ltv) == 500", [U, T, U]),
    ("math.abs(age) == 18", [T, U, U]),
    # decimals keep their digits
    ("price == 1.00", [U, T, F]),
    ("price in [1.005, 2]", [U, F, T]),
    # texts
    ('country < "E"', [T, F, U]),
    ("country == 'a\"\\'é'", [F, T, U]),
    ('country.contains("é")', [F, T, U]),
    ("size(country) == 4", [F, T, U]),
    ('country.lowerAscii() == "de"', [T, F, U]),
    ('country.matches("^[A-Z]+$")', [T, F, U]),
    ('country.substring(0, 3) == "a\\"\'"', [U, T, U]),
    ('country + "!" == "DE!"', [T, F, U]),
    # instants
    ('at >= "2025-12-31T23:59:59.999999Z"', [T, F, U]),
    ("now - at <= days(1)", [T, F, U]),
    ("at.getFullYear() == 1969", [F, T, U]),
    ("at.getHours() == 23", [T, T, U]),
    ("date(at) == day", [F, T, U]),
    ('day > "1970-01-01"', [T, F, U]),
    ("day.getDayOfYear() == 364", [F, T, U]),
    # null tests and logic
    ("age == null", [F, F, T]),
    ("address == null", [F, F, T]),
    ("address.city == null", [F, T, T]),
    ("coalesce(age, 3) == 3", [F, F, T]),
    ("isTrue(vip)", [T, F, F]),
    ("isKnown(vip)", [T, T, F]),
    ("vip ? age == 18 : ltv > 1", [T, T, U]),
    ("vip ? true : true", [T, T, U]),
    ("vip == (age == 18)", [T, T, U]),
    ("vip || true", [T, T, T]),
]


def said(rule: str, table: pa.Table = TABLE) -> list[bool | None]:
    connection = duckdb.connect()
    connection.register("customers", table)
    sql = to_duckdb_sql(rule, table.schema, now=NOW)
    answers: list[bool | None] = connection.sql(f"SELECT {sql} FROM customers").to_arrow_table().column(0).to_pylist()
    return answers


@pytest.mark.parametrize(("rule", "expected"), MEANINGS, ids=[rule for rule, _ in MEANINGS])
def test_duckdb_answers_what_the_language_says(rule: str, expected: list[bool | None]) -> None:
    assert said(rule) == expected


@pytest.mark.parametrize("seed", range(6))
def test_random_rules_mean_the_same_in_duckdb(seed: int) -> None:
    found = outcome(seed, duckdb.connect(config={"threads": 1}))
    assert found.wrong == ()


def test_most_random_rules_can_be_said() -> None:
    """Else the test above would pass by saying nothing."""
    outcomes = [outcome(seed, duckdb.connect(config={"threads": 1})) for seed in range(6, 12)]
    assert sum(found.said for found in outcomes) >= 40


def test_the_sql_is_plain_to_read() -> None:
    rule = 'age >= 18 && country in ["DE", "AT"] && at > "2025-01-31T09:30:00Z" && !(vip)'
    assert to_duckdb_sql(rule, TABLE.schema) == (
        "((\"age\" >= 18) AND (\"country\" IN ('DE', 'AT'))"
        ' AND ("at" > TIMESTAMPTZ \'2025-01-31 09:30:00+00\') AND (NOT "vip"))'
    )


def test_a_tree_is_as_good_as_its_text() -> None:
    assert to_duckdb_sql(parse("age > 3"), TABLE.schema) == to_duckdb_sql("age > 3", TABLE.schema)


def test_now_is_that_of_duckdb_unless_it_is_given() -> None:
    assert "epoch_us(now())" in to_duckdb_sql("at > now - days(1)", TABLE.schema)
    assert "epoch_us(now())" not in to_duckdb_sql("at > now - days(1)", TABLE.schema, now=NOW)


def test_stored_infinity_counts_as_the_last_instant() -> None:
    """DuckDB reads the last microsecond that Arrow can hold as `infinity`."""
    table = pa.table({"at": pa.array([2**63 - 1, -(2**63) + 1, 0], pa.timestamp("us"))})
    assert said('at > "9000-01-01T00:00:00Z"', table) == [T, F, F]
    assert said('at + days(0) > "9000-01-01T00:00:00Z"', table) == [T, F, F]
    assert said('at + days(0) == "0001-01-01T00:00:00Z"', table) == [F, T, F]


def test_nanoseconds_are_rounded_down_and_their_ends_are_no_infinity() -> None:
    table = pa.table({"at": pa.array([2**63 - 1, -(2**63) + 1, -1, None], pa.timestamp("ns"))})
    assert said('at == "2262-04-11T23:47:16.854775Z"', table) == [T, F, F, U]
    assert said('at < "1677-09-21T00:12:43.145225Z"', table) == [F, T, F, U]
    assert said('at == "1969-12-31T23:59:59.999999Z"', table) == [F, F, T, U]


def test_segments_stand_in_each_other() -> None:
    document = {"version": 1, "language": "cel/1", "segments": {"a": "age > 3", "b": '!segment("a") || vip'}}
    found = segments_to_duckdb_sql(ft.load_ruleset(document), TABLE.schema)
    assert found == {"a": '("age" > 3)', "b": '((NOT ("age" > 3)) OR "vip")'}


def test_named_lists_are_written_out() -> None:
    lists = {"eu": {"type": "string", "values": ["DE", "FR"]}}
    document = {"version": 1, "language": "cel/1", "lists": lists, "segments": {"a": 'country in list("eu")'}}
    assert to_duckdb_sql(ft.load_ruleset(document), TABLE.schema) == "(\"country\" IN ('DE', 'FR'))"


def test_what_duckdb_cannot_say_is_refused_with_its_place() -> None:
    with pytest.raises(ft.ExporterError) as error:
        to_duckdb_sql('vip && bucket(age, "salt", 100) < 10', TABLE.schema)
    assert str(error.value) == (
        "DuckDB has nothing that is exactly `bucket` of int, string, int\n"
        " --> rule:1:8\n"
        '1 | vip && bucket(age, "salt", 100) < 10\n'
        "  |        ^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  = fix: keep this rule out of the export"
    )


def test_a_rule_that_is_wrong_is_told_as_by_compile() -> None:
    with pytest.raises(ft.RulesetError, match="cannot compare `age`"):
        to_duckdb_sql('age == "18"', TABLE.schema)


def test_one_of_several_segments_must_be_named() -> None:
    document = {"version": 1, "language": "cel/1", "segments": {"adults": "age > 17", "vips": "vip"}}
    with pytest.raises(ft.DataError) as error:
        to_duckdb_sql(ft.load_ruleset(document), TABLE.schema)
    assert str(error.value) == "say which segment is meant\n  = fix: one of `adults`, `vips`"
    with pytest.raises(ft.DataError, match="did you mean `vips`"):
        to_duckdb_sql(ft.load_ruleset(document), TABLE.schema, segment="vip")


def test_choices_within_choices_do_not_exhaust_the_memory() -> None:
    """A condition stands twice in SQL, so forty within each other would be a million millions."""
    rule = "vip"
    for _ in range(40):
        rule = f"({rule}) ? vip : !vip"
    with pytest.raises(ft.ExporterError, match="more than 4,194,304 characters"):
        to_duckdb_sql(rule, TABLE.schema)
