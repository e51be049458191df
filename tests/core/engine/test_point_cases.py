"""Every case, every operator and every conformance test once more, one customer at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random

import pyarrow as pa
import pytest

import fasttwitch as ft
from tests.cases.loading import load_all
from tests.conformance import asking
from tests.conformance.asking import Answer, Question
from tests.conformance.suite import load_cases, load_skips
from tests.conformance.tally import claimed_failures
from tests.conformance.ways import run_all
from tests.generators.profiles import said_profiles
from tests.mcdc.language import Item, items
from tests.mcdc.table import NOW, customers, document, load_pairs
from tests.oracle.arrow import rows

CASES = load_all()
PAIRS = load_pairs()
ITEMS = {item.key: item for item in items()}
WAYS = ("mapping", "row", "base row", "many")


def letters(program: ft.Program, table: pa.Table, now: datetime, way: str) -> dict[str, str]:
    """Return T, F or U of each customer under each segment; who has no words is taken from a base."""
    base = program.encode(table, threads=1)
    profiles = said_profiles(Random(way), rows(table), table.schema)
    who = [base.row(row) if found is None or way == "base row" else found for row, found in enumerate(profiles)]
    match way:
        case "row":
            rows_of_all = [one if isinstance(one, ft.BaseRow) else program.row(one) for one in who]
            matches = [program.match(row, now=now) for row in rows_of_all]
        case "many":
            matches = list(program.match_many(who, now=now))
        case _:
            matches = [program.match(one, now=now) for one in who]
    return {name: "".join(letter(match, name) for match in matches) for name in program.names}


def letter(match: ft.Match, name: str) -> str:
    """Return what a match says of one segment."""
    return "T" if name in match.segments else "U" if name in match.unknown else "F"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_case_has_the_answers_that_are_written_down(name: str, way: str) -> None:
    case = CASES[name]
    program = ft.compile(ft.load_ruleset(case.document), case.table.schema)
    found = letters(program, case.table, case.now, way)
    assert {text: found[f"rule-{number}"] for number, text in enumerate(case.answers)} == dict(case.answers)


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_each_operand_alone_flips_the_outcome(item: Item) -> None:
    entry = PAIRS[item.key]
    for operand, pair in entry.pairs.items():
        table = customers(pair, operand, item.operands)
        program = ft.compile(ft.load_ruleset(document(entry.rule)), table.schema)
        for way in ("mapping", "base row"):
            assert letters(program, table, NOW, way)["rule"] == pair.outcomes, (entry.rule, operand, pair, way)


def at_the_point(ask: Callable[[Mapping[str, Question], int], dict[str, Answer]]) -> object:
    """Return what answers as `ask` does, but row by row; what is refused stays refused."""

    def asked(questions: Mapping[str, Question], rows_wanted: int = asking.ROWS) -> dict[str, Answer]:
        found = ask(questions, rows_wanted)
        answered = {name: questions[name] for name, answer in found.items() if isinstance(answer, str)}
        columns = {name: array for question in answered.values() for name, array in question.columns.items()}
        table = pa.table({**columns, "row": pa.array(range(rows_wanted))})
        segments = {name: question.text for name, question in answered.items()}
        numbered = {f"rule-{number}": text for number, text in enumerate(segments.values())}
        ruleset = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": numbered})
        told = letters(ft.compile(ruleset, table.schema), table, NOW, "many")
        return found | dict(zip(segments, told.values(), strict=True))

    return asked


def test_the_conformance_tests_pass_one_customer_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As constants, over columns, and over columns with nulls: the same cases as in bulk."""
    monkeypatch.setattr("tests.conformance.ways.ask", at_the_point(asking.ask))
    assert claimed_failures(run_all(load_cases()), load_skips()) == []
