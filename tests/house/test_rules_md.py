"""Every example of RULES.md is true: rules select whom it says, wrong rules are told what it says.

All rules of the page are segments of one program: what each one is for each customer is asked once.
"""

import contextlib
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.cli.main import cli
from fasttwitch.engine.compile import scope_of
from fasttwitch.jobs.rule_tests import TestRequest, run_tests
from fasttwitch.library.formatting import MOST_DIGITS
from fasttwitch.lint.findings import KINDS
from fasttwitch.logic.catalogue import CATALOGUE
from fasttwitch.logic.catalogue.products import MOST_BUCKETS
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import language_type
from fasttwitch.logic.functions import FUNCTIONS
from fasttwitch.logic.instants import DAY, LONGEST_DURATION
from fasttwitch.logic.nodes import Constant
from fasttwitch.ruleset import Ruleset
from fasttwitch.ruleset.list_files import LENGTH_LIMIT
from fasttwitch.syntax import nodes as syntax
from fasttwitch.syntax import parse
from fasttwitch.syntax.limits import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_LIST_CONSTANTS, MAXIMUM_NODES
from tests.house import rules_page as page

TRUTHS = TRUE, FALSE, UNKNOWN = "true", "false", "unknown"
OPERATORS = {"<", "<=", ">", ">=", "==", "!=", "+", "-", "*", "/", "%", "in", "&&", "||", "!", "?:", "[]"}
# Arrow's types by the names that the page uses, where Arrow itself has no such alias.
NAMED_TYPES = {
    "string_view": pa.string_view(),
    "decimal128(10, 2)": pa.decimal128(10, 2),
    "decimal256(20, 4)": pa.decimal256(20, 4),
    "timestamp[us, tz=UTC]": pa.timestamp("us", "UTC"),
    "date32[day]": pa.date32(),
    "date64[ms]": pa.date64(),
}


@cache
def customers() -> pa.Table:
    return page.customers()


@cache
def ruleset() -> Ruleset:
    return ft.load_ruleset(page.blocks("yaml")[0])


def as_rule(example: page.Answer) -> str:
    """Return the example if it is a rule, else the question whether it has the page's answer."""
    return example.rule if example.answer in TRUTHS else f"({example.rule}) == ({example.answer})"


def truths_of(rules: list[str], data: pa.Table, among: Ruleset) -> dict[str, list[str]]:
    """Return what each rule is for each row."""
    segments: dict[str, object] = {}
    for number, rule in enumerate(rules):
        segments |= {f"rule_{number}": rule, f"known_{number}": f"isKnown({rule})"}
    found = ft.compile(among.with_changes(segments=segments), data.schema).select(data, now=page.NOW)
    truths = {}
    for number, rule in enumerate(rules):
        pairs = zip(found.mask(f"rule_{number}").to_pylist(), found.mask(f"known_{number}").to_pylist(), strict=True)
        truths[rule] = [TRUE if true else FALSE if known else UNKNOWN for true, known in pairs]
    return truths


@cache
def truths() -> dict[str, list[str]]:
    """Return what each rule of the page is for each of its customers."""
    rules = [example.rule for example in page.selections()] + [as_rule(example) for example in page.answers()]
    return truths_of(list(dict.fromkeys(rules)), customers(), ruleset())


def test_the_page_has_examples() -> None:
    """Else the next tests would pass by looking at nothing."""
    assert len(page.answers()) > 150
    assert len(page.selections()) > 40
    assert len(page.messages()) >= 20
    assert len(page.truth_tables()) == 2


@pytest.mark.parametrize("example", page.answers(), ids=lambda example: example.rule)
def test_an_example_has_the_answer_beside_it(example: page.Answer) -> None:
    assert truths()[as_rule(example)][0] == (example.answer if example.answer in TRUTHS else TRUE)


@pytest.mark.parametrize("example", page.selections(), ids=lambda example: example.rule)
def test_a_rule_selects_whom_the_page_says(example: page.Selection) -> None:
    found = dict(zip(page.names(), truths()[example.rule], strict=True))
    assert tuple(name for name, truth in found.items() if truth == TRUE) == example.selected
    assert tuple(name for name, truth in found.items() if truth == UNKNOWN) == example.unknown


@pytest.mark.parametrize("table", page.truth_tables(), ids=lambda table: " ".join(table.header))
def test_a_truth_table_is_what_the_engine_does(table: page.Table) -> None:
    words = {TRUE: True, FALSE: False, UNKNOWN: None}
    inputs = [name for name in table.header if page.code(name) in ("a", "b")]
    data = pa.table({page.code(name): pa.array([words[cell] for cell in table.column(name)]) for name in inputs})
    rules = [page.code(name) for name in table.header if name not in inputs]
    empty = ft.load_ruleset({"version": 1, "language": "cel/1", "segments": {"a": "a"}})
    expected = {rule: list(table.column(f"`{rule}`")) for rule in rules}
    assert truths_of(rules, data, empty) == expected
    assert len(table.rows) == 3 ** len(inputs)


def told(segment: str, rule: str) -> str:
    """Return what the author of a rule is told: every problem, or else every warning."""
    try:
        changed = ruleset().with_changes(segments={segment: rule})
        ft.compile(changed, customers().schema)
    except ft.RulesetError as error:
        return str(error)
    warnings = [one for one in ft.review(changed, customers().schema, customers()) if one.segment == segment]
    return "\n\n".join(map(str, warnings))


@pytest.mark.parametrize("message", page.messages(), ids=lambda message: message.rule)
def test_a_wrong_rule_is_told_what_the_page_says(message: page.Message) -> None:
    assert told(message.segment, message.rule) == message.text


