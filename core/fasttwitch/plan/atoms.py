"""Boolean leaves of the typed tree as atoms: a source of codes, and the values for which the leaf is true or false.

A leaf that is no atom yet is rewritten into logic over simpler leaves first, by laws that hold for all three truth
values:

    a == b  (Booleans)             →  a ? b : !b
    f(c ? x : y)                   →  c ? f(x) : f(y)
    coalesce(a, b) == k            →  a == null ? (b == k) : (a == k)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from fasttwitch.errors import Problem, RulesetError
from fasttwitch.library.zones import read_zone
from fasttwitch.logic.datatypes import BOOL, DECIMAL, DOUBLE, DURATION, STRING, TIMESTAMP
from fasttwitch.logic.evaluation import constant_value
from fasttwitch.logic.instants import DAY
from fasttwitch.logic.nodes import (
    Apply,
    Attribute,
    Coalesce,
    Compare,
    Conditional,
    Constant,
    Expression,
    In,
    IsNull,
    ListOf,
    Not,
    Now,
)
from fasttwitch.plan.calendar_cuts import calendar_ranges
from fasttwitch.plan.cuts import compare_ranges, membership_ranges
from fasttwitch.plan.reads import attributes_of, fine_print, only_text, varies
from fasttwitch.plan.registers import REGISTER_TYPES, in_registers
from fasttwitch.plan.sources import Column, ColumnTest, Derived, Recency, Source, TextTest
from fasttwitch.plan.value_sets import FALSE_BIT, TRUE_BIT, UNKNOWN_BIT, Names, Ranges, Truths, ValueSet
from fasttwitch.plan.zone_cuts import zoned_ranges

# Above this many constants an `in` on numbers is one look-up in a hash table: two cuts a constant cost more.
MEMBERSHIP_LIMIT = 100
# `now - ts` moves to the column's side only for constants this small, so that `now ± constant` cannot leave the range.
RECENCY_LIMIT_MICROSECONDS = 1000 * 366 * DAY
BRANCH_LIMIT = 64

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate on one source: true on `true`, false on `false`, unknown elsewhere."""

    source: Source
    true: ValueSet
    false: ValueSet


def resolve(leaf: Expression) -> Atom | Expression:
    """Return the atom of a Boolean leaf, or logic over simpler leaves that has the same value."""
    match leaf:
        case Attribute(path, type_):
            assert type_ is BOOL
            return Atom(Column(path, BOOL), Truths(TRUE_BIT), Truths(FALSE_BIT))
        case IsNull(Attribute(path, type_)):
            null = _null_set(type_)
            return Atom(Column(path, type_), null, null.complement())
        case Compare():
            return _resolve_compare(leaf)
        case In():
            return _resolve_in(leaf)
        case Apply() if leaf.type is BOOL:
            return _resolve_apply(leaf)
        case Coalesce(operands):
            return _choose(operands, lambda operand: operand)
    raise AssertionError(f"not a Boolean leaf: {leaf}")


def _resolve_compare(leaf: Compare) -> Atom | Expression:
    left, right, operator = leaf.left, leaf.right, leaf.operator
    if left.type is BOOL:
        return _compare_truths(operator, left, right, leaf)
    if isinstance(left, Attribute) and isinstance(right, Constant):  # by far the most common: keep it on top
        return _against_constant(operator, left, right)
    lifted = _lifted(leaf, (left, right), lambda sides: replace(leaf, left=sides[0], right=sides[1]))
    if lifted is not None:
        return lifted
    if not varies(leaf):
        return _constant_truth(leaf)
    if only_text(leaf) and not _is_bucket(left):
        return _text(leaf)
    if left.type not in REGISTER_TYPES or right.type not in REGISTER_TYPES:
        return _truth_atom(ColumnTest(leaf, fine_print(leaf)))
    atom = _recency(leaf) or _calendar(leaf)
    if atom is not None:
        return atom
    if isinstance(right, Constant):
        return _derived_against_constant(operator, left, right)
    return _truth_atom(Derived(leaf, BOOL, fine_print(leaf)))


def _resolve_apply(leaf: Apply) -> Atom | Expression:
    """Return what a function that is true or false comes to."""
    lifted = _lifted(leaf, leaf.arguments, lambda arguments: replace(leaf, arguments=arguments))
    if lifted is not None:
        return lifted
    match leaf:
        case _ if not varies(leaf):
            return _constant_truth(leaf)
        case _ if only_text(leaf):
            return _text(leaf)
        case Apply("math.isNaN", (Attribute(path, type_),)):
            nan = Ranges(False, True, False, (), True)
            return Atom(Column(path, type_), nan, _known_rest(nan))
        case _ if in_registers(leaf):
            return _truth_atom(Derived(leaf, BOOL, fine_print(leaf)))
        case _:
            return _truth_atom(ColumnTest(leaf, fine_print(leaf)))


