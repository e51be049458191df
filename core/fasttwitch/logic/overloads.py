"""Calls of the catalogue's functions: which overload is meant, and what it makes of constants."""

from collections.abc import Mapping

from fasttwitch.library.formatting import format_text
from fasttwitch.logic import nodes
from fasttwitch.logic.catalogue import CATALOGUE, LIST_OPERATORS, METHOD, STRING_OPERATORS, Define, Function, Overload
from fasttwitch.logic.checking import WRONG, WRONG_PREDICATE, WRONG_TYPE, Checking, with_article
from fasttwitch.logic.coercion import settle
from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, DURATION, INT, STRING, UINT, ListType, MapType, Scalar, Type
from fasttwitch.logic.folding import fold_arithmetic, fold_negation
from fasttwitch.logic.instants import DAY, Refusal
from fasttwitch.logic.later import not_yet
from fasttwitch.logic.list_values import list_value
from fasttwitch.logic.patterns import matches
from fasttwitch.syntax import nodes as syntax


def overloaded(checking: Checking, tree: syntax.Call, name: str) -> nodes.Expression:
    """Return a call of a function of the catalogue; of constants alone, its result."""
    function = CATALOGUE[name]
    trees = operand_trees(tree, name)
    operands = [
        list_value(checking, each)
        if type(each) is syntax.ListOf and _takes_list(function, place)
        else checking.visit(each)
        for place, each in enumerate(trees)
    ]
    if any(operand.type is WRONG_TYPE for operand in operands):
        for place, each in enumerate(trees):
            _mend_unquoted(checking, function, place, each)
        return WRONG_PREDICATE if all(overload.result is BOOL for overload in function.overloads) else WRONG
    for place, (operand, each) in enumerate(zip(operands, trees, strict=True)):
        if is_list_column(operand) and _takes_list(function, place):
            return not_yet(checking, f"`{name}` of a {operand.type}", each.span)
    return applied(checking, tree, name, operands, trees)


def _mend_unquoted(checking: Checking, function: Function, place: int, tree: syntax.Expression) -> None:
    """Say of `at.getHours(Europe/Berlin)` and of `bucket(id, spring, 100)` that the constant needs quotes."""
    strings = any(place in each.constants and each.parameter(place) is STRING for each in function.overloads)
    names = (tree.left, tree.right) if type(tree) is syntax.Binary and tree.operator == "/" else (tree,)
    if not strings or not all(type(each) is syntax.Name for each in names):
        return
    mine = [one for one in checking.problems if one.span in [each.span for each in names]]
    if mine:
        words = checking.quote(tree)
        checking.problems[:] = [one for one in checking.problems if one not in mine]
        checking.problem(f"unknown name `{words}`", tree.span, f'did you mean the string `"{words}"`?')


def _usage(checking: Checking, function: Function, trees: tuple[syntax.Expression, ...]) -> str:
    """Return a call as the documentation writes it, of what the author calls it of."""
    usage = function.usage
    for start in ("x.", "at.", "v."):
        if function.form == METHOD and usage.startswith(start) and trees:
            return f"{checking.term(trees[0])}.{usage.removeprefix(start)}"
    for subject in ("bucket(customer_id", "startOfDay(at"):
        if usage.startswith(subject) and trees and type(trees[0]) in (syntax.Name, syntax.Member):
            return f"{subject.partition('(')[0]}({checking.quote(trees[0])}{usage.removeprefix(subject)}"
    return usage


def is_list_column(operand: nodes.Expression) -> bool:
    """Return whether an operand is a stored list: those that rules make are evaluated, stored ones not yet."""
    return type(operand) is nodes.Attribute and type(operand.type) in (ListType, MapType)


def operand_trees(tree: syntax.Call, name: str) -> tuple[syntax.Expression, ...]:
    """Return what a call is applied to: the receiver first, unless that is the name of a group of functions."""
    return tree.arguments if tree.receiver is None or "." in name else (tree.receiver, *tree.arguments)


