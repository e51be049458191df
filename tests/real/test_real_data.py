"""Audiences over real customers: as many as hand-written SQL finds, and as many unknown."""

from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pytest

import fasttwitch as ft
from tests.real.shipped_data import MAILING, buyers, donors, histories, purchases

# name: (rule, SQL over the donors' table)
DONORS = {
    "responders": ("responded", "responded"),
    "generous": ("average_gift > 25.0 && gift >= 25", "average_gift > 25 AND gift >= 25"),
    "faithful": (
        "response_rate >= 0.5 && answered_last",
        "CAST(response_rate AS DOUBLE) >= 0.5 AND answered_last",
    ),
    "lapsed": (
        "now - answered_at > days(365)",
        "epoch_us(TIMESTAMPTZ '2001-01-01 00:00:00Z') - epoch_us(answered_at) > 365 * 86400000000",
    ),
    "win_back": (
        'segment("lapsed") && last_gift in [10, 25, 50, 100] && !responded',
        "epoch_us(TIMESTAMPTZ '2001-01-01 00:00:00Z') - epoch_us(answered_at) > 365 * 86400000000 "
        "AND last_gift IN (10, 25, 50, 100) AND NOT responded",
    ),
    "over_mailed": (
        "mailings_a_year > 2.0 && !(response_rate > 0.3)",
        "mailings_a_year > 2 AND NOT CAST(response_rate AS DOUBLE) > 0.3",
    ),
    "three_in_ten": (
        "response_rate == 0.30000001192092896",  # what float32 makes of 0.3
        "CAST(response_rate AS DOUBLE) = CAST(0.30000001192092896 AS DOUBLE)",
    ),
    "falling": ("last_gift < average_gift", "CAST(last_gift AS DOUBLE) < average_gift"),
    "doubled": (
        "gift > 0 ? gift >= 50 : last_gift >= 50",
        "CASE WHEN gift > 0 THEN gift >= 50 ELSE last_gift >= 50 END",
    ),
    "upgrade": (
        'average_gift * 1.5 < 40.0 && average_gift > 12.5 && !segment("lapsed")',
        "average_gift * 1.5 < 40 AND average_gift > 12.5 AND NOT "
        "epoch_us(TIMESTAMPTZ '2001-01-01 00:00:00Z') - epoch_us(answered_at) > 365 * 86400000000",
    ),
}

# name: (rule, SQL over the purchases, grouped by customer: true, false or NULL)
BUYERS = {
    "repeat_buyers": ("orders >= 2", "count(*) >= 2"),
    "one_day_only": ("second_at == null", "count(DISTINCT day) = 1"),
    "loyal": ("orders >= 10 && spent >= 500", "count(*) >= 10 AND sum(dollars) >= 500"),
    "lapsed": ("now - last_at > days(365)", "date_diff('day', max(day), DATE '1998-07-01') > 365"),
    "active": ("last_at > now - days(90)", "date_diff('day', max(day), DATE '1998-07-01') < 90"),
    "win_back": (
        'segment("lapsed") && spent > 100.00',
        "date_diff('day', max(day), DATE '1998-07-01') > 365 AND sum(dollars) > 100",
    ),
    "early_birds": (
        'first < "1997-02-01" && !(first == "1997-01-01")',
        "min(day) < DATE '1997-02-01' AND min(day) <> DATE '1997-01-01'",
    ),
    "freebies": ("smallest == 0.0", "min(dollars) = 0"),
    "big_spenders": ("largest > 199.99 || cds > 100", "max(dollars) > 199.99 OR sum(cds) > 100"),
    "quick_to_return": (
        "second_at - first_at <= days(30)",
        "date_diff('day', min(day), (list_sort(list(DISTINCT day)))[2]) <= 30",
    ),
    "slow_to_return": (  # neither quick nor slow: who never returned
        '!segment("quick_to_return")',
        "NOT date_diff('day', min(day), (list_sort(list(DISTINCT day)))[2]) <= 30",
    ),
    "slow_or_gone": (
        '!isTrue(segment("quick_to_return"))',
        "NOT coalesce(date_diff('day', min(day), (list_sort(list(DISTINCT day)))[2]) <= 30, FALSE)",
    ),
    "typical_basket": (
        "average >= 10.0 && average < 30.0 && cds in [1, 2, 3, 5, 8]",
        "avg(dollars) >= 10 AND avg(dollars) < 30 AND sum(cds) IN (1, 2, 3, 5, 8)",
    ),
    "chosen": ('customer in ["00001", "00100", "12345", "99999"]', "customer IN ('00001', '00100', '12345', '99999')"),
    "second_thousand": (
        'customer > "01000" && customer.startsWith("01")',
        "customer > '01000' AND customer LIKE '01%'",
    ),
}


def audiences(rules: dict[str, tuple[str, str]], table: pa.Table, now: datetime) -> ft.Audiences:
    """Return the audiences of the rules over a table."""
    segments = {name: rule for name, (rule, _) in rules.items()}
    program = ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), table.schema)
    return program.select(table, now=now, threads=2)


@pytest.fixture(scope="module")
def donor_audiences() -> tuple[pa.Table, ft.Audiences]:
    table = donors()
    return table, audiences(DONORS, table, MAILING)


@pytest.fixture(scope="module")
def buyer_audiences() -> tuple[pa.Table, ft.Audiences]:
    bought = histories()
    return purchases(bought), audiences(BUYERS, buyers(bought), datetime(1998, 7, 1, tzinfo=UTC))


def test_the_files_hold_the_people_they_are_known_for(
    donor_audiences: tuple[pa.Table, ft.Audiences], buyer_audiences: tuple[pa.Table, ft.Audiences]
) -> None:
    assert donor_audiences[1].rows == 4_268
    assert buyer_audiences[0].num_rows == 69_659
    assert buyer_audiences[1].rows == 23_570


@pytest.mark.parametrize("name", DONORS)
def test_donors_are_counted_as_sql_counts_them(name: str, donor_audiences: tuple[pa.Table, ft.Audiences]) -> None:
    table, found = donor_audiences
    connection = duckdb.connect()
    connection.register("donors", table)
    query = f"""
        SELECT count(*) FILTER (WHERE answer), count(*) FILTER (WHERE answer IS NULL)
        FROM (SELECT {DONORS[name][1]} AS answer FROM donors)
    """
    assert [(found.counts[name], found.unknown[name])] == connection.sql(query).fetchall()
    assert 0 < found.counts[name] < found.rows, "a segment of nobody or everybody shows little"


@pytest.mark.parametrize("name", BUYERS)
def test_buyers_are_counted_as_sql_counts_them(name: str, buyer_audiences: tuple[pa.Table, ft.Audiences]) -> None:
    """SQL starts from the purchases, so the derived columns are checked as well."""
    bought, found = buyer_audiences
    connection = duckdb.connect()
    connection.register("purchases", bought)
    query = f"""
        SELECT count(*) FILTER (WHERE answer), count(*) FILTER (WHERE answer IS NULL)
        FROM (SELECT customer, {BUYERS[name][1]} AS answer FROM purchases GROUP BY customer)
    """
    assert [(found.counts[name], found.unknown[name])] == connection.sql(query).fetchall()
    assert 0 < found.counts[name] < found.rows, "a segment of nobody or everybody shows little"
