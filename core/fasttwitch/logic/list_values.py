"""Lists as values: `[a, b]` where a function takes a list, and `split(…)[0]`."""

from fasttwitch.logic import nodes
from fasttwitch.logic.checking import WRONG, WRONG_TYPE, Checking
from fasttwitch.logic.datatypes import INT, STRING, ListType, MapType, StructType
from fasttwitch.logic.later import not_yet
from fasttwitch.logic.truth import one_type
from fasttwitch.syntax import nodes as syntax


def list_value(checking: Checking, tree: syntax.ListOf) -> nodes.Expression:
    """Return a list whose items have one type; of constants alone, a constant."""
    items = [checking.visit(item) for item in tree.items]
    if any(item.type is WRONG_TYPE for item in items):
        return WRONG
    if not items:
        return nodes.Constant((), ListType(STRING), tree.span)
    agreed = one_type(checking, items, tree.items, "the items of a list")
    if agreed is None:
        return WRONG
    kind = ListType(agreed[0].type)
    if all(type(item) is nodes.Constant for item in agreed):
        return nodes.Constant(tuple(item.value for item in agreed), kind, tree.span)  # type: ignore[union-attr]
    return nodes.ListOf(tuple(agreed), kind, tree.span)


def index(checking: Checking, tree: syntax.Index) -> nodes.Expression:
    """Return `list[index]` of a list that the rule makes."""
    operand_tree = tree.operand
    operand = (
        list_value(checking, operand_tree) if type(operand_tree) is syntax.ListOf else checking.visit(operand_tree)
    )
    place = checking.visit(tree.index)
    if operand.type is WRONG_TYPE or place.type is WRONG_TYPE:
        return WRONG
    if type(operand.type) is MapType or (type(operand.type) is ListType and type(operand) is nodes.Attribute):
        return not_yet(checking, f"`[…]` on a {operand.type}", tree.span)
    if type(operand.type) is not ListType:
        words = checking.term(operand_tree)
        fix = f"`{words}.charAt({checking.quote(tree.index)})`" if operand.type is STRING else ""
        if type(operand.type) is StructType and type(place) is nodes.Constant and type(place.value) is str:
            fix = f"`{words}.{place.value}`"
        words = checking.describe(operand, operand_tree)
        return checking.problem(f"only lists and maps take `[…]`, not {words}", tree.span, fix)
    if place.type is not INT:
        words = checking.describe(place, tree.index)
        return checking.problem(f"the place in a list is an int, not {words}", tree.index.span, "the first is `[0]`")
    if type(place) is nodes.Constant and type(place.value) is int and place.value < 0:
        words = checking.quote(operand_tree)
        last = (
            f"the last is `{words}[{words}.size() - {-place.value}]`"
            if len(words) <= 30 and type(operand) is not nodes.Constant
            else "the first is `[0]`"
        )
        return checking.problem("places in a list count from 0", tree.span, last)
    kind = operand.type.element
    if type(operand) is nodes.Constant and type(place) is nodes.Constant:
        assert isinstance(operand.value, tuple)
        assert isinstance(place.value, int)
        if not 0 <= place.value < len(operand.value):
            return checking.problem("the list has no such place", tree.index.span, "the first is `[0]`")
        value: nodes.Value = operand.value[place.value]  # type: ignore[assignment]
        return nodes.Constant(value, kind, tree.span)
    return nodes.Apply("[]", (operand, place), kind, tree.span)