def _against_constant(operator: str, attribute: Attribute, constant: Constant) -> Atom:
    source = Column(attribute.path, attribute.type)
    if attribute.type is not STRING:
        true = compare_ranges(operator, constant.value, attribute.type)
        return Atom(source, true, _known_rest(true))
    if operator in ("==", "!="):
        same = Names(frozenset((str(constant.value),)), False, False)
        rest = Names(same.names, True, False)
        return Atom(source, same, rest) if operator == "==" else Atom(source, rest, same)
    return _text(Compare(operator, attribute, constant, attribute.span))


def _derived_against_constant(operator: str, value: Expression, constant: Constant) -> Atom:
    true = compare_ranges(operator, constant.value, value.type)
    return Atom(Derived(value, value.type, fine_print(value)), true, _known_rest(true))


def _resolve_in(leaf: In) -> Atom | Expression:
    operand = leaf.operand
    lifted = _lifted(leaf, (operand,), lambda operands: replace(leaf, operand=operands[0]))
    if lifted is not None:
        return lifted
    if not varies(leaf):
        return _constant_truth(leaf)
    if operand.type is BOOL:
        true = Not(operand, leaf.span) if False in leaf.constants else Constant(False, BOOL, leaf.span)
        whole = operand if True in leaf.constants else Constant(False, BOOL, leaf.span)
        return Conditional(operand, whole, true, BOOL, leaf.span)
    if isinstance(operand, Attribute):
        source: Source = Column(operand.path, operand.type)
        if operand.type is STRING:
            same = Names(frozenset(map(str, leaf.constants)), False, False)
            return Atom(source, same, Names(same.names, True, False))
    elif only_text(leaf) and not _is_bucket(operand):
        return _text(leaf)
    elif operand.type not in REGISTER_TYPES:
        return _truth_atom(ColumnTest(leaf, fine_print(leaf)))
    else:
        source = Derived(operand, operand.type, fine_print(operand))
    if len(leaf.constants) > MEMBERSHIP_LIMIT and operand.type is not DECIMAL:
        return _truth_atom(Derived(leaf, BOOL, fine_print(leaf)))
    true_set = membership_ranges(leaf.constants, operand.type)
    return Atom(source, true_set, _known_rest(true_set))


def _calendar(leaf: Compare) -> Atom | None:
    """Return `at.getFullYear() == 2026`, or its like, as an atom on the column itself, if it is one."""
    match leaf:
        case Compare(operator, Apply(function, (Attribute(path, type_),)), Constant(bound, of)) if of is not BOOL:
            true = calendar_ranges(function, type_, operator, bound, leaf.left.type)
            return None if true is None else Atom(Column(path, type_), true, _known_rest(true))
        case Compare(operator, Apply(function, (Attribute(path, type_), Constant(str(name)))), Constant(bound, of)) if (
            type_ is TIMESTAMP and of is not BOOL
        ):
            zone = read_zone(name)
            sets = None if zone is None else zoned_ranges(function, zone, operator, bound, leaf.left.type)
            return None if sets is None else Atom(Column(path, type_), *sets)
    return None


def _recency(leaf: Compare) -> Atom | None:
    """Return `leaf` as an atom on the recency of one timestamp column, if it is one."""
    operator = leaf.operator
    match leaf.left, leaf.right:
        case Apply("-", (Now(), Attribute(path, type_))), Constant(int(age)) if type_ is TIMESTAMP:
            operator, bound = FLIPPED[operator], -age  # now - ts < age  ⇔  ts - now > -age
        case Apply("-", (Attribute(path, type_), Now())), Constant(int(bound)) if type_ is TIMESTAMP:
            pass
        case Attribute(path, type_), right if type_ is TIMESTAMP and (offset := _offset_from_now(right)) is not None:
            bound = offset  # ts < now + offset  ⇔  ts - now < offset
        case left, Attribute(path, type_) if type_ is TIMESTAMP and (offset := _offset_from_now(left)) is not None:
            operator, bound = FLIPPED[operator], offset
        case _:
            return None
    if abs(bound) > RECENCY_LIMIT_MICROSECONDS:
        return None
    true = compare_ranges(operator, bound, DURATION)
    return Atom(Recency(path), true, _known_rest(true))


def _offset_from_now(value: Expression) -> int | None:
    """Return the µs that `value` lies after `now`, if that is a constant small enough not to leave the range."""
    match value:
        case Now():
            return 0
        case Apply("+" | "-" as function, (inner, Constant(amount))):
            offset = _offset_from_now(inner)
        case _:
            return None
    if offset is None or not isinstance(amount, int):
        return None
    total = offset + (amount if function == "+" else -amount)
    return total if abs(total) <= RECENCY_LIMIT_MICROSECONDS else None


def _compare_truths(operator: str, left: Expression, right: Expression, leaf: Compare) -> Expression:
    """Return a comparison of two Booleans as logic; false orders before true."""
    span = leaf.span
    false = Constant(False, BOOL, span)
    match operator:
        case "==" if isinstance(right, Constant):
            return left if right.value else Not(left, span)
        case "!=" if isinstance(right, Constant):
            return Not(left, span) if right.value else left
        case "==":
            return Conditional(left, right, Not(right, span), BOOL, span)
        case "!=":
            return Conditional(left, Not(right, span), right, BOOL, span)
        case "<":
            return Conditional(left, Conditional(right, false, false, BOOL, span), right, BOOL, span)
        case ">":
            return _compare_truths("<", right, left, leaf)
        case "<=":
            return Not(_compare_truths("<", right, left, leaf), span)
        case _:
            return Not(_compare_truths("<", left, right, leaf), span)


