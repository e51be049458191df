"""`x in [constants]` and `x in list("name")`."""

from fasttwitch.logic import nodes
from fasttwitch.logic.advice import constant_fix, mend_bare_word, named_part
from fasttwitch.logic.checking import WRONG_PREDICATE, WRONG_TYPE, Checking, quoted
from fasttwitch.logic.coercion import coerce_operand
from fasttwitch.logic.comparison import computed_list
from fasttwitch.logic.datatypes import BOOL, DOUBLE, INT, STRING, UINT, ListType, MapType, Scalar, Type
from fasttwitch.logic.folding import RANGES, fold_comparison
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.later import not_yet
from fasttwitch.logic.names import nearest
from fasttwitch.logic.overloads import folded
from fasttwitch.logic.scope import NamedList
from fasttwitch.logic.truth import as_string
from fasttwitch.syntax import nodes as syntax

LONGEST_LIST = 100_000
MOST_PROBLEMS = 3  # of one list: whoever quoted all numbers wants to hear it once, not a thousand times
_NUMBERS = (INT, UINT, DOUBLE)


def membership(checking: Checking, tree: syntax.Binary) -> nodes.Expression:
    """Return `left in right`; constants have the type of the left side, each stands once."""
    operand = checking.visit(tree.left)
    kind = operand.type
    if type(kind) is not Scalar:
        words, fix = checking.describe(operand, tree.left), ""
        if type(kind) is ListType and type(tree.right) is syntax.ListOf and len(tree.right.items) <= 4:
            looks = (f"{checking.side(item)} in {checking.quote(tree.left)}" for item in tree.right.items)
            fix = f"`{' || '.join(looks)}`"
        checking.problem(f"cannot look up {words} in a list", tree.left.span, fix)
        return WRONG_PREDICATE
    right = tree.right
    name = ""
    if type(right) is syntax.ListOf:
        values = _values(checking, tree, operand, right)
    elif type(right) is syntax.Call and right.function == "list" and right.receiver is None:
        found = _named_list(checking, right)
        if found is None:
            return WRONG_PREDICATE
        name, named = found
        values = _named_values(checking, tree, operand, name, named)
    else:
        return _no_list(checking, tree, operand)
    if values is None:
        return WRONG_PREDICATE
    if type(operand) is nodes.Constant:
        value = operand.value
        return nodes.Constant(any(fold_comparison("==", value, each) for each in values), BOOL, tree.span)
    return nodes.In(operand, values, name, tree.span)


def _values(
    checking: Checking, tree: syntax.Binary, operand: nodes.Expression, right: syntax.ListOf
) -> tuple[nodes.Value, ...] | None:
    """Return the constants of a list in the rule; None after noting what is wrong with them."""
    kind = operand.type
    wanted = str(kind)
    items = right.items
    if len(items) > LONGEST_LIST:
        fix = 'put them into a named list: `x in list("name")`'
        checking.problem(f"a list in a rule holds at most {LONGEST_LIST:,} constants", right.span, fix)
        return None
    ready: list[nodes.Value] = [
        item.value  # type: ignore[misc]  # an item of the operand's own kind needs no conversion
        for item in items
        if type(item) is syntax.Constant and item.kind == wanted
    ]
    if len(ready) == len(items):
        return tuple(dict.fromkeys(ready))
    values: list[nodes.Value] = []
    told = len(checking.problems) + MOST_PROBLEMS
    for item in items:
        value = _value(checking, tree, operand, item)
        if value is not None:
            values.append(value)
        elif len(checking.problems) >= told:
            return None
    if len(values) < len(items) or _mixed(checking, items):
        return None
    return _distinct(values, kind)


def _value(
    checking: Checking, tree: syntax.Binary, operand: nodes.Expression, item: syntax.Expression
) -> nodes.Value | None:
    """Return one item as the operand needs it; None after noting what is wrong with it."""
    kind = operand.type
    if type(item) is syntax.Constant and item.kind == "null":
        _null_item(checking, tree, item)
        return None
    constant = checking.visit(item)
    if constant.type is WRONG_TYPE:
        mend_bare_word(checking, item, operand)
        return None
    if kind is WRONG_TYPE:
        return None
    if type(constant) is not nodes.Constant:
        _no_constant(checking, tree, item)
        return None
    coerced = coerce_operand(constant, item, kind)
    if coerced is None and kind in _NUMBERS and constant.type in _NUMBERS:
        return constant.value
    if isinstance(coerced, nodes.Constant):
        return coerced.value
    if coerced is None:
        _odd_item(checking, tree, operand, constant, item)
    else:
        checking.refuse(coerced, item.span)
    return None


