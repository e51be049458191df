"""The bulk engine against the slow truth, one trial at a time."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

import duckdb
import pyarrow as pa

import fasttwitch as ft
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.syntax import parse, print_expression
from fasttwitch.syntax.nodes import Binary, Call, Conditional, Expression, Logical, Unary
from tests.generators.trials import Trial
from tests.oracle import duckdb_sql
from tests.oracle.arrow import rows
from tests.oracle.instants import moment
from tests.oracle.interpreter import Truth, answers, predicate
from tests.oracle.kinds import Row, World, kind_of
from tests.sweeps.other_ways import other_ways

SEGMENT = re.compile(r'segment\("(\w+)"\)')
WAYS_EACH = 4  # of the other ways of asking: all of them have their turn over many schemas
LETTERS = {True: "T", False: "F", None: "U"}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Two answers that differ.

    check     what was compared
    row       the first row where they differ, or -1 when only totals do
    expected  what the slow truth says
    found     what the other one says
    """

    check: str
    name: str
    row: int
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Case:
    """A trial with what the slow truth says of it, for every rule and row."""

    trial: Trial
    world: World
    rows: list[Row]
    truths: Mapping[str, list[Truth]]


def case(trial: Trial) -> Case:
    """Return the trial with its true answers."""
    world, data = trial.world, rows(trial.table)
    return Case(trial, world, data, answers(world, data))


def check_once(case: Case) -> list[Mismatch]:
    """Return where one run of bulk evaluation differs from the slow truth: the quick half of `check_bulk`."""
    program = ft.compile(ft.load_ruleset(case.trial.document), case.trial.shape.schema)
    found = program.select(case.trial.table, now=moment(case.trial.shape.now), threads=1)
    return list(against_truth("select", case.truths, found))


def check_bulk(case: Case, random: Random) -> list[Mismatch]:
    """Return where bulk evaluation differs from the slow truth, or from itself when threads and batches change."""
    case, mismatches = accepted(case)
    truths = case.truths
    trial = case.trial
    program = ft.compile(ft.load_ruleset(trial.document), trial.shape.schema)
    now = moment(trial.shape.now)
    found = program.select(trial.table, now=now, threads=1)
    mismatches += against_truth("select", truths, found)
    ways = list(other_ways(program, trial.table, case.rows, now, random))
    for way, ask in random.sample(ways, WAYS_EACH):
        try:
            mismatches += same(way, found, ask(), truths)
        except Exception as error:
            mismatches.append(Mismatch(f"{way} raised", "every rule", -1, "an answer", repr(error)))
    mismatches += in_pieces(program, trial.table, now, random, found)
    mismatches += alone(case, random)
    counts = program.count(trial.table, now=now, threads=2)
    mismatches += [
        Mismatch("count", name, -1, str(found.counts[name]), str(counts[name]))
        for name in truths
        if counts[name] != found.counts[name]
    ]
    return mismatches


# A limit that is told to authors, and that chance now and then exceeds.
TOO_MANY_CHOICES = "holds too many `? :` and `coalesce`"


def accepted(case: Case) -> tuple[Case, list[Mismatch]]:
    """Return the case without the rules that are refused, and each refusal: all rules are right by construction."""
    try:
        ft.compile(ft.load_ruleset(case.trial.document), case.trial.shape.schema)
        return case, []
    except ft.RulesetError:
        pass
    refused: dict[str, Mismatch] = {}
    for name, text in case.trial.rules.items():
        if any(other in refused for other in SEGMENT.findall(text)):
            refused[name] = Mismatch("refused with", name, -1, "a plan", "refused")
            continue
        try:
            alone = {**case.trial.document, "segments": with_references(name, case.trial.rules)}
            ft.compile(ft.load_ruleset(alone), case.trial.shape.schema)
        except ft.RulesetError as error:
            refused[name] = Mismatch("refused", name, -1, "a plan", str(error))
    rules = {name: text for name, text in case.trial.rules.items() if name not in refused}
    truths = {name: case.truths[name] for name in rules}
    wrong = [one for one in refused.values() if one.check == "refused" and TOO_MANY_CHOICES not in one.found]
    return replace(case, trial=replace(case.trial, rules=rules), truths=truths), wrong


def against_truth(check: str, truths: Mapping[str, Sequence[Truth]], found: ft.Audiences) -> Iterator[Mismatch]:
    """Yield where masks, counts or numbers of unknown rows differ from the slow truth."""
    for name, expected in truths.items():
        mask = found.mask(name)
        selected = pa.array([truth is True for truth in expected], type=pa.bool_())
        matches = expected.count(True)
        if not mask.equals(selected):
            row = first_difference(mask, selected)
            yield Mismatch(
                check, name, row, LETTERS[expected[row]], "selected" if mask[row].as_py() else "not selected"
            )
        elif found.counts[name] != matches:
            yield Mismatch(f"{check}: count", name, -1, str(matches), str(found.counts[name]))
        elif found.unknown[name] != expected.count(None):
            yield Mismatch(f"{check}: unknown", name, -1, str(expected.count(None)), str(found.unknown[name]))


def same(check: str, one: ft.Audiences, other: ft.Audiences, names: Mapping[str, object]) -> Iterator[Mismatch]:
    """Yield where two runs of one program differ by a single byte."""
    for name in names:
        if mask_bytes(one.mask(name)) != mask_bytes(other.mask(name)):
            yield Mismatch(check, name, first_difference(one.mask(name), other.mask(name)), "as first", "another mask")
        if one.counts[name] != other.counts[name]:
            yield Mismatch(f"{check}: count", name, -1, str(one.counts[name]), str(other.counts[name]))


