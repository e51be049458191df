"""Every operand of every operator decides: alone, it flips a rule's outcome, and without it the outcome is unknown.

This is modified condition/decision coverage of the language. What the language consists of is read from its own
tables, so a new operator or overload without such customers fails here.
"""

import pytest

from tests.mcdc.language import Item, items
from tests.mcdc.table import customers, load_pairs, outcomes

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
