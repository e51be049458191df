"""Every operand of every operator decides: alone, it flips a rule's outcome, and without it the outcome is unknown.

This is modified condition/decision coverage of the language. What the language consists of is read from its own
tables, so a new operator or overload without such customers fails here.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace

import pytest

from fasttwitch.logic import nodes
from fasttwitch.logic.check import check
from fasttwitch.logic.datatypes import DECIMAL, StructType
from fasttwitch.syntax import nodes as syntax
from fasttwitch.syntax import parse
from tests.core.logic.typed_text import SCOPE
from tests.mcdc.language import Item, items
from tests.mcdc.table import constant, customers, load_pairs, outcomes

ITEMS = {item.key: item for item in items()}
PAIRS = load_pairs()


def test_the_table_lists_the_whole_language_and_nothing_else() -> None:
    """`python -m tests.mcdc.finding` looks for customers for what is new."""
    assert list(PAIRS) == list(ITEMS)


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_each_operand_alone_flips_the_outcome(item: Item) -> None:
    entry = PAIRS[item.key]
    assert entry.rule.startswith(item.text)
    assert list(entry.pairs) == list(item.operands)
    for operand, pair in entry.pairs.items():
        found = outcomes(entry.rule, customers(pair, operand, item.operands))
        assert found == pair.outcomes, (entry.rule, operand, pair)


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_each_pair_of_the_table_is_one(item: Item) -> None:
    """Two customers, one true and one false; null makes it unknown, but for the functions that see null."""
    for operand, pair in PAIRS[item.key].pairs.items():
        assert pair.row.get(operand) is not None
        if pair.instead is None:
            assert item.sees
            assert sorted(pair.outcomes) == ["F", "T"]
        elif item.sees:
            assert pair.outcomes in ("TFF", "FTT", "FTF", "TFT")
        else:
            assert pair.outcomes in ("TFU", "FTU")


def with_constants(tree: syntax.Expression, constants: Mapping[str, syntax.Expression]) -> syntax.Expression:
    """Return a tree with constants in the places of columns."""
    if isinstance(tree, syntax.Name):
        return constants.get(tree.name, tree)

    def changed(part: object) -> object:
        if isinstance(part, tuple):
            return tuple(map(changed, part))
        return with_constants(part, constants) if is_dataclass(part) else part  # type: ignore[arg-type]

    return replace(tree, **{each.name: changed(getattr(tree, each.name)) for each in fields(tree)})  # type: ignore[arg-type]


def foldable(item: Item) -> bool:
    """Return whether a rule may hold constants of the same types in the places of its operands."""
    kinds = list(item.operands.values())
    columns_only = item.sees or item.key.startswith(("coalesce", "segment", "list", "&&", "||", "!:"))
    adapts = item.key.startswith(("<", ">", "=", "!")) and kinds[0] != kinds[-1]  # `-7 < 3u` is refused
    return (
        not columns_only and not adapts and not any(kind is DECIMAL or isinstance(kind, StructType) for kind in kinds)
    )


FOLDABLE = {key: item for key, item in ITEMS.items() if foldable(item)}


@pytest.mark.parametrize("item", FOLDABLE.values(), ids=FOLDABLE)
def test_constants_have_the_outcome_of_customers(item: Item) -> None:
    """What is computed while a rule is checked is what would have been computed for a customer."""
    entry = PAIRS[item.key]
    for operand, pair in entry.pairs.items():
        for row, outcome in zip((pair.row, {**pair.row, operand: pair.instead}), pair.outcomes, strict=False):
            if set(row) != set(item.operands):
                continue  # a customer without one of the others
            constants = {name: parse(constant(row[name], kind)) for name, kind in item.operands.items()}
            found = check(with_constants(parse(entry.rule), constants), SCOPE)
            assert found == nodes.Constant(outcome == "T", found.type, (0, 0)), (entry.rule, row)
