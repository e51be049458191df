"""Calls: the functions that have a typing rule of their own; all others are in the catalogue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fasttwitch.library.formatting import accepts, read_format
from fasttwitch.logic import nodes
from fasttwitch.logic.catalogue import CATALOGUE, EITHER, FUNCTION, METHOD
from fasttwitch.logic.checking import WRONG, WRONG_PREDICATE, WRONG_TYPE, Checking
from fasttwitch.logic.comparison import column, computed_list
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DOUBLE,
    DURATION,
    INT,
    SEMVER,
    STRING,
    TIMESTAMP,
    ListType,
    MapType,
    Scalar,
)
from fasttwitch.logic.folding import RANGES
from fasttwitch.logic.instants import (
    DAY,
    HOUR,
    MINUTE,
    Refusal,
    duration_words,
    read_date,
    read_duration,
    read_timestamp,
)
from fasttwitch.logic.later import not_yet
from fasttwitch.logic.list_values import list_value
from fasttwitch.logic.misspelt import unknown_function, wrong_shape
from fasttwitch.logic.names import nearest
from fasttwitch.logic.overloads import folded, is_list_column, overloaded
from fasttwitch.logic.patterns import read_pattern
from fasttwitch.logic.truth import not_a_bool, one_type
from fasttwitch.logic.versions import read_version
from fasttwitch.syntax import nodes as syntax


@dataclass(frozen=True, slots=True)
class Shape:
    """How a function is called.

    form         METHOD for `x.f(…)`, FUNCTION for `f(…)`, or EITHER
    least, most  number of arguments, the receiver among them
    usage        the call as the documentation writes it
    rule         types a call of this shape
    """

    form: str
    least: int
    most: int
    usage: str
    rule: Callable[[Checking, syntax.Call], nodes.Expression]


def call(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return a call of a known function in its right shape."""
    receiver = tree.receiver
    name = tree.function
    if type(receiver) is syntax.Name and receiver.name in GROUPS and receiver.name not in checking.scope.attributes:
        name = f"{receiver.name}.{name}"
    shape = FUNCTIONS.get(name)
    if shape is None:
        function = CATALOGUE.get(name)
        if function is None:
            return unknown_function(checking, tree, KNOWN)
        if "." not in name and (receiver is None) != (function.form is FUNCTION):
            return wrong_shape(checking, tree, function.usage, method=function.form is METHOD)
        return overloaded(checking, tree, name)
    form = shape.form
    count = len(tree.arguments) + (receiver is not None)
    if (form is METHOD and receiver is None) or (form is FUNCTION and receiver is not None):
        return wrong_shape(checking, tree, shape.usage, method=form is METHOD)
    if not shape.least <= count <= shape.most:
        return wrong_count(checking, tree, shape)
    return shape.rule(checking, tree)


def wrong_count(checking: Checking, tree: syntax.Call, shape: Shape) -> nodes.Expression:
    """Note a call with too few or too many arguments."""
    least = shape.least - (tree.receiver is not None)
    many = "no argument" if least == 0 else "one argument" if least == 1 else f"{least} arguments"
    few = "at least " if shape.most > shape.least + 1 else ""
    if shape.most == shape.least + 1:
        many = f"{'one' if least == 1 else least} or {least + 1} arguments"
    message = f"`{tree.function}` takes {few}{many}, not {len(tree.arguments)}"
    if tree.function in ("date", "timestamp") and (day := _day_of_parts(tree)):
        return checking.problem(message, tree.span, f'`{tree.function}("{day}")`')
    if tree.receiver is None:
        return checking.problem(message, tree.span, f"write it like `{shape.usage}`")
    words = checking.term(tree.receiver)
    if tree.function in STRING_TESTS and (strings := _alternatives(syntax.ListOf(tree.arguments, tree.span))):
        fix = " || ".join(f"{words}.{tree.function}({checking.quote(each)})" for each in strings)
        return checking.problem(message, tree.span, f"repeat it: `{fix}`")
    if shape.usage.startswith("x."):
        words = f"{words}{shape.usage[1:]}"
    return checking.problem(
        message, tree.span, f"write it like `{words if shape.usage.startswith('x.') else shape.usage}`"
    )