def applied(
    checking: Checking,
    tree: syntax.Call,
    name: str,
    operands: list[nodes.Expression],
    trees: tuple[syntax.Expression, ...],
) -> nodes.Expression:
    """Return a function of operands that are all sound."""
    function = CATALOGUE[name]
    found = _chosen(function, operands, trees)
    if found is None:
        mixed = _extreme_of_mixed(name, operands, tree)
        return mixed or _no_overload(checking, tree, name, operands, trees)
    overload, settled = found
    for place, verify in overload.constants.items():
        constant = settled[place]
        if type(constant) is not nodes.Constant:
            words = checking.quote(trees[place])
            message = f"this argument of `{name}` must be a constant, and `{words}` is none"
            fix = f"write it like `{_usage(checking, function, trees)}`"
            if name == "bucket" and type(settled[0]) is nodes.Constant and place == 1 and len(trees) == 3:
                first, second, third = (checking.quote(each) for each in trees)
                fix = f"`bucket({second}, {first}, {third})`"
                return checking.problem(message, tree.span, fix)
            return checking.problem(message, trees[place].span, fix)
        refusal = verify(constant.value)
        if refusal is not None:
            return checking.refuse(refusal, trees[place].span)
    for place in POSITIONS.get(name, ()):
        position = settled[place] if place < len(settled) else None
        if type(position) is nodes.Constant and type(position.value) is int and position.value < 0:
            return checking.problem("places in a string count from 0", trees[place].span, "the first letter is at 0")
    if len(settled) == 1 and overload.result is settled[0].type and name in CASTS:
        return settled[0]  # `string(name)` of what is a string
    apply = nodes.Apply(name, tuple(settled), overload.result, tree.span)
    return folded(checking, apply, tree)


# Arguments that are places in a string.
POSITIONS = {"charAt": (1,), "substring": (1, 2), "indexOf": (2,), "lastIndexOf": (2,)}
CASTS = frozenset({"int", "uint", "double", "string", "bool", "timestamp", "date", "duration", "semver"})


def folded(checking: Checking, apply: nodes.Apply, tree: syntax.Expression) -> nodes.Expression:
    """Return the result of a function of constants; what varies stays as it is."""
    if not all(type(argument) is nodes.Constant for argument in apply.arguments):
        return apply
    value = define_of(apply)(*(argument.value for argument in apply.arguments))  # type: ignore[union-attr]
    if value is None:
        function = CATALOGUE.get(apply.function)
        failure = function.failure if function is not None else "has no result"
        message = f"`{checking.quote(tree)}` {failure}: it would be unknown for every customer"
        return checking.problem(message, tree.span)
    return nodes.Constant(value, apply.type, tree.span)


def overload_of(name: str, types: tuple[Type, ...]) -> Overload | None:
    """Return the overload of a function that takes exactly these types."""
    function = CATALOGUE.get(name)
    for overload in function.overloads if function is not None else ():
        if overload.takes(len(types)) and all(overload.parameter(place) == kind for place, kind in enumerate(types)):
            return overload
    return None


def define_of(apply: nodes.Apply) -> Define:
    """Return what a function of the typed tree does to values, None standing for unknown."""
    function, types = apply.function, tuple(argument.type for argument in apply.arguments)
    overload = overload_of(function, types)
    match function:
        case _ if overload is not None:
            return overload.define
        case _ if function in LIST_OPERATORS:
            return LIST_OPERATORS[function]
        case _ if function in STRING_OPERATORS and types == (STRING, STRING):
            return STRING_OPERATORS[function]
        case "format":
            return format_of(types)
        case "matches":
            return matches
        case _:
            return arithmetic_of(apply)


def format_of(types: tuple[Type, ...]) -> Define:
    """Return `pattern.format([values])` for values of these types, the pattern's first."""
    kinds = tuple(str(kind) for kind in types[1:])
    return lambda pattern, *values: format_text(str(pattern), values, kinds)


def arithmetic_of(apply: nodes.Apply) -> Define:
    """Return checked arithmetic on numbers and instants."""
    operator, result = apply.function, apply.type

    def define(*values: nodes.Value) -> nodes.Value | None:
        if operator == "negate":
            value = fold_negation(values[0], result)
        else:
            left, right = values
            if result is DATE:  # a day moves by whole days
                assert isinstance(right, int)
                right //= DAY
            value = fold_arithmetic(operator, left, right, result)
        return None if isinstance(value, Refusal) else value

    return define


def _chosen(
    function: Function, operands: list[nodes.Expression], trees: tuple[syntax.Expression, ...]
) -> tuple[Overload, list[nodes.Expression]] | None:
    """Return the first overload that takes the operands as they are, else the first that takes them once constants
    have become what it needs."""
    fitting = [overload for overload in function.overloads if overload.takes(len(operands))]
    for overload in fitting:
        if all(overload.parameter(place) == operand.type for place, operand in enumerate(operands)):
            return overload, operands
    for overload in fitting:
        settled = [
            _settled(operand, tree, overload.parameter(place))
            for place, (operand, tree) in enumerate(zip(operands, trees, strict=True))
        ]
        if all(each is not None for each in settled):
            return overload, settled  # type: ignore[return-value]
    return None


