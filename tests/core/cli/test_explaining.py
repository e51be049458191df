"""`fasttwitch explain`: what it prints, what it writes, and the codes it ends with."""

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from fasttwitch.cli.main import cli

RULES = """\
version: 1
language: cel/1
attributes: {ltv: double, seen: timestamp, tier: string}
segments:
  high: ltv > 500
  vip: segment("high") && tier in ["gold", "platinum"]   # the best
  lapsed: now - seen > days(90)
  plain: spent > 3
"""
TABLE = pa.table(
    {
        "customer_id": ["c1", "c2", "c2", "c4"],
        "ltv": [900.0, 480.0, 20.0, None],
        "tier": ["gold", "silver", "gold", None],
        "seen": pa.array([1_760_000_000] * 4, pa.timestamp("s", "UTC")),
        "number": pa.array([1, 2, 3, 4], pa.int32()),
    }
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rules.yaml").write_text(RULES)
    pq.write_table(TABLE, tmp_path / "c.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["explain", "rules.yaml", *arguments, "--now", "2026-02-01"])


def test_a_customer_of_a_file() -> None:
    result = explain("c.parquet", "vip", "--id", "c4")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "vip is unknown for customer_id c4 at 2026-02-01 00:00:00Z\n"
        "\n"
        '    segment("high") && tier in ["gold", "platinum"]\n'
        "    ^^^^^^^^^^^^^^^    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    unknown            unknown\n"
        "\n"
        "  high is unknown\n"
        "\n"
        "    ltv > 500\n"
        "    ^^^^^^^^^\n"
        "    unknown\n"
        "\n"
        "    tier  null\n"
        "    ltv   null\n"
        "\n"
        "  vip would be true with 2 other values\n"
        "\n"
        '    tier  null  →  "gold"\n'
        "    ltv   null  →  500.01\n"
        "\n"
        "  checked: the changed customer was run; no fewer changes would do\n"
    )


def test_the_first_of_several_with_one_id_is_explained_with_a_warning() -> None:
    result = explain("c.parquet", "vip", "--id", "c2")
    assert result.stdout.startswith(
        "warning: 2 rows have the id c2: the first one is explained\nvip is false for customer_id c2 at "
    )


def test_ids_are_found_as_people_type_them() -> None:
    result = explain("c.parquet", "high", "--key", "number", "--id", "1")
    assert result.stdout.startswith("high is true for number 1 at ")
    result = explain("c.parquet", "high", "--key", "number", "--id", "one")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == (
        "error: c.parquet has no customer whose `number` is one\n  = fix: its ids look like 1, 2, 3\n"
    )


def test_a_customer_who_is_not_there() -> None:
    result = explain("c.parquet", "vip", "--id", "c5")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "error: c.parquet has no customer whose `customer_id` is c5\n  = fix: did you mean c1?\n"


@pytest.mark.parametrize(
    ("key", "wanted", "message"),
    [
        ("city", "3", "`city` is 3\n  = fix: its ids look like Ulm, Bonn"),
        ("code", "100", "`code` is 100\n  = fix: did you mean 00100?"),
        ("code", "", '`code` is ""\n  = fix: its ids look like 10000, 00100, " 7"'),
        ("number", " 3x", '`number` is " 3x"\n  = fix: did you mean 3?'),
        ("code", "\x1b[2J", '`code` is "\\x1b[2J"\n  = fix: its ids look like 10000, 00100, " 7"'),
    ],
)
def test_odd_ids_are_told_so_that_they_can_be_seen(folder: Path, key: str, wanted: str, message: str) -> None:
    columns = {"city": ["", "Ulm", "Bonn", None], "code": ["10000", "00100", " 7", "x"]}
    pq.write_table(pa.table({**{name: TABLE[name] for name in TABLE.schema.names}, **columns}), folder / "odd.parquet")
    result = explain("odd.parquet", "high", "--key", key, "--id", wanted)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == f"error: odd.parquet has no customer whose {message}\n"


def test_an_id_of_spaces_is_in_quotes(folder: Path) -> None:
    pq.write_table(pa.table({"customer_id": [" c1"], "ltv": [1.0]}), folder / "odd.parquet")
    assert explain("odd.parquet", "high", "--id", " c1").stdout.startswith('high is false for customer_id " c1" at ')


def test_a_customer_as_json() -> None:
    profile = json.dumps({"ltv": 900, "tier": "silver", "seen": "2026-01-31T00:00:00Z"})
    result = explain("vip", "--profile", profile)
    assert result.exit_code == 0
    assert result.stdout.startswith("vip is false for this profile at 2026-02-01 00:00:00Z\n")
    assert '    tier  "silver"  →  "gold"\n' in result.stdout


def test_a_customer_in_a_file_of_json(folder: Path) -> None:
    (folder / "one.json").write_text('{"seen": "2026-01-31T00:00:00Z"}')
    result = explain("lapsed", "--profile", "one.json")
    assert '    seen  "2026-01-31T00:00:00Z", 1 day ago\n' in result.stdout


def test_types_of_a_profile_come_from_the_data_where_data_is_given() -> None:
    result = explain("c.parquet", "vip", "--profile", '{"ltv": "900"}')
    assert (result.exit_code, result.stderr) == (
        3,
        'error: attribute `ltv` is a double, and "900" is a string\n  = fix: write it like `ltv: 49.90`\n',
    )


def test_a_type_that_nothing_tells_is_asked_for() -> None:
    result = explain("plain", "--profile", "{}")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: what type does `spent` have? neither `attributes` nor the profile says\n"
        " --> rules.yaml:8:10\n"
        "8 |   plain: spent > 3\n"
        "  |          ^^^^^\n"
        "  = fix: declare it: `attributes: {spent: …}`, or give a file of customers to take the types from\n"
    )
    assert explain("plain", "--profile", '{"spent": 4}').stdout.startswith("plain is true for this profile at ")


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        (
            "{",
            "error: the profile is not JSON: expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1)",
        ),
        ('{"ltv": 1, "ltv": 2}', "error: the profile is not JSON: `ltv` stands twice"),
        ('{"ltv": NaN}', "error: the profile is not JSON: it has no `NaN`; null is unknown"),
        ("", "error: the profile is empty"),
        (" ", "error: the profile is empty"),
        ("[]", "error: the profile is JSON, but no object"),
        ("nowhere.json", "error: nowhere.json cannot be read: no such file or directory"),
    ],
)
def test_a_profile_that_is_none_is_refused(profile: str, message: str) -> None:
    result = explain("vip", "--profile", profile)
    assert (result.exit_code, result.stderr.split("\n")[0]) == (3, message)


