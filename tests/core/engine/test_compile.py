"""Compiling: every problem of a document is told in one go, those of its rules and those of its shape."""

from pathlib import Path

import pyarrow as pa

from fasttwitch.engine.compile import problems_of
from fasttwitch.ruleset import read_ruleset

DOCUMENT = """\
version: 1
language: cel/1
attributes: {age: string}
lists:
  broken: {file: nowhere.csv, type: string}
segments:
  adults: age >= "18"
  vip: segment("hi") && tier in [gold]
  hi: ltv >
  cut: tier == "gold" #&& age > 3
  listed: tier in list("broken")
  fine: ltv > 3
"""
SCHEMA = pa.schema({"age": pa.int32(), "ltv": pa.float64(), "tier": pa.string()})


def test_a_document_that_does_not_load_still_has_its_rules_checked(tmp_path: Path) -> None:
    """And nothing is told that only follows from another problem: `hi` is there, though wrong, and so is the list."""
    found = [problem.message for problem in problems_of(read_ruleset(DOCUMENT, base=tmp_path), SCHEMA)]
    assert found == [
        "attribute `age` is string in the ruleset and int in the data",
        "list `broken` cannot be read: there is no such file",
        'cannot compare `age` (int) with the string `"18"`',
        "unknown name `gold`",
        "the rule ends after `>`",
        "YAML ends this text before ` #&& age > 3`",
    ]


def test_a_good_document_has_no_problems() -> None:
    """The same path, nothing to say."""
    reading = read_ruleset({"version": 1, "language": "cel/1", "segments": {"a": "ltv > 3"}})
    assert problems_of(reading, SCHEMA) == []
