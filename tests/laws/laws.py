"""Laws of Kleene's logic, as rewritings of rules that must not change an answer, and what must hold of any answer.

Nothing here knows what a rule should say: the engine is held against itself. A rule's answer is read from two masks, of
the rule and of its negation; where neither is set it is unknown.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import fasttwitch as ft
from fasttwitch.syntax import parse, print_expression
from fasttwitch.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Index,
    ListOf,
    Logical,
    Unary,
)
from tests.generators.trials import Trial
from tests.oracle.instants import moment

Trees: TypeAlias = Mapping[str, Expression]
Rewriting: TypeAlias = Callable[[Expression, Trees, Random], Expression]
Masks: TypeAlias = Mapping[str, NDArray[np.bool_]]

OTHER = {"&&": "||", "||": "&&"}
MOST_PARTS = 1500  # of the 2,000 that a rule may have
PLACE = (0, 0)
# Calls and tests that see nulls: what holds may cease to hold when a cell becomes null.
SEES_NULLS = {"has", "coalesce", "isTrue", "isKnown"}


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that does not hold.

    law   what was expected
    rule  text of the rule
    row   first row that breaks it
    """

    law: str
    rule: str
    row: int


def breaches(trial: Trial, random: Random, laws: Mapping[str, Rewriting]) -> list[Breach]:
    """Return where the engine breaks a law, over all rules and rows of a trial."""
    trees = {name: parse(text) for name, text in trial.rules.items()}
    segments = asked(trial.rules)
    rewritten: dict[tuple[str, str], str] = {}
    for law, rewriting in laws.items():
        for name, tree in trees.items():
            changed = rewriting(tree, trees, random)
            if size(changed) <= MOST_PARTS:
                rewritten[law, name] = print_expression(changed)
    for (law, name), text in rewritten.items():
        segments[f"{law}-{name}"] = text
        segments[f"not-{law}-{name}"] = f"!({text})"
    masks = select(trial, segments, trial.table)
    found = [*not_partitioned(trial, masks)]
    for law, name in rewritten:
        for prefix in ("", "not-"):
            different = np.flatnonzero(masks[f"{prefix}{name}"] != masks[f"{prefix}{law}-{name}"])
            if different.size:
                found.append(Breach(law, trial.rules[name], int(different[0])))
    return found


def asked(rules: Mapping[str, str]) -> dict[str, str]:
    """Return the rules, their negations, and where they are not known."""
    segments = dict(rules)
    for name, text in rules.items():
        segments[f"not-{name}"] = f"!({text})"
        segments[f"unknown-{name}"] = f"!isKnown({text})"
    return segments


def select(trial: Trial, segments: Mapping[str, str], table: pa.Table) -> Masks:
    """Return the mask of every segment."""
    ruleset = ft.load_ruleset({**trial.document, "segments": dict(segments)})
    audiences = ft.compile(ruleset, trial.shape.schema).select(table, now=moment(trial.shape.now), threads=1)
    return {name: audiences.mask(name).to_numpy(zero_copy_only=False) for name in segments}


def not_partitioned(trial: Trial, masks: Masks) -> Iterator[Breach]:
    """Yield rules whose answers do not part the rows into true, false and unknown ones."""
    for name, text in trial.rules.items():
        times = sum(masks[f"{prefix}{name}"].astype(int) for prefix in ("", "not-", "unknown-"))
        wrong = np.flatnonzero(times != 1)
        if wrong.size:
            yield Breach("a rule is true, false or unknown", text, int(wrong[0]))


def nulling_breaches(trial: Trial, random: Random) -> list[Breach]:
    """Return rules that a null made true or false where they were not, one random cell nulled in each row."""
    trees = {name: parse(text) for name, text in trial.rules.items()}
    names = [name for name, tree in trees.items() if not sees_nulls(inlined(tree, trees, random))]
    segments = {**trial.rules, **{f"not-{name}": f'!segment("{name}")' for name in names}}
    before = select(trial, segments, trial.table)
    after = select(trial, segments, with_nulled_cells(trial.table, random))
    found = []
    for name in names:
        for prefix in ("", "not-"):
            gained = np.flatnonzero(after[f"{prefix}{name}"] & ~before[f"{prefix}{name}"])
            if gained.size:
                found.append(Breach("a null only makes unknown", trial.rules[name], int(gained[0])))
    return found


def with_nulled_cells(table: pa.Table, random: Random) -> pa.Table:
    """Return the table with one cell of every row made null."""
    chosen = np.array([random.randrange(table.num_columns) for _ in range(table.num_rows)], dtype=np.int64)
    columns = []
    for place, column in enumerate(table.columns):
        starts = np.cumsum([0, *(len(chunk) for chunk in column.chunks)])
        chunks = [
            nulled(chunk, chosen[start : start + len(chunk)] == place)
            for chunk, start in zip(column.chunks, starts, strict=False)
        ]
        columns.append(pa.chunked_array(chunks, type=column.type))
    return pa.table(columns, schema=table.schema)


