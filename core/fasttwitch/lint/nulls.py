"""Negations over data with holes: `country != "DE"` does not hold for customers whose country nobody knows.

Told only of data at hand, only where the rule speaks of no missing value of that attribute itself, and only where what
is proposed would let somebody in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fasttwitch.batch.columns import column_at
from fasttwitch.lint.findings import Finding
from fasttwitch.lint.prover import strict_attributes
from fasttwitch.lint.stored import decoded
from fasttwitch.lint.subject import Rule, Subject, walk
from fasttwitch.logic.datatypes import StructType
from fasttwitch.logic.nodes import (
    And,
    Apply,
    Attribute,
    Coalesce,
    Compare,
    Conditional,
    Expression,
    In,
    IsNull,
    IsTrue,
    Not,
    Or,
    Segment,
)
from fasttwitch.plan.lowering import FALSE, NEGATED, NOT_FALSE, NOT_TRUE, TRUE
from fasttwitch.plan.sources import Path
from fasttwitch.ruleset import dependency_order


@dataclass(frozen=True, slots=True)
class Negation:
    """A condition that is asked to be false.

    leaf     what is asked to be false, or `x != 5` itself
    whole    the negation as it stands in the rule, `leaf` somewhere in it
    alone    whether an unknown leaf surely makes `whole` unknown
    parent   what `whole` is an operand of; None at the top
    """

    leaf: Expression
    whole: Expression
    alone: bool
    parent: Expression | None


def negations(subject: Subject) -> Iterator[Finding]:
    """Yield negations that leave out customers of whom something is not known."""
    if subject.data is None or subject.data.num_rows == 0:
        return
    for rule in subject.rules.values():
        aware = set(_spoken_of(rule.tree))
        by_path: dict[Path, dict[int, Negation]] = {}
        columns: dict[Path, Attribute] = {}
        for negation in _negations(rule.tree, TRUE, None, None, True):
            if isinstance(negation.leaf, Segment):
                yield from _of_segment(subject, rule, negation, negation.leaf)
                continue
            for attribute in strict_attributes(negation.leaf):
                if attribute.path not in aware and _missing(subject, attribute):
                    columns.setdefault(attribute.path, attribute)
                    by_path.setdefault(attribute.path, {}).setdefault(id(negation.whole), negation)
        for path, negated in by_path.items():
            yield from _of_attribute(subject, rule, list(negated.values()), columns[path])


def _negations(
    tree: Expression, mode: int, whole: Expression | None, parent: Expression | None, alone: bool
) -> Iterator[Negation]:
    """Yield the negations of a part that is asked to be true or false."""
    match tree:
        case And(operands) | Or(operands):
            decided = mode == FALSE and isinstance(tree, And)  # one operand that is false is enough
            for operand in operands:
                yield from _negations(operand, mode, whole, parent if whole else tree, alone and not decided)
        case Not(operand):
            inner = (tree, parent, True) if mode == TRUE else (None, tree, True)
            yield from _negations(operand, NEGATED[mode], *inner)
        case IsTrue(operand) if mode == TRUE:
            yield from _negations(operand, TRUE, None, tree, True)
        case Conditional(_, then, otherwise):
            for branch in (then, otherwise):
                yield from _negations(branch, mode, whole, parent if whole else tree, False)
        case Segment() if mode == FALSE:
            yield Negation(tree, whole or tree, alone, parent)
        case Compare("!=") if mode == TRUE:
            yield Negation(tree, tree, True, parent)
        case Compare() | In() | Apply() | Attribute() if mode == FALSE and not _is_unequal(tree):
            yield Negation(tree, whole or tree, alone, parent)


def _is_unequal(tree: Expression) -> bool:
    return isinstance(tree, Compare) and tree.operator == "!="


def _spoken_of(tree: Expression) -> Iterator[Path]:
    """Yield the attributes of which a rule says what is to happen when they are missing."""
    for part in walk(tree):
        match part:
            case IsNull(Attribute(path)):
                yield path
            case Coalesce(operands):
                yield from (one.path for one in operands if isinstance(one, Attribute))


def _of_attribute(subject: Subject, rule: Rule, negated: list[Negation], attribute: Attribute) -> Iterator[Finding]:
    """Yield one finding for all negations of an attribute: were one mended alone, the others would keep people out."""
    changes: list[tuple[Expression, Expression]] = []
    for negation in negated:
        whole = negation.whole
        is_null = IsNull(attribute, attribute.span)
        mended = Or((whole, is_null), whole.span) if negation.alone else _not_surely(whole)
        if mended is not None:
            changes.append((whole, mended))
    if not changes or not _lets_in(subject, rule, changes):
        return
    first, *others = negated
    words = ".".join(attribute.path)
    customers, share = _customers(_missing(subject, attribute), subject)
    verb = "leaves out" if first.alone else "can leave out"
    message = f"`{rule.quote(first.whole)}` {verb} {customers} whose `{words}` is unknown ({share})"
    if others:
        message += f", and so does `{rule.quote(others[0].whole)}`" if len(others) == 1 else ""
        message += f", and so do {len(others)} other conditions" if len(others) > 1 else ""
    fix = f"`{_mended_words(rule, first, words)}`" + (", and likewise for the others" if others else "")
    yield rule.finding("null-under-negation", message, first.whole, fix, [one.whole for one in others])


def _mended_words(rule: Rule, negation: Negation, column: str) -> str:
    if not negation.alone:
        return _surely_words(rule, negation.whole)
    fix = f"{rule.grouped(negation.whole)} || {column} == null"
    return fix if negation.parent is None or isinstance(negation.parent, Or) else f"({fix})"


def _of_segment(subject: Subject, rule: Rule, negation: Negation, segment: Segment) -> Iterator[Finding]:
    mended = _not_surely(negation.whole)
    if mended is None or not _lets_in(subject, rule, [(negation.whole, mended)]):
        return
    unknown = _unknown(subject, segment.name)
    if not unknown:
        return
    customers = _customers(unknown, subject)
    verb = "leaves out" if negation.alone else "can leave out"
    message = (
        f"`{rule.quote(negation.whole)}` {verb} {customers[0]} for whom segment `{segment.name}` is unknown"
        f" ({customers[1]})"
    )
    yield rule.finding("null-under-negation", message, negation.whole, f"`{_surely_words(rule, negation.whole)}`")


def _not_surely(whole: Expression) -> Expression | None:
    """Return `!isTrue(e)` for `!e`."""
    return replace(whole, operand=IsTrue(whole.operand, whole.span)) if isinstance(whole, Not) else None


def _surely_words(rule: Rule, whole: Expression) -> str:
    return f"!isTrue({rule.words(whole.operand)})" if isinstance(whole, Not) else rule.words(whole)


def _lets_in(subject: Subject, rule: Rule, changes: list[tuple[Expression, Expression]]) -> bool:
    """Return whether the rule could select somebody else with the second of each pair in place of the first."""
    changed = rule.tree
    lowering = subject.lowering
    for old, new in changes:
        if not subject.prover.is_possible(lowering.node(old, TRUE)):
            return False  # it leaves out everybody
        changed = _exchanged(changed, old, new)
    return subject.prover.is_possible(lowering.node(changed, TRUE), lowering.node(rule.tree, NOT_TRUE))


def _exchanged(tree: Expression, old: Expression, new: Expression) -> Expression:
    """Return a tree with one part, found by identity, exchanged."""
    if tree is old:
        return new
    match tree:
        case And(operands) | Or(operands):
            return replace(tree, operands=tuple(_exchanged(one, old, new) for one in operands))
        case Not(operand) | IsTrue(operand):
            return replace(tree, operand=_exchanged(operand, old, new))
        case Conditional(_, then, otherwise):
            return replace(tree, then=_exchanged(then, old, new), otherwise=_exchanged(otherwise, old, new))
    return tree


def _missing(subject: Subject, attribute: Attribute) -> int:
    """Return how many customers at hand have no value of an attribute."""
    key = "missing " + ".".join(attribute.path)
    found = subject.counted.get(key)
    if found is None:
        assert subject.data is not None
        column = column_at(subject.data, attribute.path, attribute.type)
        # A dictionary may hold null as a word: only decoded are such cells counted.
        found = sum(decoded(chunk).null_count for chunk in column.chunks)
        subject.counted[key] = found
    return found


def _unknown(subject: Subject, name: str) -> int:
    """Return for how many customers at hand a segment is neither true nor false."""
    found = subject.counted.get("unknown " + name)
    if found is None:
        found = _counted_unknown(subject, name) if _can_be_unknown(subject, name) else 0
        subject.counted["unknown " + name] = found
    return found


def _can_be_unknown(subject: Subject, name: str) -> bool:
    """Return whether a segment can be unknown, seeing which attributes are there for all customers at hand."""
    lowering = subject.lowering
    goals = [lowering.segment(name, NOT_TRUE), lowering.segment(name, NOT_FALSE)]
    for needed in dependency_order(subject.ruleset.segments, [name]):
        for part in walk(subject.trees[needed]):
            if isinstance(part, Attribute) and not isinstance(part.type, StructType) and not _missing(subject, part):
                goals.append(lowering.node(IsNull(part, part.span), FALSE))
    return subject.prover.is_possible(*goals)


def _counted_unknown(subject: Subject, name: str) -> int:
    from fasttwitch.engine.compile import compile_ruleset  # loads the kernels: only who needs them waits

    audiences = compile_ruleset(subject.ruleset.only([name]), subject.schema).select(subject.data)
    return audiences.unknown[name]


def _customers(number: int, subject: Subject) -> tuple[str, str]:
    assert subject.data is not None
    share = 100 * number / subject.data.num_rows
    # To the nearest, but some are neither nobody nor all.
    percent = "less than 1 %" if share < 1 else f"{min(round(share), 100 if number == subject.data.num_rows else 99)} %"
    return ("the 1 customer" if number == 1 else f"the {number:,} customers"), percent
