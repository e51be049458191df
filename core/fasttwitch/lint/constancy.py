"""Conditions whose answer is settled before anybody looks at a customer, and conditions that change nothing.

What is settled is proved from sets of values, in all three truth values; the innermost settled condition is told, not
everything around it.
"""

from collections.abc import Iterator, Set
from dataclasses import replace
from itertools import combinations

from fasttwitch.lint.date_parts import counts_from_zero
from fasttwitch.lint.domains import limits
from fasttwitch.lint.findings import Finding
from fasttwitch.lint.stored import stored_type
from fasttwitch.lint.subject import Rule, Subject, walk
from fasttwitch.logic.datatypes import BOOL, INT, UINT
from fasttwitch.logic.folding import RANGES
from fasttwitch.logic.nodes import (
    And,
    Apply,
    Attribute,
    Compare,
    Constant,
    Expression,
    In,
    IsNull,
    Not,
    Or,
    Segment,
    parts,
)
from fasttwitch.plan.cuts import compare_ranges, membership_ranges
from fasttwitch.plan.lowering import FALSE, NOT_FALSE, NOT_TRUE, TRUE
from fasttwitch.plan.value_sets import Ranges

LONGEST_FIX = 100
# Functions of a column and of constants that no value makes fail.
TOTAL = frozenset(("bucket", "size", "lowerAscii", "upperAscii", "trim", "reverse", "isSemver"))
MOST_OPERANDS = 40  # of a chain whose operands are compared pair by pair
NEVER_TRUE, NEVER_FALSE, NEVER_KNOWN, ALWAYS_FALSE, ALWAYS_TRUE, OPEN = range(6)
_SAID = {
    NEVER_TRUE: ("never-true", "`{}` is never true: it is false or unknown for every customer"),
    NEVER_FALSE: ("never-false", "`{}` is never false: it is true wherever it is known"),
    NEVER_KNOWN: ("never-known", "`{}` is neither true nor false for any customer"),
    ALWAYS_FALSE: ("never-true", "`{}` is false for every customer"),
    ALWAYS_TRUE: ("never-false", "`{}` is true for every customer"),
}


def settled(subject: Subject) -> Iterator[Finding]:
    """Yield what is settled or changes nothing, rule by rule, and who is in no segment for such a reason."""
    fixed: set[str] = set()  # segments whose own findings say all there is to say
    empty: set[str] = set()
    for rule in subject.rules.values():
        if isinstance(rule.tree, Constant) and rule.words(rule.tree) in ("true", "false"):
            fixed.add(rule.name)
            empty |= set() if rule.tree.value else {rule.name}
            continue
        visit = _Visit(subject, rule, fixed)
        found = visit.findings()
        can = {mode: subject.prover.is_possible(subject.lowering.segment(rule.name, mode)) for mode in (TRUE, FALSE)}
        if not (can[TRUE] and can[FALSE]):
            fixed.add(rule.name)
        if not can[TRUE]:
            empty.add(rule.name)
            found = _emptied(rule, found, empty)
        yield from found


def _emptied(rule: Rule, found: list[Finding], empty: set[str]) -> list[Finding]:
    """Return the findings of a segment that nobody can be in: the one that explains it says so."""
    conjuncts = rule.tree.operands if isinstance(rule.tree, And) else ()
    spans = {part.span for part in (rule.tree, *conjuncts)}
    for i, one in enumerate(found):
        direct = one.kind in ("never-true", "out-of-range", "never-known") and one.span in spans
        if direct or (one.kind == "contradiction" and {one.span, *one.others} <= spans):
            message = f"segment `{rule.name}` is empty: {one.message}"
            return [*found[:i], replace(one, kind="empty-segment", message=message), *found[i + 1 :]]
    if any(isinstance(one, Compare | In) and counts_from_zero(one) for one in (rule.tree, *conjuncts)):
        return found  # `date_parts` says why it is never true
    for part in walk(rule.tree):
        if isinstance(part, Segment) and part.name in empty:
            message = f"segment `{rule.name}` is empty: nobody is in segment `{part.name}`"
            return [*found, rule.finding("empty-segment", message, part, f"mend segment `{part.name}` first")]
    message = f"segment `{rule.name}` is empty: no customer can be in it"
    return [*found, rule.finding("empty-segment", message, rule.tree, "write `false` if nobody is meant")]