def nulled(array: pa.Array, chosen: NDArray[np.bool_]) -> pa.Array:
    """Return an array with null in the chosen rows; what lay there still lies under the nulls."""
    valid = array.is_valid().to_numpy(zero_copy_only=False) & ~chosen
    if pa.types.is_struct(array.type):
        children = [array.field(place) for place in range(array.type.num_fields)]
        return pa.StructArray.from_arrays(children, fields=list(array.type), mask=pa.array(~valid))
    if pa.types.is_dictionary(array.type):
        indices = nulled(array.indices, chosen)
        return pa.DictionaryArray.from_arrays(indices, array.dictionary, safe=False)
    before = np.zeros(array.offset, dtype=bool)
    bitmap = np.packbits(np.concatenate([before, valid]), bitorder="little")
    buffers = [pa.py_buffer(bitmap.tobytes()), *array.buffers()[1:]]
    return pa.Array.from_buffers(array.type, len(array), buffers, offset=array.offset)


def sees_nulls(tree: Expression) -> bool:
    """Return whether something in a tree tells null from other values."""
    match tree:
        case Call(function) if function in SEES_NULLS:
            return True
        case Constant("null"):
            return True
    return any(map(sees_nulls, parts(tree)))


def de_morgan(tree: Expression, trees: Trees, random: Random) -> Expression:
    """Return the rule with each AND said by OR and NOT, and the other way round."""

    def change(node: Expression) -> Expression:
        match node:
            case Logical(operator, operands):
                return negated(Logical(OTHER[operator], tuple(map(negated, operands)), PLACE))
        return node

    return rebuilt(tree, change)


def double_negation(tree: Expression, trees: Trees, random: Random) -> Expression:
    """Return the rule with every AND, OR and comparison, and the whole, negated twice."""

    def change(node: Expression) -> Expression:
        relation = isinstance(node, Binary) and node.operator in ("<", "<=", ">", ">=", "==", "!=", "in")
        return negated(negated(node)) if relation or isinstance(node, Logical) else node

    return negated(negated(rebuilt(tree, change)))


def permutation(tree: Expression, trees: Trees, random: Random) -> Expression:
    """Return the rule with the operands of every AND and OR in another order."""

    def change(node: Expression) -> Expression:
        if isinstance(node, Logical):
            return replace(node, operands=tuple(random.sample(node.operands, len(node.operands))))
        return node

    return rebuilt(tree, change)


def inlined(tree: Expression, trees: Trees, random: Random) -> Expression:
    """Return the rule with every segment replaced by its text."""

    def change(node: Expression) -> Expression:
        match node:
            case Call("segment", None, (Constant("string", str(name)),)):
                return inlined(trees[name], trees, random)
        return node

    return rebuilt(tree, change)


LAWS: Mapping[str, Rewriting] = {
    "de-morgan": de_morgan,
    "double-negation": double_negation,
    "permutation": permutation,
    "inlining": inlined,
}


def negated(tree: Expression) -> Expression:
    """Return NOT of a predicate."""
    return Unary("!", tree, PLACE)


def rebuilt(tree: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return the tree with every node changed, parts first."""

    def below(node: Expression) -> Expression:
        return rebuilt(node, change)

    match tree:
        case Unary(_, operand):
            return change(replace(tree, operand=below(operand)))
        case Binary(_, left, right):
            return change(replace(tree, left=below(left), right=below(right)))
        case Logical(_, operands):
            return change(replace(tree, operands=tuple(map(below, operands))))
        case Conditional(condition, then, otherwise):
            return change(replace(tree, condition=below(condition), then=below(then), otherwise=below(otherwise)))
        case Call(_, receiver, arguments):
            return change(replace(tree, receiver=receiver and below(receiver), arguments=tuple(map(below, arguments))))
        case Index(operand, index):
            return change(replace(tree, operand=below(operand), index=below(index)))
        case ListOf(items):
            return change(replace(tree, items=tuple(map(below, items))))
        case _:
            return change(tree)


def parts(tree: Expression) -> tuple[Expression, ...]:
    """Return the operands of a tree."""
    match tree:
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return left, right
        case Logical(_, operands):
            return operands
        case Conditional(condition, then, otherwise):
            return condition, then, otherwise
        case Call(_, receiver, arguments):
            return arguments if receiver is None else (receiver, *arguments)
        case Index(operand, index):
            return operand, index
        case ListOf(items):
            return items
        case _:
            return ()


def size(tree: Expression) -> int:
    """Return the number of parts of a tree."""
    return 1 + sum(map(size, parts(tree)))