@pytest.mark.parametrize(
    ("value", "kind", "fix", "time"),
    [
        (
            "1998-06-30",
            "date",
            "  = fix: the time between their instants: `now - timestamp(last_at)`\n",
            "1998-06-30T00:00:00Z",
        ),
        (899251200, "int", "", "2026-01-31T09:30:00Z"),
        ("1998-06-30 00:00", "string", "", "2026-01-31T09:30:00Z"),
    ],
)
def test_a_type_that_was_told_from_the_profile_may_be_to_blame(
    folder: Path, value: object, kind: str, fix: str, time: str
) -> None:
    (folder / "rules.yaml").write_text(RULES + "  late: now - last_at > days(9)\n")
    result = explain("late", "--profile", json.dumps({"last_at": value}))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: cannot calculate `now` (timestamp) - `last_at` ({kind})\n"
        " --> rules.yaml:9:9\n"
        "9 |   late: now - last_at > days(9)\n"
        "  |         ^^^^^^^^^^^^^\n"
        f"{fix}\n"
        f"note: only the profile says which types these have, so they are guesses: `last_at` ({kind})\n"
        f'  = fix: if one is wrong, write a time: `"last_at": "{time}"`, declare it in the ruleset: '
        "`attributes: {last_at: timestamp}`, or give a file of customers to take the types from\n"
    )


def test_where_no_time_is_wanted_none_is_asked_for() -> None:
    result = explain("plain", "--profile", '{"spent": "4"}')
    assert result.stderr.endswith(
        "note: only the profile says which types these have, so they are guesses: `spent` (string)\n"
        "  = fix: if one is wrong, declare it in the ruleset: `attributes: {spent: …}`, "
        "or give a file of customers to take the types from\n"
    )


