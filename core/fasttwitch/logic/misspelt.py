"""Names that nobody knows: columns, fields, functions, and what people bring along from other languages."""

from collections.abc import Iterable

from fasttwitch.logic import nodes
from fasttwitch.logic.catalogue import CATALOGUE, METHOD
from fasttwitch.logic.checking import Checking
from fasttwitch.logic.datatypes import DATE, TIMESTAMP, StructType
from fasttwitch.logic.later import LATER, known_elsewhere
from fasttwitch.logic.names import nearest
from fasttwitch.syntax import nodes as syntax

# A call as other languages write it, and how this one does; {x} is the receiver or first argument, {rest} the others.
FOREIGN_CALLS = {
    "len": "size({x})",
    "length": "size({x})",
    "lower": "{x}.lowerAscii()",
    "toLower": "{x}.lowerAscii()",
    "toLowerCase": "{x}.lowerAscii()",
    "lowercase": "{x}.lowerAscii()",
    "upper": "{x}.upperAscii()",
    "toUpper": "{x}.upperAscii()",
    "toUpperCase": "{x}.upperAscii()",
    "uppercase": "{x}.upperAscii()",
    "strip": "{x}.trim()",
    "substr": "{x}.substring({rest})",
    "slice": "{x}.substring({rest})",
    "concat": "{x} + {rest}",
    "str": "string({x})",
    "to_string": "string({x})",
    "toString": "string({x})",
    "float": "double({x})",
    "number": "double({x})",
    "parseInt": "int({x})",
    "to_int": "int({x})",
    "toInt": "int({x})",
    "abs": "math.abs({x})",
    "round": "math.round({x})",
    "ceil": "math.ceil({x})",
    "floor": "math.floor({x})",
    "trunc": "math.trunc({x})",
    "sqrt": "math.sqrt({x})",
    "sign": "math.sign({x})",
    "isNaN": "math.isNaN({x})",
    "is_nan": "math.isNaN({x})",
    "greatest": "math.greatest({x}, {rest})",
    "least": "math.least({x}, {rest})",
    "year": "{x}.getFullYear()",
    "getYear": "{x}.getFullYear()",
    "month": "{x}.getMonth() + 1",
    "weekday": "{x}.getDayOfWeek()",
    "dayofweek": "{x}.getDayOfWeek()",
    "day_of_week": "{x}.getDayOfWeek()",
    "getDay": "{x}.getDayOfWeek()",
    "in": "{x} in {rest}",
    "isin": "{x} in {rest}",
    "is_in": "{x} in {rest}",
    "oneOf": "{x} in {rest}",
    "includes": "{x}.contains({rest})",
    "has": "{x}.contains({rest})",
    "starts_with": "{x}.startsWith({rest})",
    "ends_with": "{x}.endsWith({rest})",
    "like": '{x}.contains("…")',
    "regex": "{x}.matches({rest})",
    "match": "{x}.matches({rest})",
    "test": "{x}.matches({rest})",
    "isNull": "{x} == null",
    "is_null": "{x} == null",
    "isnull": "{x} == null",
    "isEmpty": '{x} == ""',
    "isNotNull": "{x} != null",
    "is_not_null": "{x} != null",
    "ifnull": "coalesce({x}, {rest})",
    "nvl": "coalesce({x}, {rest})",
    "equals": "{x} == {rest}",
    "not": "!({x})",
    "day": "days({x})",
    "hour": "hours({x})",
    "minute": "minutes({x})",
    "weeks": "days(7 * {x})",
    "months": "days(30 * {x})",
    "years": "days(365 * {x})",
    "date_sub": "{x} - days(…)",
    "NOW": "now",
    "today": "now",
    "if": "condition ? a : b",
    "iff": "condition ? a : b",
}
# Parts of an instant as other languages name them.
CLOCK_FIELDS = {
    "year": "getFullYear()",
    "month": "getMonth() + 1",
    "day": "getDate()",
    "dayofweek": "getDayOfWeek()",
    "weekday": "getDayOfWeek()",
    "hour": "getHours()",
    "minute": "getMinutes()",
    "second": "getSeconds()",
}
WITHOUT_ARGUMENTS = frozenset(
    name
    for name, function in CATALOGUE.items()
    if function.form is METHOD and any(len(overload.parameters) == 1 for overload in function.overloads)
)
IN_GROUPS = {"math.max": "math.greatest", "math.min": "math.least", "math.ceiling": "math.ceil"}
FOREIGN_WORDS = {
    "True": "true",
    "TRUE": "true",
    "False": "false",
    "FALSE": "false",
    "None": "null",
    "NULL": "null",
    "Null": "null",
    "nil": "null",
    "undefined": "null",
    "NOW": "now",
    "Now": "now",
    "today": "now",
    "current_timestamp": "now",
    "CURRENT_TIMESTAMP": "now",
}


def unknown_name(checking: Checking, tree: syntax.Name) -> nodes.Expression:
    """Note a name that is no column."""
    name, scope = tree.name, checking.scope
    if name in scope.context:
        return checking.problem(_not_yet(f"`{name}`, an attribute of the request,"), tree.span)
    if name in scope.events:
        return checking.problem(_not_yet(f"`{name}`, an event stream,"), tree.span)
    if name in FOREIGN_WORDS:
        return checking.problem(f"unknown name `{name}`", tree.span, f"write `{FOREIGN_WORDS[name]}`")
    if name in scope.segments:
        return checking.problem(f"`{name}` is a segment, not a column", tree.span, f'`segment("{name}")`')
    if name in scope.lists:
        return checking.problem(f"`{name}` is a named list", tree.span, f'`country in list("{name}")`')
    suggestion = nearest(name, scope.attributes)
    return checking.problem(f"unknown name `{name}`", tree.span, _did_you_mean(suggestion))