def _mixed(checking: Checking, items: tuple[syntax.Expression, ...]) -> bool:
    """Note a list of doubles and uints, and return whether it is one; an int may stand among either."""
    first = ""
    for item in items:
        if type(item) is syntax.Constant and item.kind in ("uint", "double"):
            first = first or item.kind
            if item.kind != first:
                message = (
                    f"a list holds constants of one type, and the {item.kind} `{checking.quote(item)}` is no {first}"
                )
                fix = f"`{checking.quote(item)[:-1]}.0`" if item.kind == "uint" else ""
                checking.problem(message, item.span, fix)
                return True
    return False


def _distinct(values: list[nodes.Value], kind: Type) -> tuple[nodes.Value, ...]:
    """Return constants once each; to be met by an int or a uint, as that type where it holds them.

    Left out is what no int or no uint ever meets: 2.5, or a number out of range.
    """
    if kind is not INT and kind is not UINT:
        return tuple(dict.fromkeys(values))
    lowest, highest = RANGES[kind]
    whole: dict[int, None] = {}
    wide: dict[float, None] = {}  # several ints convert to one of these doubles, so it stays a double
    for value in values:
        assert isinstance(value, int | float)
        if isinstance(value, float) and abs(value) >= 2**53:
            wide[value] = None
        elif value == value and value == int(value) and lowest <= value <= highest:
            whole[int(value)] = None
    return (*whole, *wide)


def _named_list(checking: Checking, tree: syntax.Call) -> tuple[str, NamedList] | None:
    """Return the list that `list("name")` names; None after noting that there is none."""
    argument = tree.arguments[0] if len(tree.arguments) == 1 else None
    if type(argument) is not syntax.Constant or type(argument.value) is not str:
        bare = tree.arguments[0].name if type(tree.arguments[0] if tree.arguments else None) is syntax.Name else "name"  # type: ignore[union-attr]
        checking.problem("`list` needs the name of a list", tree.span, f'write it like `list("{bare}")`')
        return None
    found = checking.scope.lists.get(argument.value)
    if found is None:
        suggestion = nearest(argument.value, checking.scope.lists)
        fix = f'did you mean `list("{suggestion}")`?' if suggestion else ""
        checking.problem(f'unknown list `"{argument.value}"`', argument.span, fix)
        return None
    return argument.value, found


def _named_values(
    checking: Checking, tree: syntax.Binary, operand: nodes.Expression, name: str, named: NamedList
) -> tuple[nodes.Value, ...] | None:
    """Return the constants of a named list as the operand needs them; None after noting that they do not fit."""
    kind = operand.type
    if named.type is kind:
        return named.values
    if kind is WRONG_TYPE:
        return None
    values: list[nodes.Value] = []
    for value in named.values:
        constant = nodes.Constant(value, named.type, tree.right.span)
        text = value if isinstance(value, str) else repr(value)
        coerced = coerce_operand(constant, syntax.Constant("double", value, (0, 0), text), kind)  # type: ignore[arg-type]
        if coerced is None and kind in _NUMBERS and named.type in _NUMBERS:
            coerced = constant
        if isinstance(coerced, Refusal):
            checking.problem(f'{coerced.message} (in the list `"{name}"`)', tree.right.span, coerced.fix)
            return None
        if coerced is None:
            words = checking.describe(operand, tree.left)
            # A column of text may hold numbers: ids in CSV are text, so that they keep their zeros.
            cast = "string" if named.type is STRING else str(named.type) if kind is STRING else ""
            fix = f"`{cast}({checking.quote(tree.left)}) in {checking.quote(tree.right)}`" if cast else ""
            checking.problem(f'{words} cannot be in the list `"{name}"` of type {named.type}', tree.right.span, fix)
            return None
        values.append(coerced.value)
    return _distinct(values, kind)