def _day_of_parts(tree: syntax.Call) -> str:
    """Return the day of `date(2026, 1, 31)`, "" of any other call."""
    numbers = [each.value for each in tree.arguments[:3] if type(each) is syntax.Constant and type(each.value) is int]
    if len(numbers) != 3 or len(tree.arguments) != 3:
        return ""
    day = "{:04d}-{:02d}-{:02d}".format(*numbers)
    return "" if isinstance(read_date(day), Refusal) else day


def string_test(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return `x.startsWith("a")`, or its like."""
    assert tree.receiver is not None
    name, argument_tree = tree.function, tree.arguments[0]
    if alternatives := _alternatives(argument_tree):
        words = checking.term(tree.receiver)
        fix = " || ".join(f"{words}.{name}({checking.quote(each)})" for each in alternatives)
        checking.problem(f"`{name}` looks for one string", argument_tree.span, f"repeat it: `{fix}`")
        return WRONG_PREDICATE
    receiver, argument = checking.visit(tree.receiver), checking.visit(argument_tree)
    if receiver.type is not STRING:
        return _not_a_string(checking, tree, receiver, tree.receiver)
    if argument.type is not STRING:
        if argument.type is not WRONG_TYPE:
            words = checking.describe(argument, argument_tree)
            fix = f'add quotes: `"{checking.quote(argument_tree)}"`' if type(argument) is nodes.Constant else ""
            checking.problem(f"`{name}` looks for a string, not {words}", argument_tree.span, fix)
        return WRONG_PREDICATE
    if name == "matches":
        if type(argument) is not nodes.Constant:
            message = "the regular expression of `matches` must be a constant"
            checking.problem(message, argument_tree.span, 'write it like `x.matches("^[A-Z]+$")`')
            return WRONG_PREDICATE
        if (refusal := read_pattern(str(argument.value))) is not None:
            checking.refuse(refusal, argument_tree.span)
            return WRONG_PREDICATE
    return folded(checking, nodes.Apply(name, (receiver, argument), BOOL, tree.span), tree)


def _alternatives(tree: syntax.Expression) -> tuple[syntax.Expression, ...]:
    """Return the strings of `x.contains("a" || "b")` or `x.contains(["a", "b"])`, none of anything else."""
    match tree:
        case syntax.Logical("||", operands) | syntax.ListOf(operands):
            strings = all(type(each) is syntax.Constant and each.kind == "string" for each in operands)
            return tuple(operands) if strings and len(operands) <= 4 else ()
    return ()


def _not_a_string(
    checking: Checking, tree: syntax.Call, receiver: nodes.Expression, side: syntax.Expression
) -> nodes.Expression:
    """Note a string function on something else."""
    if receiver.type is WRONG_TYPE:
        return WRONG
    words = checking.describe(receiver, side)
    if type(receiver.type) is ListType and tree.function == "contains":
        fix = f"`{checking.quote(tree.arguments[0])} in {checking.quote(side)}`"
    else:
        convertible = type(receiver.type) is Scalar and type(receiver) is not nodes.Constant
        fix = f"convert it: `string({checking.quote(side)})`" if convertible else ""
    return checking.problem(f"`{tree.function}` needs a string, not {words}", side.span, fix)


def size(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return the number of code points of a string, or of items of a list."""
    side = tree.receiver if tree.receiver is not None else tree.arguments[0]
    operand = list_value(checking, side) if type(side) is syntax.ListOf else checking.visit(side)
    if operand.type is STRING or computed_list(operand):
        return folded(checking, nodes.Apply("size", (operand,), INT, tree.span), tree)
    if type(operand.type) is ListType or type(operand.type) is MapType:
        return not_yet(checking, f"`size` of a {operand.type}", tree.span)
    return _not_a_string(checking, tree, operand, side)


def format_values(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return `"%d of %s".format([a, b])`: the pattern is a constant, each verb must take its value's type."""
    assert tree.receiver is not None
    pattern, values_tree = checking.visit(tree.receiver), tree.arguments[0]
    if pattern.type is not STRING or type(pattern) is not nodes.Constant:
        if pattern.type is WRONG_TYPE:
            return WRONG
        words = checking.describe(pattern, tree.receiver)
        fix = 'write it like `"%s of %d".format([a, b])`'
        return checking.problem(
            f"the pattern of `format` must be a constant string, not {words}", tree.receiver.span, fix
        )
    if type(values_tree) is not syntax.ListOf:
        fix = f"`{checking.term(tree.receiver)}.format([{checking.quote(values_tree)}])`"
        return checking.problem("`format` takes its values in a list", tree.span, fix)
    values = [
        list_value(checking, item) if type(item) is syntax.ListOf else checking.visit(item)
        for item in values_tree.items
    ]
    if any(value.type is WRONG_TYPE for value in values):
        return WRONG
    for value, item in zip(values, values_tree.items, strict=True):
        if is_list_column(value):
            return not_yet(checking, f"`format` of a {value.type}", item.span)
    clauses = read_format(str(pattern.value))
    if isinstance(clauses, str):
        what, _, fix = clauses.partition(": ")
        return checking.problem(what, tree.receiver.span, fix)
    if len(clauses) != len(values):
        message = f"the number of values is {len(values)}, the pattern has places for {len(clauses)}"
        fix = "write `%s` for each value, not `{}`" if "{" in str(pattern.value) else "give one value for each `%`"
        return checking.problem(message, values_tree.span, fix)
    for clause, value, item in zip(clauses, values, values_tree.items, strict=True):
        if not accepts(clause.verb, str(value.type)):
            message = f"`%{clause.verb}` cannot print {checking.describe(value, item)}"
            fix = "`%s` prints everything" if type(value.type) is Scalar else ""
            return checking.problem(message, item.span, fix)
    return folded(checking, nodes.Apply("format", (pattern, *values), STRING, tree.span), tree)


def has(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return `operand != null`."""
    operand = column(checking, tree.arguments[0])
    return WRONG_PREDICATE if operand is None else nodes.Not(nodes.IsNull(operand, tree.span), tree.span)


def coalesce(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return the first operand that is not null; all but the last are columns."""
    trees = tree.arguments
    operands = [checking.visit(each) for each in trees]
    wrong = False
    for operand, each in zip(operands[:-1], trees[:-1], strict=True):
        if operand.type is WRONG_TYPE or type(operand) is nodes.Attribute:
            continue
        wrong = True
        words = checking.quote(each)
        if type(operand) is nodes.Constant:
            checking.problem(f"`{words}` is never null, so nothing after it counts", each.span, "put it last")
        else:
            checking.problem(
                f"`coalesce` takes columns, and one expression at the end; `{words}` is no column", each.span
            )
    agreed = None if wrong else one_type(checking, operands, trees, "the operands of `coalesce`", tree.span)
    return WRONG if agreed is None else nodes.Coalesce(tuple(agreed), agreed[0].type, tree.span)


def truth(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return `isTrue(e)` or `isKnown(e)`."""
    operand = checking.visit(tree.arguments[0])
    if operand.type is not BOOL:
        not_a_bool(checking, operand, tree.arguments[0], f"`{tree.function}` needs true or false")
        return WRONG_PREDICATE
    return nodes.IsTrue(operand, tree.span) if tree.function == "isTrue" else nodes.IsKnown(operand, tree.span)


def segment(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return a segment by its name."""
    argument = tree.arguments[0]
    if type(argument) is not syntax.Constant or type(argument.value) is not str:
        words = checking.quote(argument)
        fix = f'`segment("{words}")`' if words in checking.scope.segments else 'write it like `segment("vip")`'
        checking.problem("`segment` needs the name of a segment as a string", tree.span, fix)
        return WRONG_PREDICATE
    name = argument.value
    if name in checking.scope.segments:
        return nodes.Segment(name, tree.span)
    suggestion = nearest(name, checking.scope.segments)
    fix = f'did you mean `segment("{suggestion}")`?' if suggestion else ""
    checking.problem(f'unknown segment `"{name}"`', argument.span, fix)
    return WRONG_PREDICATE


def named_list(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Note a list by its name where no list can stand."""
    return checking.problem(
        "a list stands only on the right of `in`", tree.span, f"e.g. `country in {checking.quote(tree)}`"
    )


def length(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return `days(n)`, `hours(n)` or `minutes(n)` as a duration."""
    name, side = tree.function, tree.arguments[0]
    count = checking.visit(side)
    if count.type is WRONG_TYPE:
        return WRONG
    if type(count) is not nodes.Constant or count.type is not INT:
        words = checking.describe(count, side)
        if count.type is INT:
            unit = nodes.Constant(LENGTHS[name], DURATION, tree.name_span)
            return nodes.Apply("*", (unit, count), DURATION, tree.span)
        span, fix = _length_fix(checking, tree, count, name)
        return checking.problem(f"`{name}` needs a whole number, not {words}", span, fix)
    assert type(count.value) is int
    value = count.value * LENGTHS[name]
    lowest, highest = RANGES[DURATION]
    if not lowest <= value <= highest:
        return checking.problem(f"`{checking.quote(tree)}` is longer than 10,000 years", tree.span)
    return nodes.Constant(value, DURATION, tree.span)


def _length_fix(checking: Checking, tree: syntax.Call, count: nodes.Expression, name: str) -> tuple[syntax.Span, str]:
    """Return what to write for `days(2.5)`, `days("3")` or `days(weight)`, and in place of what."""
    side = tree.arguments[0]
    if count.type is DOUBLE and type(count) is not nodes.Constant:
        return side.span, f"convert it: `int({checking.quote(side)})`"
    if type(count) is nodes.Constant and type(count.value) is str:
        text = count.value.strip()
        words = f"{name}({text})" if text.isdigit() else duration_words(text)
        return tree.span, f"write `{words}`"
    return tree.span, f"write it like `{_whole_units(count, name) or name + '(30)'}`"


def _whole_units(count: nodes.Expression, name: str) -> str:
    """Return `days(2.5)` as `hours(60)`; "" where no unit makes it whole."""
    if type(count) is nodes.Constant and isinstance(count.value, float):
        for unit, microseconds in LENGTHS.items():
            number = count.value * LENGTHS[name] / microseconds
            if number.is_integer():
                return f"{unit}({int(number)})"
    return ""


LENGTHS = {"days": DAY, "hours": HOUR, "minutes": MINUTE}


def reader(checking: Checking, tree: syntax.Call) -> nodes.Expression:
    """Return `duration("…")`, `timestamp("…")`, … of a constant; of anything else, what the catalogue says."""
    name = tree.function
    read, kind = READERS[name]
    constant = tree.arguments[0] if len(tree.arguments) == 1 else None
    if type(constant) is not syntax.Constant or type(constant.value) is not str:
        return overloaded(checking, tree, name)
    value = read(constant.value)
    if isinstance(value, Refusal):
        return checking.refuse(value, constant.span)
    return nodes.Constant(value, kind, tree.span)


READERS: Mapping[str, tuple[Callable[[str], nodes.Value | Refusal], Scalar]] = {
    "duration": (read_duration, DURATION),
    "timestamp": (read_timestamp, TIMESTAMP),
    "date": (read_date, DATE),
    "semver": (read_version, SEMVER),
}

STRING_TESTS = ("startsWith", "endsWith", "contains")
FUNCTIONS: Mapping[str, Shape] = {
    "segment": Shape(FUNCTION, 1, 1, 'segment("vip")', segment),
    "list": Shape(FUNCTION, 1, 1, 'country in list("eu")', named_list),
    "has": Shape(FUNCTION, 1, 1, "has(address.city)", has),
    "coalesce": Shape(FUNCTION, 2, 1000, "coalesce(a, b)", coalesce),
    "isTrue": Shape(FUNCTION, 1, 1, "isTrue(age > 18)", truth),
    "isKnown": Shape(FUNCTION, 1, 1, "isKnown(age > 18)", truth),
    "startsWith": Shape(METHOD, 2, 2, 'x.startsWith("a")', string_test),
    "endsWith": Shape(METHOD, 2, 2, 'x.endsWith("a")', string_test),
    "contains": Shape(METHOD, 2, 2, 'x.contains("a")', string_test),
    "matches": Shape(METHOD, 2, 2, 'x.matches("^a")', string_test),
    "size": Shape(EITHER, 1, 1, "size(x)", size),
    "format": Shape(METHOD, 2, 2, '"%s of %d".format([a, b])', format_values),
    "days": Shape(FUNCTION, 1, 1, "days(30)", length),
    "hours": Shape(FUNCTION, 1, 1, "hours(12)", length),
    "minutes": Shape(FUNCTION, 1, 1, "minutes(90)", length),
    "duration": Shape(FUNCTION, 1, 1, 'duration("1h30m")', reader),
    "timestamp": Shape(FUNCTION, 1, 1, 'timestamp("2026-01-31T09:30:00Z")', reader),
    "date": Shape(FUNCTION, 1, 2, 'date("2026-01-31")', reader),
    "semver": Shape(FUNCTION, 1, 1, 'semver("2.10.0")', reader),
}
GROUPS = frozenset(name.split(".")[0] for name in CATALOGUE if "." in name)
KNOWN = (*FUNCTIONS, *CATALOGUE)