def test_a_misspelt_attribute_of_a_profile_is_told() -> None:
    result = explain("vip", "--profile", '{"teir": "gold"}')
    assert result.exit_code == 1
    assert result.stderr == (
        "error: neither a rule nor `attributes` knows `teir`\n --> profile\n  = fix: did you mean `tier`?\n"
    )


def test_without_a_customer_it_says_whom_each_condition_keeps_out() -> None:
    result = explain("c.parquet", "vip")
    assert result.exit_code == 0
    assert result.stdout == (
        "vip: 1 of 4 customers at 2026-02-01 00:00:00Z\n"
        "\n"
        "  kept out by                   false  unknown  alone\n"
        '  segment("high")                   2        1      1\n'
        '  tier in ["gold", "platinum"]      1        1      0\n'
        "\n"
        "  alone: customers whom this condition keeps out and no other does\n"
    )
    told = json.loads(explain("c.parquet", "vip", "--json").stdout)
    assert [one["alone"] for one in told["conditions"]] == [1, 0]


def test_json_names_the_customer_and_the_ruleset() -> None:
    told = json.loads(explain("c.parquet", "vip", "--id", "c2", "--json").stdout)
    assert (told["segment"], told["answer"], told["customer"]) == ("vip", "false", "customer_id c2")
    assert told["warnings"] == ["2 rows have the id c2: the first one is explained"]
    assert re.fullmatch("sha256:[0-9a-f]{64}", told["ruleset"])
    assert told["fix"]["found"] is True


def test_a_page_is_written(folder: Path) -> None:
    result = explain("c.parquet", "vip", "--id", "c1", "--html", "new/page.html")
    assert result.stdout.endswith("\n  wrote new/page.html\n")
    html = (folder / "new/page.html").read_text()
    assert "for customer_id c1 at 2026-02-01 00:00:00Z" in html
    assert html.startswith("<!DOCTYPE html>")
    result = explain("c.parquet", "vip", "--html", "c.parquet/page.html")
    assert (result.exit_code, result.stderr) == (
        4,
        "error: cannot write to c.parquet/page.html: file exists\n  = fix: choose a file you may write to\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Error: Missing argument 'SEGMENT'."),
        (["vip"], "Error: give a file of customers before the segment, or one customer with --profile"),
        (["vip", "--id", "c1"], "Error: give a file of customers before the segment, or one customer with --profile"),
        (["c.parquet", "vpi"], "Error: Invalid value for SEGMENT: there is no segment `vpi`: did you mean `vip`?"),
        (["d.parquet", "vip"], "Error: Invalid value for 'DATA': Path 'd.parquet' does not exist."),
        (["c.parquet", "vip", "high"], "Error: Got unexpected extra argument (high)"),
        (
            ["c.parquet", "vip", "--id", "c1", "--profile", "{}"],
            "Error: --id and --profile are two customers: keep one of them",
        ),
        (["c.parquet", "vip", "--html", ""], "Error: --html needs the name of a file"),
    ],
)
def test_a_wrong_command_line_ends_with_two(arguments: list[str], message: str) -> None:
    result = explain(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.rstrip().split("\n")[-1] == message


def test_only_the_segment_and_what_it_needs_have_to_fit() -> None:
    """`plain` reads a column that the file has not."""
    assert explain("c.parquet", "vip", "--id", "c1").exit_code == 0
    assert explain("c.parquet", "plain", "--id", "c1").exit_code == 1


def test_no_line_is_wider_than_eighty_columns(folder: Path) -> None:
    rule = " && ".join(f'!(tier in ["name {one}", "another name {one}"])' for one in range(12))
    (folder / "rules.yaml").write_text(RULES + f"  long: {json.dumps(rule)}\n")
    for arguments in (
        ["long", "--profile", '{"tier": "name 3"}'],
        ["c.parquet", "long"],
        ["c.parquet", "long", "--id", "c1"],
    ):
        result = explain(*arguments)
        assert result.exit_code == 0
        assert max(map(len, result.stdout.split("\n"))) <= 80