def _settled(node: nodes.Expression, tree: syntax.Expression, target: Type) -> nodes.Expression | None:
    """Return an argument as the parameter needs it: an int constant may become a uint or a double."""
    if node.type == target:
        return node
    if node.type is INT and (target is UINT or target is DOUBLE):
        settled = settle(node, tree, target)
        return None if isinstance(settled, Refusal) else settled
    if type(node) is nodes.Constant and node.value == () and type(target) is ListType:
        return nodes.Constant((), target, node.span)  # the empty list is a list of anything
    return None


def _takes_list(function: Function, place: int) -> bool:
    return any(
        (overload.takes(place + 1) and type(overload.parameter(place)) is ListType)
        or (len(overload.parameters) > place and type(overload.parameters[place]) is ListType)
        for overload in function.overloads
    )


def _extreme_of_mixed(name: str, operands: list[nodes.Expression], tree: syntax.Call) -> nodes.Expression | None:
    """Return the greatest or least of constants of several numeric types: the winner keeps its own."""
    if name not in ("math.greatest", "math.least") or not all(type(each) is nodes.Constant for each in operands):
        return None
    constants: list[nodes.Constant] = operands  # type: ignore[assignment]
    if len(operands) < 2 or not all(each.type in (INT, UINT, DOUBLE) for each in constants):
        return None
    define = CATALOGUE[name].overloads[0].define
    value = define(*(each.value for each in constants))
    winner = next(each for each in constants if each.value is value or each.value == value)
    return nodes.Constant(winner.value, winner.type, tree.span)


def _no_overload(
    checking: Checking,
    tree: syntax.Call,
    name: str,
    operands: list[nodes.Expression],
    trees: tuple[syntax.Expression, ...],
) -> nodes.Expression:
    """Note that a function does not take these types: the first argument that no overload takes gets the carets."""
    function = CATALOGUE[name]
    fitting = [overload for overload in function.overloads if overload.takes(len(operands))]
    if not fitting:
        return _wrong_count(checking, tree, name, function, trees)
    candidates = fitting
    for place, (operand, each) in enumerate(zip(operands, trees, strict=True)):
        left = [overload for overload in candidates if _settled(operand, each, overload.parameter(place)) is not None]
        if not left:
            words = checking.describe(operand, each)
            if name in CASTS and len(trees) == 1:
                message = f"cannot make {with_article(function.overloads[0].result)} of {words}"
            else:
                wanted = list(dict.fromkeys(str(overload.parameter(place)) for overload in candidates))
                message = f"`{name}` takes {_choice(wanted)} here, not {words}"
            if (mixed := _mixed(checking, name, tree, operands, trees)) is not None:
                return mixed
            fix = _fix(checking, candidates, name, operand, each, place)
            if not fix and not (name in CASTS and type(operand.type) is not Scalar):
                own = place > 0 or name == "join"  # a wrong receiver is no example
                fix = f"write it like `{_usage(checking, function, trees) if own else function.usage}`"
            whole = fix.startswith(("it is whole", "a day has no clock, so"))  # what is to be written for the call
            return checking.problem(message, tree.span if whole else each.span, fix)
        candidates = left
    raise AssertionError(f"an overload of `{name}` takes all of these")


def _wrong_count(
    checking: Checking, tree: syntax.Call, name: str, function: Function, trees: tuple[syntax.Expression, ...]
) -> nodes.Expression:
    """Note a call with too few or too many arguments."""
    count = len(trees)
    shift = 1 if function.form == METHOD else 0
    counts = sorted({len(overload.parameters) - shift for overload in function.overloads})
    variadic = any(overload.variadic for overload in function.overloads)
    if variadic:
        many = f"at least {_number(counts[0])}"
    elif counts[-1] > counts[0]:
        many = (
            f"{'one' if counts[0] == 1 else counts[0]} or {counts[-1]} arguments"
            if counts[0]
            else "at most one argument"
        )
    else:
        many = _number(counts[0])
    fix = f"write it like `{_usage(checking, function, trees)}`"
    if name == "math.round" and count == 2 and type(trees[1]) is syntax.Constant and trees[1].value in range(1, 10):
        factor = f"{10 ** int(str(trees[1].value))}.0"
        fix = f"`math.round({checking.term(trees[0])} * {factor}) / {factor}`"
    return checking.problem(f"`{name}` takes {many}, not {count - shift}", tree.span, fix)