@pytest.mark.parametrize("rule", sorted(set(page.cures() + page.priced())))
def test_what_was_meant_is_a_sound_rule(rule: str) -> None:
    check(parse(rule), scope_of(ruleset(), customers().schema), rule)


def test_every_mistake_has_a_cure() -> None:
    headings = re.findall(r"^\*\*.*\*\*$", page.PAGE, re.MULTILINE)
    assert len(headings) == page.PAGE.count("\nYou meant `") >= 20


def calls_and_operators(tree: syntax.Expression) -> Iterator[str]:
    """Return the names of the functions and the signs of the operators of a rule."""
    match tree:
        case syntax.Call(receiver=syntax.Name(name=group), function=name) if f"{group}.{name}" in CATALOGUE:
            yield f"{group}.{name}"
        case syntax.Call(function=name):
            yield name
        case syntax.Binary(operator=operator) | syntax.Logical(operator=operator) | syntax.Unary(operator=operator):
            yield operator
        case syntax.Conditional():
            yield "?:"
        case syntax.Index():
            yield "[]"
        case _:
            pass
    for name in tree.__dataclass_fields__:
        value = getattr(tree, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, syntax.Expression):
                yield from calls_and_operators(part)


def test_every_function_and_operator_has_an_example() -> None:
    rules = [example.rule for example in page.answers()] + [example.rule for example in page.selections()]
    shown = {name for rule in rules for name in calls_and_operators(parse(rule))}
    assert ({*CATALOGUE, *FUNCTIONS} | OPERATORS) - shown == set()


def test_columns_are_read_as_the_table_of_types_says() -> None:
    table = next(table for table in page.tables() if table.header[0] == "type")
    read = {
        name: kind
        for kind, names in zip(table.column("type"), table.column("read from Arrow's"), strict=True)
        for name in re.findall("`(.+?)`", names)
    }
    read.pop("semver(x)")
    assert len(read) >= 25
    for name, kind in read.items():
        arrow = NAMED_TYPES.get(name) or pa.type_for_alias(name)
        assert str(language_type(arrow)) == kind, name
        assert str(arrow) == name or str(arrow) == f"{name}[us]"


def test_constants_are_of_the_type_that_the_table_of_types_says() -> None:
    table = next(table for table in page.tables() if table.header[0] == "type")
    for kind, constants in zip(table.column("type"), table.column("constants"), strict=True):
        for constant in re.findall("`(.+?)`", constants):
            column = {"decimal": "balance", "semver": "semver(app_version)"}.get(kind, constant)
            tree = check(parse(f"{column} == {constant}"), scope_of(ruleset(), customers().schema))
            other = getattr(tree, "right", tree)
            assert isinstance(other, Constant)
            assert str(other.type) == kind or column == constant


def test_the_documents_of_the_page_pass_their_own_tests() -> None:
    for document in page.blocks("yaml"):
        rules = ft.load_ruleset(document)
        request = TestRequest(rules, customers().schema, "", range(len(rules.tests)))
        report = run_tests(request, lambda *_: None)
        assert report.expectations > 0
        assert report.failed == 0


@pytest.mark.parametrize(("program", "printed"), page.programs(), ids=lambda text: text.split("\n")[0])
def test_a_program_prints_what_stands_below_it(program: str, printed: str) -> None:
    if "importers.sql" in program:
        pytest.importorskip("sqlglot")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(program, "RULES.md", "exec"), {"__name__": "example"})
    assert output.getvalue() == printed


def test_the_page_leads_where_it_points() -> None:
    root = Path(__file__).parents[2]
    files = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.PAGE)
    assert [name for name in files if not (root / name).exists()] == []
    headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", page.PAGE, flags=re.DOTALL), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", page.PAGE)) - anchors == set()


def test_the_kinds_of_warnings_are_all_there() -> None:
    table = next(table for table in page.tables() if table.header[0] == "kind")
    assert {page.code(kind): what for kind, what in table.rows} == KINDS


def test_the_limits_are_those_of_the_code() -> None:
    table = next(table for table in page.tables() if table.header[0] == "of")
    assert dict(zip(table.column("of"), table.column("at most"), strict=True)) == {
        "a rule's text": f"{MAXIMUM_BYTES >> 20} MiB",
        "a rule's parts (constants of a list do not count)": f"{MAXIMUM_NODES:,}",
        "parts within parts": f"{MAXIMUM_DEPTH} levels",
        "a list in a rule": f"{MAXIMUM_LIST_CONSTANTS:,} constants",
        "a list in a file": f"{LENGTH_LIMIT:,} values",
        "an int": f"{-(2**63)} to {2**63 - 1}",
        "a uint": f"0 to {2**64 - 1}",
        "a decimal column": "38 digits",
        "an instant, a day": "the years 1 to 9999",
        "a duration": f"{LONGEST_DURATION * 100 // (DAY * 36_525):,} years, either way",
        "buckets": f"{MOST_BUCKETS:,}",
        "digits that `format` prints after the point": f"{MOST_DIGITS:,}",
        "a version": "4,000 characters",
    }


def test_the_commands_and_options_of_the_page_exist() -> None:
    """An option that stands alone is one of some command."""
    context = click.Context(cli)
    options: dict[str, set[str]] = {}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        options[name] = {option for parameter in command.params for option in parameter.opts}
    prose = re.sub(r"```.*?```", "", page.PAGE, flags=re.DOTALL)
    written = re.findall(r"`fasttwitch (\w+)(.*?)`", prose)
    assert len(written) >= 5
    assert [name for name, used in written if not set(re.findall(r"--[\w-]+", used)) <= options[name]] == []
    assert set(re.findall(r"`(--[\w-]+)", prose)) <= set().union(*options.values())