def _null_item(checking: Checking, tree: syntax.Binary, item: syntax.Constant) -> None:
    """Note `x in [a, null]`, which would be unknown where the author expects true."""
    words = checking.side(tree.left)
    assert type(tree.right) is syntax.ListOf
    others = [other for other in tree.right.items if not (type(other) is syntax.Constant and other.kind == "null")]
    rest = ", ".join(checking.quote(other) for other in others[:4]) + (", …" if len(others) > 4 else "")
    fix = f"`{words} == null || {words} in [{rest}]`" if others else f"`{words} == null`"
    checking.problem("a list holds no null", item.span, fix)


def _no_constant(checking: Checking, tree: syntax.Binary, item: syntax.Expression) -> None:
    """Note `x in [a, b]` of columns."""
    assert type(tree.right) is syntax.ListOf
    words = checking.side(tree.left)
    fix = ""
    if len(tree.right.items) <= 4:
        fix = "`" + " || ".join(f"{words} == {checking.quote(each)}" for each in tree.right.items) + "`"
    checking.problem(f"a list in a rule holds constants only, and `{checking.quote(item)}` is none", item.span, fix)


def _odd_item(
    checking: Checking,
    tree: syntax.Binary,
    operand: nodes.Expression,
    constant: nodes.Constant,
    item: syntax.Expression,
) -> None:
    """Note the first item that is not of the operand's type."""
    advice = constant_fix(constant, checking.quote(item), operand.type)
    fix = f"{advice[0]}: `{advice[1]}`" if advice else ""
    if (number := named_part(constant.value, operand)) is not None:
        fix = f"they are numbers, from 0: `{number}`"
    words, odd = checking.describe(operand, tree.left), checking.describe(constant, item)
    checking.problem(f"cannot look for {words} in a list that holds {odd}", item.span, fix)


def _no_list(checking: Checking, tree: syntax.Binary, operand: nodes.Expression) -> nodes.Expression:
    """Note that the right side of `in` is no list that this version can look into."""
    right_tree = tree.right
    words = checking.side(tree.left)
    if type(right_tree) is syntax.Name and right_tree.name in checking.scope.lists:
        fix = f'`{words} in list("{right_tree.name}")`'
        checking.problem(f"`{right_tree.name}` is a named list", right_tree.span, fix)
        return WRONG_PREDICATE
    if type(right_tree) is syntax.Call and right_tree.function == "range" and len(right_tree.arguments) == 2:
        low, high = (checking.quote(each) for each in right_tree.arguments)
        fix = f"`{words} >= {low} && {words} < {high}`"
        checking.problem("a range is written as two comparisons", tree.span, fix)
        return WRONG_PREDICATE
    right = checking.visit(right_tree)
    if right.type is WRONG_TYPE:
        return WRONG_PREDICATE
    if computed_list(right):
        return _in_computed(checking, tree, operand, right)
    if type(right.type) is ListType or type(right.type) is MapType:
        not_yet(checking, f"`in` a column of type {right.type}", tree.span)
        return WRONG_PREDICATE
    fix = f"`{words} in [{checking.quote(right_tree)}]`"
    if right.type is STRING and type(right) is nodes.Constant and right.value in checking.scope.lists:
        fix = f'`{words} in list("{right.value}")`'
    elif right.type is STRING and type(right) is nodes.Constant and "," in str(right.value):
        fix = f"`{words} in [{', '.join(quoted(part.strip()) for part in str(right.value).split(','))}]`"
    elif right.type is STRING and type(right) is not nodes.Constant:
        fix = f"`{checking.quote(right_tree)}.contains({words})`"
    checking.problem(f"`in` needs a list, not {checking.describe(right, right_tree)}", right_tree.span, fix)
    return WRONG_PREDICATE


def _in_computed(
    checking: Checking, tree: syntax.Binary, operand: nodes.Expression, right: nodes.Expression
) -> nodes.Expression:
    """Return `x in text.split(",")`."""
    assert type(right.type) is ListType
    if operand.type is not right.type.element:
        words = checking.describe(operand, tree.left)
        fix = f"convert it: `{as_string(checking, tree.left)}`" if right.type.element is STRING else ""
        checking.problem(f"cannot look for {words} in a {right.type}", tree.left.span, fix)
        return WRONG_PREDICATE
    return folded(checking, nodes.Apply("in", (operand, right), BOOL, tree.span), tree)