def unknown_field(
    checking: Checking, tree: syntax.Member, operand: nodes.Expression, functions: Iterable[str]
) -> nodes.Expression:
    """Note a field that its struct does not have, or a field of something that has none."""
    name, words = tree.field_name, checking.quote(tree.operand)
    span = (max(tree.span[0], tree.span[1] - len(name)), tree.span[1])
    if isinstance(operand.type, StructType):
        suggestion = nearest(name, (field for field, _ in operand.type.fields))
        known = ", ".join(f"`{field}`" for field, _ in operand.type.fields[:6])
        fix = _did_you_mean(suggestion) or f"it has {known}{', …' if len(operand.type.fields) > 6 else ''}"
        return checking.problem(f"`{words}` has no field `{name}`", span, fix)
    if operand.type in (TIMESTAMP, DATE) and name in CLOCK_FIELDS:
        fix = f"`{words}.{CLOCK_FIELDS[name]}`"
    elif name in FOREIGN_CALLS:
        fix = f"`{FOREIGN_CALLS[name].format(x=words, rest='…')}`"
    elif name in functions or name in LATER:
        arguments = "" if name in WITHOUT_ARGUMENTS else "…"
        fix = f"`{words}.{name}({arguments})` calls the function"
    else:
        fix = ""
    return checking.problem(f"{checking.describe(operand, tree.operand)} has no fields", span, fix)


def unknown_prefix(checking: Checking, tree: syntax.Member, prefix: syntax.Name) -> nodes.Expression:
    """Note `customer.age` where `customer` is no column and `age` is one."""
    if tree.field_name not in checking.scope.attributes or prefix.name in checking.scope.events:
        return unknown_name(checking, prefix)
    return checking.problem(f"unknown name `{prefix.name}`", prefix.span, f"write `{tree.field_name}`")


def unknown_function(checking: Checking, tree: syntax.Call, functions: Iterable[str]) -> nodes.Expression:
    """Note a function that this version does not have."""
    name, receiver = tree.function, tree.receiver
    if type(receiver) is syntax.Name and receiver.name not in checking.scope.attributes:
        group = [known for known in functions if known.startswith(f"{receiver.name}.")]
        if group:
            return _unknown_in_group(checking, tree, receiver.name, group)
    elsewhere = known_elsewhere(checking, tree)
    if elsewhere is not None:
        return elsewhere
    if receiver is None and name == "now":
        return checking.problem("`now` is a value, not a function", tree.span, "write `now`")
    if receiver is None and name in checking.scope.attributes:
        return checking.problem(f"`{name}` is a column, not a function", tree.name_span, f"write `{name}`")
    if receiver is None and name in checking.scope.segments:
        return checking.problem(f"`{name}` is a segment, not a function", tree.name_span, f'`segment("{name}")`')
    if receiver is not None and type(receiver) is not syntax.ListOf:
        checking.visit(receiver)
    foreign = FOREIGN_CALLS.get(name)
    if foreign is not None:
        fix = f"`{foreign.format(**_parts(checking, tree))}`"
    else:
        suggestion = nearest(name, (*functions, *sorted(LATER)))
        fix = _did_you_mean(suggestion)
    return checking.problem(f"unknown function `{name}`", tree.name_span, fix)


def _unknown_in_group(checking: Checking, tree: syntax.Call, prefix: str, group: list[str]) -> nodes.Expression:
    """Note `math.foo(x)`."""
    name = f"{prefix}.{tree.function}"
    suggestion = IN_GROUPS.get(name) or nearest(name, group)
    known = ", ".join(f"`{one}`" for one in sorted(group))
    fix = _did_you_mean(suggestion) or f"there are {known}"
    return checking.problem(f"unknown function `{name}`", tree.name_span, fix)


def wrong_shape(checking: Checking, tree: syntax.Call, usage: str, *, method: bool) -> nodes.Expression:
    """Note `contains(x, "a")` for `x.contains("a")`, or `x.isTrue()` for `isTrue(x)`."""
    name = tree.function
    parts = _parts(checking, tree)
    if method:
        rest = "" if usage.endswith("()") else parts["rest"]
        fix = f"`{parts['x']}.{name}({rest})`" if tree.arguments else f"write it like `{usage}`"
        return checking.problem(f"`{name}` is written after its string", tree.span, fix)
    if name in FOREIGN_CALLS:  # `x.has("a")`
        fix = f"`{FOREIGN_CALLS[name].format(**parts)}`"
    else:
        operands = ", ".join(checking.quote(each) for each in (tree.receiver, *tree.arguments) if each is not None)
        fix = f"`{name}({operands})`"
    return checking.problem(f"`{name}` is written before its operand", tree.span, fix)


def _parts(checking: Checking, tree: syntax.Call) -> dict[str, str]:
    operands = tree.arguments if tree.receiver is None else (tree.receiver, *tree.arguments)
    words = [checking.term(operand) for operand in operands]
    return {"x": words[0] if words else "x", "rest": ", ".join(words[1:]) or "…"}


def _did_you_mean(name: str | None) -> str:
    return f"did you mean `{name}`?" if name else ""


def _not_yet(construct: str) -> str:
    return f"{construct} is part of the language, but this version does not evaluate it yet"
