"""What a review claims of random rules, held against the slow truth about every row."""

import re
from collections.abc import Iterator, Sequence

import fasttwitch as ft
from fasttwitch.engine.compile import check_segments, scope_of
from fasttwitch.lint.findings import Finding
from fasttwitch.lint.review import review
from fasttwitch.lint.subject import walk
from fasttwitch.logic.nodes import And, Expression, Or
from fasttwitch.syntax import parse
from tests.generators.trials import Trial
from tests.oracle.interpreter import Truth, predicate
from tests.oracle.kinds import Row, World
from tests.sweeps.verdicts import Case

PROVED = (
    "empty-segment",
    "equal-segments",
    "contained-segment",
    "never-true",
    "never-false",
    "never-known",
    "contradiction",
    "out-of-range",
    "redundant",
    "null-under-negation",
)
SAME = "finds the same customers"


def findings_of(trial: Trial) -> tuple[Finding, ...]:
    """Return what a review says of a trial's rules and data."""
    return review(ft.load_ruleset(trial.document), trial.shape.schema, trial.table)


def false_claims(case: Case, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings that some row refutes, to be read."""
    ruleset = ft.load_ruleset(case.trial.document)
    trees = check_segments(ruleset.segments.values(), scope_of(ruleset, case.trial.shape.schema))
    for finding in findings:
        if finding.kind in PROVED:
            row = _refuting_row(case, finding, trees[finding.segment])
            if row is not None:
                yield f"{finding}\nrow {row}: {dict(case.rows[row])}"


def _refuting_row(case: Case, finding: Finding, tree: Expression) -> int | None:
    """Return the first row of which a finding is false."""
    for row, truths in enumerate(zip(*_claimed(case, finding, tree), strict=True)):
        if not _is_right(finding, truths):
            return row
    return None


def _claimed(case: Case, finding: Finding, tree: Expression) -> list[list[Truth]]:
    """Return the truths that a finding speaks of, each for all rows."""
    assert finding.span is not None
    whole = case.truths[finding.segment]
    if finding.kind == "null-under-negation":
        return [_left_out(case, finding)]
    part = _truths(finding.text[slice(*finding.span)], case.rows, case.world)
    match finding.kind:
        case "empty-segment":
            return [whole]
        case "equal-segments":
            return [whole, case.truths[finding.message.split("`")[1]]]
        case "contained-segment":
            fix = _truths(finding.fix.split("`")[1], case.rows, case.world) if "…" not in finding.fix else whole
            return [whole, fix, *(case.truths[name] for name in finding.message.split("`")[3::2])]
        case "out-of-range" if "of this list" in finding.message:
            value, name = finding.message.split("`")[1:4:2]
            return [_truths(f"{name} == {value}", case.rows, case.world)]
        case "never-false" | "out-of-range" | "contradiction" | "redundant":
            others = [_truths(finding.text[slice(*span)], case.rows, case.world) for span in finding.others]
            chain = (
                _chain(finding, tree)
                if finding.kind == "redundant" or (finding.others and SAME in finding.fix)
                else None
            )
            if finding.kind == "redundant":
                return [part, *others, [isinstance(chain, And)] * len(part)]
            if SAME in finding.fix:
                whole = part if chain is None else _truths(finding.text[slice(*chain.span)], case.rows, case.world)
                same = _truths(finding.fix.split("`")[1], case.rows, case.world)
                return [part, *others, same, whole]
            return [part, *others]
    return [part]


def _left_out(case: Case, finding: Finding) -> list[Truth]:
    """Return True for each row that a negation leaves out as it is said to; nothing is said of the others."""
    assert finding.span is not None
    *_, path = re.findall("whose `(.*?)` is unknown", finding.message) or [""]
    if not path:  # a segment that is unknown: who that is, the engine has counted
        return [True] * len(case.rows)
    missing = [row[path] is None for row in case.rows]
    counted = re.findall(r"out the ([\d,]+) customers? whose", finding.message)
    assert counted == [f"{sum(missing):,}"], finding
    holds = _truths(finding.text[slice(*finding.span)], case.rows, case.world)
    surely = "can leave out" not in finding.message
    return [not (surely and gone and truth is True) for gone, truth in zip(missing, holds, strict=True)]


def _chain(finding: Finding, tree: Expression) -> And | Or:
    """Return the chain whose operands a finding speaks of."""
    wanted = {finding.span, *finding.others}
    for part in walk(tree):
        if isinstance(part, And | Or) and wanted <= {operand.span for operand in part.operands}:
            return part
        if isinstance(part, And) and set(finding.others) <= {operand.span for operand in part.operands}:
            inner = {one.span for operand in part.operands if isinstance(operand, Or) for one in operand.operands}
            if finding.span in inner:  # an alternative that its neighbours rule out
                return part
    raise AssertionError(f"no chain of {finding}")


def _is_right(finding: Finding, truths: tuple[Truth, ...]) -> bool:
    """Return whether a finding is true of one row."""
    match finding.kind:
        case "null-under-negation":
            return truths[0] is True
        case "empty-segment":
            return truths[0] is not True
        case "equal-segments":
            return (truths[0] is True) == (truths[1] is True)
        case "contained-segment":
            inner, same, *outer = truths
            return (inner is True) == (same is True) and (inner is not True or all(one is True for one in outer))
        case "contradiction" if SAME in finding.fix:
            *both, same, whole = truths
            return not all(truth is True for truth in both) and (whole is True) == (same is True)
        case "contradiction":
            return not all(truth is True for truth in truths)
        case "redundant":
            dropped, kept, conjunction = truths
            return _joined(dropped, kept, bool(conjunction)) is kept
        case "never-known":
            return truths[0] is None
        case "out-of-range" if "is never" in finding.message:
            return truths[0] is not True
        case "never-true":
            return truths[0] is False if "is false for every customer" in finding.message else truths[0] is not True
    if SAME in finding.fix:
        *parts, same, whole = truths
        return whole is not False and (whole is True) == (same is True) and any(part is not False for part in parts)
    if "true for every customer" in finding.message:
        return any(truth is True for truth in truths)
    return any(truth is not False for truth in truths)


def _joined(one: Truth, other: Truth, conjunction: bool) -> Truth:
    decides = not conjunction
    if decides in (one, other):
        return decides
    return None if None in (one, other) else not decides


def _truths(text: str, rows: Sequence[Row], world: World) -> list[Truth]:
    read = predicate(parse(text), world)
    return [read(row) for row in rows]