def _number(count: int) -> str:
    return "no argument" if count == 0 else "one argument" if count == 1 else f"{count} arguments"


def _choice(kinds: list[str]) -> str:
    articled = [f"an {kind}" if kind == "int" else f"a {kind}" for kind in kinds]
    return articled[0] if len(articled) == 1 else ", ".join(articled[:-1]) + " or " + articled[-1]


# Conversions that an author may well have meant, by the type that there is.
BRIDGES = {
    "int": ("double", "string"),
    "uint": ("int", "double", "string"),
    "double": ("string",),
    "bool": ("string",),
    "duration": ("string",),
    "decimal": ("double", "string"),
    "string": ("semver", "int"),
    "date": ("timestamp", "string"),
    "timestamp": ("date", "string"),
}


def _fix(
    checking: Checking,
    candidates: list[Overload],
    name: str,
    operand: nodes.Expression,
    tree: syntax.Expression,
    place: int,
) -> str:
    """Return the argument converted to what is wanted, "" where nothing does that."""
    words, wanted = checking.quote(tree), {str(overload.parameter(place)) for overload in candidates}
    if name in WRONG_CASTS and (advice := WRONG_CASTS[name].get(operand.type)):
        return advice.format(words)
    if operand.type is BOOL and "int" in wanted and name != "bucket":
        return f"say which numbers: `{checking.term(tree)} ? 1 : 0`"
    if operand.type is DURATION and "int" in wanted:
        return f"say the unit: `{checking.term(tree)}.getSeconds()`"
    if name in ROUNDINGS and operand.type in (INT, UINT):
        return f"it is whole as it is: `{words}`"
    if type(operand) is nodes.Constant:
        return ""
    if operand.type is DATE and name in CLOCK_PARTS:
        return "a day has no clock"
    if (
        operand.type is DATE
        and name in DAY_PARTS
        and any(str(overload.parameter(1)) == "string" for overload in candidates if place == 0)
    ):
        return (
            f"a day has no clock, so leave the zone out: `{checking.term(tree)}.{name}()`" if name in DAY_PARTS else ""
        )
    bridge = next((cast for cast in BRIDGES.get(str(operand.type), ()) if cast in wanted), None)
    return f"convert it: `{bridge}({words})`" if bridge is not None else ""


CLOCK_PARTS = frozenset(("getHours", "getMinutes", "getSeconds", "getMilliseconds"))
# What people mean by casts that do not exist, where converting to a string first would only make it unknown.
WRONG_CASTS: Mapping[str, Mapping[Type, str]] = {
    "bool": {INT: "compare it: `{0} != 0`", UINT: "compare it: `{0} != 0`", DOUBLE: "compare it: `{0} != 0.0`"},
    "timestamp": {DOUBLE: "if it counts seconds since 1970: `timestamp(int({0}))`"},
    "date": {
        INT: "if it counts seconds since 1970: `date(timestamp({0}))`",
        DOUBLE: "if it counts seconds since 1970: `date(timestamp(int({0})))`",
    },
    "semver": {INT: "a version is a text with three numbers", DOUBLE: "a version is a text with three numbers"},
}
ROUNDINGS = frozenset({"math.ceil", "math.floor", "math.round", "math.trunc"})
DAY_PARTS = frozenset(
    name
    for name, function in CATALOGUE.items()
    if any(overload.parameters == (DATE,) for overload in function.overloads)
)


def _mixed(
    checking: Checking,
    name: str,
    tree: syntax.Call,
    operands: list[nodes.Expression],
    trees: tuple[syntax.Expression, ...],
) -> nodes.Expression | None:
    """Note numbers of two types, with the one that should become a double; None where that is not what is wrong."""
    kinds = [operand.type for operand in operands]
    if len(set(kinds)) < 2 or not all(kind in (INT, UINT, DOUBLE) for kind in kinds):
        return None
    other = next(place for place, kind in enumerate(kinds) if kind is not kinds[0])
    first, second = checking.describe(operands[0], trees[0]), checking.describe(operands[other], trees[other])
    target = "double" if DOUBLE in kinds else "int"
    place = next(place for place, kind in enumerate(kinds) if str(kind) != target)
    fix = f"write `{target}({checking.quote(trees[place])})`"
    return checking.problem(f"`{name}` needs numbers of one type, but they are {first} and {second}", tree.span, fix)
