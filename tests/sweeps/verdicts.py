"""The bulk engine against the slow truth, one trial at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

import duckdb
import pyarrow as pa

import fasttwitch as ft
from fasttwitch.logic.types import BOOL
from fasttwitch.syntax import parse, print_expression
from fasttwitch.syntax.nodes import Binary, Call, Conditional, Expression, Logical, Unary
from tests.generators.trials import Trial
from tests.oracle import duckdb_sql
from tests.oracle.arrow import rows
from tests.oracle.instants import moment
from tests.oracle.interpreter import Truth, answers, predicate
from tests.oracle.kinds import Row, World, kind_of

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


def check_bulk(case: Case, random: Random) -> list[Mismatch]:
    """Return where bulk evaluation differs from the slow truth, or from itself when threads and batches change."""
    truths = case.truths
    trial = case.trial
    program = ft.compile(ft.load_ruleset(trial.document), trial.shape.schema)
    now = moment(trial.shape.now)
    found = program.select(trial.table, now=now, threads=1)
    mismatches = list(against_truth("select", truths, found))
    for threads in (2, 4):
        mismatches += same(f"{threads} threads", found, program.select(trial.table, now=now, threads=threads), truths)
    base = program.encode(trial.table)
    mismatches += same("kept codes", found, program.select(base, now=now, threads=1), truths)
    mismatches += same("kept codes again", found, program.select(base, now=now, threads=2), truths)
    mismatches += in_pieces(program, trial.table, now, random, found)
    counts = program.count(trial.table, now=now, threads=2)
    mismatches += [
        Mismatch("count", name, -1, str(found.counts[name]), str(counts[name]))
        for name in truths
        if counts[name] != found.counts[name]
    ]
    return mismatches


def against_truth(check: str, truths: Mapping[str, Sequence[Truth]], found: ft.Audiences) -> Iterator[Mismatch]:
    """Yield where masks, counts or numbers of unknown rows differ from the slow truth."""
    for name, expected in truths.items():
        mask = found.mask(name).to_pylist()
        wrong = [row for row, truth in enumerate(expected) if mask[row] is not (truth is True)]
        if wrong:
            row = wrong[0]
            yield Mismatch(check, name, row, LETTERS[expected[row]], "selected" if mask[row] else "not selected")
        elif found.counts[name] != mask.count(True):
            yield Mismatch(f"{check}: count", name, -1, str(mask.count(True)), str(found.counts[name]))
        elif found.unknown[name] != list(expected).count(None):
            yield Mismatch(f"{check}: unknown", name, -1, str(list(expected).count(None)), str(found.unknown[name]))


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
        if joined.to_pylist() != whole.mask(name).to_pylist():
            yield Mismatch("in pieces", name, first_difference(whole.mask(name), joined), "as whole", "another mask")


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
    """Return the smallest part of a rule and the one row that still show a mismatch, as text to read."""
    world = trial.world
    tree = world.segments[mismatch.name]
    table = trial.table.slice(mismatch.row, 1) if mismatch.row >= 0 else trial.table
    while smaller := next((part for part in parts(tree) if differs(trial, part, table, world)), None):
        tree = smaller
    text = print_expression(tree)
    lines = [f"{mismatch.check}: {mismatch.name} in row {mismatch.row}: {mismatch.expected} against {mismatch.found}"]
    lines.append(f"  rule  {text if len(text) < 2000 else text[:2000] + '…'}")
    if not differs(trial, tree, table, world):
        lines.append("  alone, with this row alone, both agree")
    for row in rows(table)[:1]:
        named = {path: value for path, value in row.items() if path in text or 'segment("' in text}
        lines.append(f"  row   {named}")
        lines.append(f"  truth {LETTERS[predicate(tree, world)(row)]}")
    types = ", ".join(f"{field.name}: {field.type}" for field in trial.shape.schema if field.name in text)
    lines.append(f"  types {types}; now {moment(trial.shape.now).isoformat()}")
    return "\n".join(lines)


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


def differs(trial: Trial, tree: Expression, table: pa.Table, world: World) -> bool:
    """Return whether engine and slow truth disagree about a predicate on a table."""
    try:
        if kind_of(tree, world) != BOOL:
            return False
    except (AssertionError, KeyError):
        return False
    document = trial.document
    document["segments"]["part"] = print_expression(tree)
    read = predicate(parse(print_expression(tree)), world)
    try:
        program = ft.compile(ft.load_ruleset(document), trial.shape.schema).draft({"part": print_expression(tree)})
        found = program.select(table, now=moment(trial.shape.now), threads=1)
    except ft.RulesetError:
        return False
    truths: list[Truth] = [read(row) for row in rows(table)]
    return bool(list(against_truth("part", {"part": truths}, found)))
