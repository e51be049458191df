"""From a ruleset and a file to one file of ids a segment."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from fasttwitch.errors import DataError, RulesetError
from fasttwitch.jobs.audience import AudienceReport, AudienceRequest, Steps, run_audience
from fasttwitch.ruleset import Ruleset, load_ruleset

NOW = datetime(2026, 1, 15, tzinfo=UTC)
RULES = """\
version: 1
language: cel/1
lists: {blocked: [c3]}
segments:
  high: ltv > 100.0
  vip: segment("high") && tier == "gold" && !(customer_id in list("blocked"))
  lapsed: now - at > days(90)
  nobody: ltv < 0.0
"""
CUSTOMERS = pa.table(
    {
        "customer_id": ["c1", "c2", "c3", "c4", "c5"],
        "ltv": [150.0, 50.0, 300.0, None, 101.0],
        "tier": ["gold", "gold", "gold", "gold", None],
        "at": pa.array(
            [datetime(2026, 1, 1), datetime(2025, 1, 1), None, datetime(2024, 1, 1), None], pa.timestamp("ms")
        ),
        "unused": [b"\xff"] * 5,
    }
)


@pytest.fixture
def ruleset() -> Ruleset:
    return load_ruleset(RULES)


def run(folder: Path, ruleset: Ruleset, customers: pa.Table = CUSTOMERS, **options: Any) -> AudienceReport:
    pq.write_table(customers, folder / "customers.parquet")
    request = AudienceRequest(
        ruleset, folder / "customers.parquet", folder / "out", **{"key": "customer_id", "now": NOW, **options}
    )
    return run_audience(request, Steps())


def read_ids(path: Path) -> list[object]:
    match path.suffix:
        case ".parquet":
            table = pq.read_table(path)
        case ".csv":
            table = pyarrow.csv.read_csv(path)
        case _:
            table = pa.ipc.open_file(path).read_all()
    assert table.column_names == ["customer_id"]
    return list(table.column(0).to_pylist())


@pytest.mark.parametrize("format_name", ["parquet", "csv", "arrow"])
def test_every_segment_gets_a_file_of_its_customers(tmp_path: Path, ruleset: Ruleset, format_name: str) -> None:
    report = run(tmp_path, ruleset, format=format_name)
    written = {one.stem: read_ids(one) for one in (tmp_path / "out").glob(f"*.{format_name}")}
    assert written == {"high": ["c1", "c3", "c5"], "vip": ["c1"], "lapsed": ["c2", "c4"], "nobody": []}
    assert [(one.name, one.customers, one.unknown) for one in report.segments] == [
        ("high", 3, 1),
        ("vip", 1, 2),
        ("lapsed", 2, 2),
        ("nobody", 0, 1),
    ]


def test_the_summary_says_what_was_done(tmp_path: Path, ruleset: Ruleset) -> None:
    run(tmp_path, ruleset)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert list(summary.pop("seconds")) == ["start", "compile", "read", "check ids", "evaluate", "write"]
    assert summary == {
        "digest": ruleset.digest,
        "data": f"{tmp_path}/customers.parquet",
        "rows": 5,
        "now": "2026-01-15T00:00:00+00:00",
        "key": "customer_id",
        "format": "parquet",
        "segments": [
            {"name": "high", "customers": 3, "unknown": 1, "file": "high.parquet"},
            {"name": "vip", "customers": 1, "unknown": 2, "file": "vip.parquet"},
            {"name": "lapsed", "customers": 2, "unknown": 2, "file": "lapsed.parquet"},
            {"name": "nobody", "customers": 0, "unknown": 1, "file": "nobody.parquet"},
        ],
        "warnings": [],
    }


def test_some_segments_can_be_asked_for(tmp_path: Path, ruleset: Ruleset) -> None:
    report = run(tmp_path, ruleset, segments=("vip",))
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["summary.json", "vip.parquet"]
    assert report.digest == ruleset.digest
    with pytest.raises(RulesetError) as caught:
        run(tmp_path, ruleset, segments=("vpi", "lapsed"))
    assert str(caught.value) == "there is no segment `vpi`\n --> segments\n  = fix: did you mean `vip`?"


def test_another_column_can_be_the_key(tmp_path: Path, ruleset: Ruleset) -> None:
    customers = CUSTOMERS.append_column("email_hash", pa.array([11, 12, 13, 14, 15], pa.uint64()))
    run(tmp_path, ruleset, customers, key="email_hash")
    assert pq.read_table(tmp_path / "out" / "high.parquet").to_pydict() == {"email_hash": [11, 13, 15]}


def test_odd_keys_are_counted_and_told(tmp_path: Path, ruleset: Ruleset) -> None:
    keys = pa.array(["c1", None, "c1", None, "c1"])
    report = run(tmp_path, ruleset, CUSTOMERS.set_column(0, "customer_id", keys))
    assert report.warnings == (
        "2 customers without `customer_id`: counted, but missing from the files",
        "`customer_id` is not unique: 2 rows repeat an id",
    )
    assert report.segments[0].customers == 3
    assert read_ids(tmp_path / "out" / "high.parquet") == ["c1", "c1", "c1"]
    assert read_ids(tmp_path / "out" / "lapsed.parquet") == []


def test_a_file_without_customers_is_told(tmp_path: Path, ruleset: Ruleset) -> None:
    report = run(tmp_path, ruleset, CUSTOMERS.slice(0, 0))
    assert report.warnings == ("the file has no customers",)
    assert read_ids(tmp_path / "out" / "vip.parquet") == []


@pytest.mark.parametrize(
    ("customers", "said"),
    [
        (
            CUSTOMERS.rename_columns(["customerid", "ltv", "tier", "at", "unused"]),
            "…/customers.parquet has no column `customer_id`, which is the key of the customers\n"
            "  = fix: did you mean `customerid`?",
        ),
        (
            CUSTOMERS.append_column("ltv", pa.array([1, 2, 3, 4, 5])),
            "…/customers.parquet has two columns `ltv`\n  = fix: rename one of them",
        ),
    ],
)
def test_data_that_do_not_fit_are_refused(tmp_path: Path, ruleset: Ruleset, customers: pa.Table, said: str) -> None:
    with pytest.raises(DataError) as caught:
        run(tmp_path, ruleset, customers)
    assert str(caught.value).replace(str(tmp_path), "…") == said
    assert not (tmp_path / "out").exists()


def test_rules_that_do_not_fit_the_data_are_all_reported(tmp_path: Path, ruleset: Ruleset) -> None:
    customers = CUSTOMERS.drop_columns(["ltv"]).set_column(1, "tier", pa.array([1, 2, 3, 4, 5]))
    with pytest.raises(RulesetError) as caught:
        run(tmp_path, ruleset, customers)
    assert str(caught.value) == (
        "unknown name `ltv`\n"
        " --> ruleset:5:9\n"
        "5 |   high: ltv > 100.0\n"
        "  |         ^^^\n"
        "  = fix: the columns are `customer_id`, `tier`, `at`, `unused`\n"
        "\n"
        'cannot compare `tier` (int) with the string `"gold"`\n'
        " --> ruleset:6:35\n"
        '6 |   vip: segment("high") && tier == "gold" && !(customer_id in list("blocked"))\n'
        "  |                                   ^^^^^^\n"
        "  = fix: compare it with a whole number: `tier == 1`\n"
        "\n"
        "unknown name `ltv`\n"
        " --> ruleset:8:11\n"
        "8 |   nobody: ltv < 0.0\n"
        "  |           ^^^\n"
        "  = fix: the columns are `customer_id`, `tier`, `at`, `unused`\n"
        "\n"
        "3 problems"
    )


def test_csv_in_gives_the_same_as_parquet_in(tmp_path: Path, ruleset: Ruleset) -> None:
    from_parquet = run(tmp_path, ruleset)
    table = CUSTOMERS.drop_columns(["unused"])
    pyarrow.csv.write_csv(table, tmp_path / "customers.csv")
    request = AudienceRequest(ruleset, tmp_path / "customers.csv", tmp_path / "out", "customer_id", now=NOW)
    assert run_audience(request, Steps()).segments == from_parquet.segments


def test_steps_are_told_and_timed(tmp_path: Path, ruleset: Ruleset) -> None:
    pq.write_table(CUSTOMERS, tmp_path / "customers.parquet")
    told: list[tuple[str, int, int]] = []
    request = AudienceRequest(ruleset, tmp_path / "customers.parquet", tmp_path / "out", "customer_id")
    report = run_audience(request, Steps(lambda step, done, total: told.append((step, done, total))))
    assert told == [
        *((step, 0, 0) for step in ("start", "compile", "read", "check ids", "evaluate", "write")),
        *(("write", number, 4) for number in range(4)),
    ]
    assert all(value > 0 for value in report.seconds.values())