def in_pieces(
    program: ft.Program, table: pa.Table, now: datetime, random: Random, whole: ft.Audiences
) -> Iterator[Mismatch]:
    """Yield where the answers for pieces of the table, put together, differ from the answers for the table."""
    cuts = sorted(random.randint(0, table.num_rows) for _ in range(3))
    spans = list(zip([0, *cuts], [*cuts, table.num_rows], strict=True))
    pieces = [program.select(table.slice(start, end - start), now=now, threads=2) for start, end in spans]
    for name in program.names:
        joined = pa.chunked_array([piece.mask(name) for piece in pieces], type=pa.bool_())
        if not joined.equals(pa.chunked_array([whole.mask(name)])):
            yield Mismatch("in pieces", name, first_difference(whole.mask(name), joined), "as whole", "another mask")


def alone(case: Case, random: Random) -> Iterator[Mismatch]:
    """Yield where a few rules, each in a program of its own, differ from the slow truth: small programs differ."""
    trial = case.trial
    names = list(case.truths)
    for name in random.sample(names, min(5, len(names))):
        ruleset = ft.load_ruleset({**trial.document, "segments": with_references(name, trial.rules)})
        program = ft.compile(ruleset, trial.shape.schema)
        found = program.select(trial.table, now=moment(trial.shape.now), threads=1)
        yield from against_truth("alone", {name: case.truths[name]}, found)


def with_references(name: str, rules: Mapping[str, str]) -> dict[str, str]:
    """Return a rule with all rules that it refers to."""
    wanted = {name}
    for other in reversed(list(rules)):  # each refers only to earlier ones
        if other in wanted:
            wanted |= set(SEGMENT.findall(rules[other]))
    return {other: text for other, text in rules.items() if other in wanted}


def mask_bytes(mask: pa.BooleanArray) -> bytes:
    """Return the bytes that hold the mask's rows, spare bits included."""
    return bytes(mask.buffers()[1].to_pybytes()[: -(-len(mask) // 8)])


def first_difference(one: pa.Array, other: pa.Array) -> int:
    """Return the first row in which two masks differ, or -1."""
    pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
    return next((row for row, (left, right) in enumerate(pairs) if left != right), -1)


def check_duckdb(case: Case, connection: duckdb.DuckDBPyConnection) -> tuple[int, list[Mismatch]]:
    """Return how many rules DuckDB could say, and where it differs from the slow truth."""
    truths = case.truths
    source = duckdb_sql.source(case.trial.table, case.rows)
    said = duckdb_sql.answers(connection, case.world.segments, source, case.world)
    wrong = []
    for name, found in said.items():
        differing = [row for row, truth in enumerate(truths[name]) if truth is not found[row]]
        if differing:
            row = differing[0]
            wrong.append(Mismatch("DuckDB", name, row, LETTERS[truths[name][row]], LETTERS[found[row]]))
    return len(said), wrong


def reproduction(trial: Trial, mismatch: Mismatch) -> str:
    """Return the smallest part of a rule, and the one row if one is enough, that still show a mismatch, to be read."""
    if mismatch.check == "refused":
        return f"refused: {shortened(mismatch.found)}"
    world = trial.world
    tree = world.segments[mismatch.name]
    tables = (trial.table.slice(max(mismatch.row, 0), 1), trial.table)
    table = next((some for some in tables if disagreements(trial, tree, some, world)), None)
    lines = [f"{mismatch.check}: {mismatch.name} in row {mismatch.row}: {mismatch.expected} against {mismatch.found}"]
    if table is None:
        return f"{lines[0]}\n  alone both agree about  {shortened(print_expression(tree))}"
    while smaller := next((part for part in parts(tree) if disagreements(trial, part, table, world)), None):
        tree = smaller
    text = print_expression(tree)
    first = disagreements(trial, tree, table, world)[0]
    row = rows(table)[max(first.row, 0)]
    named = {path: value for path, value in row.items() if path in text or 'segment("' in text}
    lines.append(f"  rule   {shortened(text)}")
    lines.append(f"  row    {max(first.row, 0)} of {table.num_rows}: {named}")
    lines.append(f"  truth  {first.expected} against {first.found} ({first.check})")
    types = ", ".join(f"{field.name}: {field.type}" for field in trial.shape.schema if field.name in text)
    lines.append(f"  types  {types}; now {moment(trial.shape.now).isoformat()}")
    return "\n".join(lines)


def shortened(text: str) -> str:
    """Return the text, or its beginning."""
    return text if len(text) < 1000 else f"{text[:1000]}… ({len(text)} characters)"


def parts(tree: Expression) -> Iterator[Expression]:
    """Yield the operands of a tree."""
    match tree:
        case Unary(_, operand):
            yield operand
        case Binary(_, left, right):
            yield from (left, right)
        case Logical(_, operands):
            yield from operands
        case Conditional(condition, then, otherwise):
            yield from (condition, then, otherwise)
        case Call(_, receiver, arguments):
            yield from arguments if receiver is None else (receiver, *arguments)


def disagreements(trial: Trial, tree: Expression, table: pa.Table, world: World) -> list[Mismatch]:
    """Return where engine and slow truth disagree about a predicate on a table; nothing where it is no predicate."""
    text = print_expression(tree)
    try:
        assert kind_of(tree, world) == BOOL
        read = predicate(parse(text), world)
        program = ft.compile(ft.load_ruleset(trial.document), trial.shape.schema).draft({"part": text})
        found = program.select(table, now=moment(trial.shape.now), threads=1)
        truths: list[Truth] = [read(row) for row in rows(table)]
        return list(against_truth("part", {"part": truths}, found))
    except Exception:  # a part that cannot be tried alone is no reproduction
        return []