class _Visit:
    """One rule, visited from inside out."""

    def __init__(self, subject: Subject, rule: Rule, fixed: Set[str]) -> None:
        self.subject = subject
        self.rule = rule
        self.fixed = fixed

    def findings(self) -> list[Finding]:
        """Return what is settled, and what changes nothing."""
        found: list[Finding] = []
        self._visit(self.rule.tree, found)
        return found

    def _visit(self, tree: Expression, found: list[Finding]) -> bool:
        """Add what is to be said of a part; return whether something is said of it, or of a part of it."""
        if isinstance(tree, Segment):
            return tree.name in self.fixed  # said where that segment stands
        told = [self._visit(part, found) for part in parts(tree)]
        if any(told):
            return True
        if tree.type is not BOOL or isinstance(tree, IsNull | Attribute | Not):
            return False
        if isinstance(tree, Constant):
            if self.rule.words(tree) not in ("true", "false"):  # `1 > 2`
                found.append(self._say(ALWAYS_TRUE if tree.value else ALWAYS_FALSE, tree))
                return True
            return False
        if isinstance(tree, Compare | In) and counts_from_zero(tree):
            return False  # `date_parts` knows which constant is meant
        verdict = self._verdict(tree)
        if verdict != OPEN:
            found.append(self._range(tree) or self._chain(tree, verdict) or self._say(verdict, tree))
            return True
        more = list(self._redundant(tree)) if isinstance(tree, And | Or) else []
        if isinstance(tree, And) and not more:
            more = list(self._dead_ends(tree))
        found += more
        return bool(more)

    def _verdict(self, tree: Expression) -> int:
        if self._range_verdict(tree) != OPEN:
            return self._range_verdict(tree)
        can_be_true, can_be_false = self._can(TRUE, tree), self._can(FALSE, tree)
        if can_be_true and can_be_false:
            return OPEN
        if not can_be_true and not can_be_false:
            return NEVER_KNOWN
        if can_be_false:
            return NEVER_TRUE if self._can(NOT_FALSE, tree) else ALWAYS_FALSE
        return NEVER_FALSE if self._can(NOT_TRUE, tree) else ALWAYS_TRUE

    def _can(self, mode: int, *trees: Expression) -> bool:
        nodes = [self.subject.lowering.node(tree, mode) for tree in trees]
        return self.subject.prover.is_possible(*nodes)

    def _say(self, verdict: int, tree: Expression) -> Finding:
        kind, words = _SAID[verdict]
        if verdict in (NEVER_TRUE, ALWAYS_FALSE, NEVER_KNOWN):
            fix = "write `false` if that is meant"
        elif verdict == ALWAYS_TRUE:
            fix = "write `true` if that is meant, or drop it"
        else:
            fix = self._known(tree)
        return self.rule.finding(kind, words.format(self.rule.quote(tree)), tree, fix)

    def _chain(self, tree: Expression, verdict: int) -> Finding | None:
        """Return what is to be said of a chain in which two operands alone settle everything."""
        if verdict in (NEVER_TRUE, ALWAYS_FALSE) and isinstance(tree, And):
            pair = self._pair(tree.operands, TRUE)
            if pair is None:
                return None
            one, other = (self.rule.quote(part) for part in pair)
            fix = f"`{self.rule.grouped(pair[0])} || {self.rule.grouped(pair[1])}` if either is enough"
            message = f"`{one}` and `{other}` are never true together"
            return self.rule.finding("contradiction", message, pair[0], fix, [pair[1]])
        if verdict in (NEVER_FALSE, ALWAYS_TRUE) and isinstance(tree, Or):
            everybody = verdict == ALWAYS_TRUE
            pair = self._pair(tree.operands, NOT_TRUE if everybody else FALSE)
            if pair is None:
                return None
            one, other = (self.rule.quote(part) for part in pair)
            if everybody:
                message = f"`{one}` or `{other}` is true for every customer"
                fix = "write `true` if everybody is meant"
            else:
                message = f"`{one}` and `{other}` are never false together: this is true wherever it is known"
                fix = self._known(tree)
            return self.rule.finding("never-false", message, pair[0], fix, [pair[1]])
        return None

    def _pair(self, operands: tuple[Expression, ...], mode: int) -> tuple[Expression, Expression] | None:
        for one, other in combinations(operands[:MOST_OPERANDS], 2):
            if not self._can(mode, one, other):
                return one, other
        return None

    def _range(self, tree: Expression) -> Finding | None:
        """Return the finding that a constant lies outside what an attribute or a function can be."""
        verdict = self._range_verdict(tree)
        if verdict == OPEN:
            return None
        value = _measured(tree)
        everything = limits(value, self.subject.schema)
        assert everything is not None
        ending = "is never true" if verdict == NEVER_TRUE else "is true wherever it is known"
        fix = "write `false` if that is meant" if verdict == NEVER_TRUE else self._known(tree)
        bounds = self._bounds(tree, value, *everything)
        return self.rule.finding("out-of-range", f"`{self.rule.quote(tree)}` {ending}: {bounds}", tree, fix)

    def _bounds(self, tree: Expression, value: Expression, low: int, high: int) -> str:
        """Return what the values are that `tree` compares with constants."""
        words = self.rule.quote(value)
        constants = tree.constants if isinstance(tree, In) else (tree.right.value,)  # type: ignore[union-attr]
        if any(isinstance(one, float) and not one.is_integer() for one in constants):
            return f"`{words}` holds whole numbers"
        if isinstance(value, Attribute):
            stored = stored_type(self.subject.schema, value.path)
            return f"the column `{words}` is {stored}, which holds {low} to {high}"
        if low == high:
            return f"`{words}` is always {low}"
        return f"`{words}` is at least {low}" if high == RANGES[INT][1] else f"`{words}` lies between {low} and {high}"

    def _range_verdict(self, tree: Expression) -> int:
        """Return NEVER_TRUE or NEVER_FALSE where the range of an int or uint alone says so."""
        value = _measured(tree)
        everything = limits(value, self.subject.schema) if value.type in (INT, UINT) else None
        if everything is None:
            return OPEN
        whole = Ranges(False, False, False, (everything[0], everything[1] + 1))
        if isinstance(tree, In):
            true = membership_ranges(tree.constants, value.type)
        else:
            assert isinstance(tree, Compare)
            assert isinstance(tree.right, Constant)
            true = compare_ranges(tree.operator, tree.right.value, value.type)
        inside = true.intersection(whole)
        return NEVER_TRUE if inside.is_empty() else NEVER_FALSE if inside == whole else OPEN

    def _redundant(self, tree: And | Or) -> Iterator[Finding]:
        """Yield the operands that others of the chain make superfluous, in all three truth values."""
        operands = list(tree.operands)
        if len(operands) > MOST_OPERANDS:
            return
        for i in reversed(range(len(operands))):
            for j in range(len(operands)):
                if i != j and self._covers(operands[j], operands[i], isinstance(tree, And)):
                    yield self._superfluous(tree, operands[i], operands[j])
                    del operands[i]
                    break

    def _dead_ends(self, tree: And) -> Iterator[Finding]:
        """Yield `x < 3` of `x > 5 && (x < 3 || y)`: an alternative that another condition rules out."""
        for chain in tree.operands:
            for alternative in chain.operands if isinstance(chain, Or) else ():
                for other in tree.operands[:MOST_OPERANDS]:
                    if other is not chain and not self._can(TRUE, alternative, other):
                        yield self._dead_end(tree, chain, alternative, other)
                        break

    def _dead_end(self, tree: And, chain: Expression, alternative: Expression, other: Expression) -> Finding:
        rest = [self.rule.grouped(part) for part in parts(chain) if part is not alternative]
        left = rest[0] if len(rest) == 1 else f"({' || '.join(rest)})"
        text = " && ".join(left if part is chain else self.rule.grouped(part) for part in tree.operands)
        fix = f"`{text}` finds the same customers" if len(text) <= LONGEST_FIX else "drop it"
        words, against = self.rule.quote(alternative), self.rule.quote(other)
        message = f"`{words}` lets nobody in: it is never true together with `{against}`"
        return self.rule.finding("contradiction", message, alternative, fix, [other])

    def _covers(self, kept: Expression, dropped: Expression, conjunction: bool) -> bool:
        """Return whether `kept` alone has the value of `kept && dropped` (or `||`) for every customer."""
        modes = ((TRUE, NOT_TRUE), (FALSE, NOT_FALSE))
        (inner, outer), (other_inner, other_outer) = modes if conjunction else tuple(reversed(modes))
        lowering, prover = self.subject.lowering, self.subject.prover
        for one in (kept, dropped):
            if isinstance(one, Constant) or (isinstance(one, Compare | In) and counts_from_zero(one)):
                return False  # written on purpose; told by `date_parts`
        first = lowering.node(kept, inner), lowering.node(dropped, outer)
        if prover.is_possible(*first):
            return False
        return not prover.is_possible(lowering.node(dropped, other_inner), lowering.node(kept, other_outer))

    def _superfluous(self, chain: And | Or, dropped: Expression, kept: Expression) -> Finding:
        rest = [self.rule.grouped(part) for part in chain.operands if part is not dropped]
        text = (" && " if isinstance(chain, And) else " || ").join(rest)
        fix = f"`{text}`" if len(text) <= LONGEST_FIX else "drop it"
        words, other = self.rule.quote(dropped), self.rule.quote(kept)
        message = f"`{words}` stands here twice" if words == other else f"`{words}` adds nothing to `{other}`"
        return self.rule.finding("redundant", message, dropped, fix, [kept])

    def _known(self, tree: Expression) -> str:
        """Return a rule for the same customers as `tree`, which is never false."""
        attributes = {part.path: part for part in walk(tree) if isinstance(part, Attribute)}
        if len(attributes) == 1:
            (path, attribute), *_ = attributes.items()
            is_null = IsNull(attribute, attribute.span)
            same = _is_total(tree) or (
                not self._can_both(tree, TRUE, is_null, TRUE) and not self._can_both(tree, NOT_TRUE, is_null, FALSE)
            )
            if same:
                return f"`{'.'.join(path)} != null` finds the same customers"
        return f"`isKnown({self.rule.words(tree)})` finds the same customers"

    def _can_both(self, tree: Expression, mode: int, other: Expression, other_mode: int) -> bool:
        lowering = self.subject.lowering
        return self.subject.prover.is_possible(lowering.node(tree, mode), lowering.node(other, other_mode))


def _is_total(tree: Expression) -> bool:
    """Return whether a comparison is unknown only where its column is null."""
    value = _measured(tree)
    return isinstance(value, Apply) and value.function in TOTAL and isinstance(value.arguments[0], Attribute)


def _measured(tree: Expression) -> Expression:
    """Return what a leaf compares with constants; the leaf itself where it does no such thing."""
    match tree:
        case Compare(_, left, Constant()):
            return left
        case In(operand, constants) if constants:
            return operand
    return tree