def _constant_truth(leaf: Expression) -> Constant | Atom:
    """Return what a leaf without columns is: a choice that was moved outwards leaves such leaves behind."""
    value = constant_value(leaf)
    if value is None:
        return Atom(Column((), BOOL), Truths(0), Truths(0))
    return Constant(value, BOOL, leaf.span)


# --- choices move outwards


def _lifted(
    leaf: Expression,
    operands: tuple[Expression, ...],
    rebuild: Callable[[tuple[Expression, ...]], Expression],
) -> Expression | None:
    """Return `leaf` with the first choice among its operands moved outwards; None if there is none to move."""
    for i, operand in enumerate(operands):
        choice = _first_choice(operand, top=True)
        if choice is None:
            continue
        if sum(1 for part in operands for _ in _choices(part)) > BRANCH_LIMIT.bit_length():
            problem = Problem(
                "this comparison holds too many `? :` and `coalesce` to tell apart",
                leaf.span,
                "give parts of it names of their own, as segments",
            )
            raise RulesetError((problem,))

        def with_choice(value: Expression, i: int = i, choice: Expression = choice) -> Expression:
            return rebuild((*operands[:i], _replaced(operands[i], choice, value), *operands[i + 1 :]))

        match choice:
            case Conditional(condition, then, otherwise):
                return Conditional(condition, with_choice(then), with_choice(otherwise), BOOL, leaf.span)
            case Coalesce(choices):
                return _choose(choices, with_choice)
            case _:  # something true or false inside a value: `string(age > 18)`
                true, false = (with_choice(Constant(truth, BOOL, choice.span)) for truth in (True, False))
                return Conditional(choice, true, false, BOOL, leaf.span)
    return None


def _choose(operands: tuple[Expression, ...], use: Callable[[Expression], Expression]) -> Expression:
    """Return `use(first operand that is not null)` as conditionals over null tests."""
    first, *rest = operands
    if not rest:
        return use(first)
    assert isinstance(first, Attribute)
    otherwise = _choose(tuple(rest), use)
    return Conditional(IsNull(first, first.span), otherwise, use(first), BOOL, first.span)


def _first_choice(value: Expression, top: bool) -> Expression | None:
    """Return the first choice inside a value; numeric `coalesce` below arithmetic stays, registers have it."""
    match value:
        case Conditional():
            return value
        case Coalesce(operands):
            stays = not top and value.type in REGISTER_TYPES and _inner_choice(operands[-1]) is None
            return None if stays else value
        case Apply(_, inner) | ListOf(inner):
            return next((found for part in inner if (found := _inner_choice(part)) is not None), None)
    return None


def _inner_choice(value: Expression) -> Expression | None:
    if value.type is BOOL and not isinstance(value, Constant):
        return value
    return _first_choice(value, False)


def _choices(value: Expression) -> Iterator[Expression]:
    match value:
        case Conditional(_, then, otherwise):
            yield value
            yield from _choices(then)
            yield from _choices(otherwise)
        case Coalesce(operands):
            yield from operands[1:]
        case Apply(_, inner) | ListOf(inner):
            for part in inner:
                if part.type is BOOL and not isinstance(part, Constant):
                    yield part
                else:
                    yield from _choices(part)


def _replaced(value: Expression, old: Expression, new: Expression) -> Expression:
    if value is old:
        return new
    if isinstance(value, Apply):
        return replace(value, arguments=tuple(_replaced(part, old, new) for part in value.arguments))
    if isinstance(value, ListOf):
        return replace(value, items=tuple(_replaced(part, old, new) for part in value.items))
    return value


# --- kinds of sources


def _text(leaf: Expression) -> Atom:
    """Return a test of one string column."""
    path = next(attributes_of(leaf)).path
    return _truth_atom(TextTest(path, leaf, fine_print(leaf)))


def _is_bucket(value: Expression) -> bool:
    """Return whether a value is the bucket of a column: hashing each row costs less than finding equal strings."""
    return isinstance(value, Apply) and value.function == "bucket" and isinstance(value.arguments[0], Attribute)


def _truth_atom(source: Source) -> Atom:
    return Atom(source, Truths(TRUE_BIT), Truths(FALSE_BIT))


def _known_rest(true: Ranges) -> Ranges:
    """Return the known values outside `true`."""
    return Ranges(False, true.has_nan and not true.nan, not true.below, true.cuts, true.has_nan)


def _null_set(type_: object) -> ValueSet:
    if type_ is BOOL:
        return Truths(UNKNOWN_BIT)
    if type_ is STRING:
        return Names(frozenset(), False, True)
    return Ranges(True, False, False, (), type_ is DOUBLE)
