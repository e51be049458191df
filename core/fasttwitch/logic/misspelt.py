"""Names that nobody knows: columns, fields, functions, and what people bring along from other languages."""

from collections.abc import Iterable

from fasttwitch.logic import nodes
from fasttwitch.logic.catalogue import CATALOGUE, METHOD
from fasttwitch.logic.checking import Checking
from fasttwitch.logic.datatypes import DATE, DURATION, TIMESTAMP, StructType
from fasttwitch.logic.foreign_calls import ALSO_OF_VALUES, CLOCK_PARTS, foreign_fix
from fasttwitch.logic.later import LATER, known_elsewhere
from fasttwitch.logic.names import nearest, plain
from fasttwitch.syntax import nodes as syntax

WITHOUT_ARGUMENTS = frozenset(
    name
    for name, function in CATALOGUE.items()
    if function.form is METHOD and any(len(overload.parameters) == 1 for overload in function.overloads)
) | {"size"}
IN_GROUPS = {"math.max": "math.greatest", "math.min": "math.least", "math.ceiling": "math.ceil"}
# Words for values in other languages, in small letters.
FOREIGN_WORDS = {
    **dict.fromkeys(("true", "yes"), "write `true`"),
    **dict.fromkeys(("false", "no"), "write `false`"),
    **dict.fromkeys(("none", "null", "nil", "undefined", "empty"), "write `null`"),
    **dict.fromkeys(("now", "current_timestamp"), "write `now`"),
    **dict.fromkeys(("today", "current_date"), "`now` is this instant, `date(now)` this day"),
}
ALSO_OF_STRINGS = ("has",)  # `x.has("a")`
METHODS = frozenset(name for name, function in CATALOGUE.items() if function.form is METHOD and "." not in name) | {
    "startsWith",
    "endsWith",
    "contains",
    "matches",
}
FEW_COLUMNS = 8  # so many are listed for whoever asks for one that nobody knows


def unknown_name(checking: Checking, tree: syntax.Name) -> nodes.Expression:
    """Note a name that is no column."""
    name, scope = tree.name, checking.scope
    if name in scope.context:
        return checking.problem(_not_yet(f"`{name}`, an attribute of the request,"), tree.span)
    if name in scope.events:
        return checking.problem(_not_yet(f"`{name}`, an event stream,"), tree.span)
    if name.lower() in FOREIGN_WORDS:
        return checking.problem(f"unknown name `{name}`", tree.span, FOREIGN_WORDS[name.lower()])
    if name in scope.segments:
        return checking.problem(f"`{name}` is a segment, not a column", tree.span, f'`segment("{name}")`')
    if name in scope.lists:
        return checking.problem(f"`{name}` is a named list", tree.span, f'`country in list("{name}")`')
    if checking.text[: tree.span[0]].rstrip(" ").endswith("--"):  # SQL's comment, read as two signs
        return checking.problem(f"unknown name `{name}`", tree.span, "begin a comment with `//`, not with `--`")
    fix = _did_you_mean(nearest(name, scope.attributes))
    if not fix and 0 < len(scope.attributes) <= FEW_COLUMNS:
        fix = "the columns are " + ", ".join(f"`{column}`" for column in scope.attributes)
    return checking.problem(f"unknown name `{name}`", tree.span, fix)


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
    call = syntax.Call(name, tree.operand, (), tree.span, span)
    words = checking.term(tree.operand)
    if operand.type is DURATION and plain(name) in ("days", "weeks"):
        fix = f"compare it with a length of time: `{words} > days(30)`"
    elif operand.type in (TIMESTAMP, DATE) and plain(name) in CLOCK_PARTS:
        span, fix = tree.span, f"`{words}.{CLOCK_PARTS[plain(name)]}`"
    elif name in functions or name in LATER:
        arguments = "" if name in WITHOUT_ARGUMENTS else "…"
        span, fix = tree.span, f"`{words}.{name}({arguments})` calls the function"
    else:
        fix = foreign_fix(checking, call, operand.type)
        span = tree.span if fix else span
    return checking.problem(f"{checking.describe(operand, tree.operand)} has no fields", span, fix)


def unknown_prefix(checking: Checking, tree: syntax.Member, prefix: syntax.Name) -> nodes.Expression:
    """Note `customer.age` where `customer` is no column and `age` is one."""
    name, scope = tree.field_name, checking.scope
    known = scope.segments if prefix.name in ("segment", "segments") else scope.lists if prefix.name == "lists" else ()
    if name in known:
        fix = f'write `{prefix.name.removesuffix("s")}("{name}")`'
        return checking.problem(f"unknown name `{prefix.name}`", tree.span, fix)
    if tree.field_name not in checking.scope.attributes or prefix.name in checking.scope.events:
        return unknown_name(checking, prefix)
    return checking.problem(f"unknown name `{prefix.name}`", tree.span, f"write `{tree.field_name}`")


def unknown_function(checking: Checking, tree: syntax.Call, functions: Iterable[str]) -> nodes.Expression:
    """Note a function that this version does not have."""
    name, receiver = tree.function, tree.receiver
    if type(receiver) is syntax.Name and receiver.name not in checking.scope.attributes:
        group = [known for known in functions if known.startswith(f"{receiver.name}.")]
        if group:
            return _unknown_in_group(checking, tree, receiver.name, group)
    if fix := _of_values(checking, tree):
        return checking.problem(f"unknown function `{name}`", tree.span, fix)
    elsewhere = known_elsewhere(checking, tree)
    if elsewhere is not None:
        return elsewhere
    if receiver is None and name == "now":
        return checking.problem("`now` is a value, not a function", tree.span, "write `now`")
    if receiver is None and name in checking.scope.segments:
        return checking.problem(f"`{name}` is a segment, not a function", tree.span, f'`segment("{name}")`')
    kind = checking.visit(receiver).type if receiver is not None and type(receiver) is not syntax.ListOf else None
    fix = foreign_fix(checking, tree, kind)
    if receiver is None and name in checking.scope.attributes and not (fix and tree.arguments):
        return checking.problem(f"`{name}` is a column, not a function", tree.span, f"write `{name}`")
    if fix:
        return checking.problem(f"unknown function `{name}`", tree.span, fix)
    suggestion = nearest(name, functions) or nearest(name, sorted(LATER))
    if suggestion in METHODS and receiver is None and tree.arguments:
        fix = f"`{_as_method(checking, tree, suggestion)}`"
        return checking.problem(f"unknown function `{name}`", tree.span, fix)
    return checking.problem(f"unknown function `{name}`", tree.name_span, _did_you_mean(suggestion))


def _of_values(checking: Checking, tree: syntax.Call) -> str:
    """Return how to say `max(a, b)` or `at.before(now)`: words that speak of events here, and of values elsewhere."""
    receiver = tree.receiver
    if tree.function not in ALSO_OF_VALUES or type(receiver) not in (type(None), syntax.Name, syntax.Member):
        return ""
    kind = checking.glance(receiver).type if receiver is not None else None
    return foreign_fix(checking, tree, kind)


def _as_method(checking: Checking, tree: syntax.Call, name: str) -> str:
    words = [checking.term(argument) for argument in tree.arguments]
    return f"{words[0]}.{name}({', '.join(words[1:])})"


def _unknown_in_group(checking: Checking, tree: syntax.Call, prefix: str, group: list[str]) -> nodes.Expression:
    """Note `math.foo(x)`."""
    name = f"{prefix}.{tree.function}"
    suggestion = IN_GROUPS.get(name) or nearest(name, group)
    known = ", ".join(f"`{one}`" for one in sorted(group))
    fix = _did_you_mean(suggestion) or f"there are {known}"
    return checking.problem(f"unknown function `{name}`", (tree.span[0], tree.name_span[1]), fix)


def wrong_shape(checking: Checking, tree: syntax.Call, usage: str, *, method: bool) -> nodes.Expression:
    """Note `contains(x, "a")` for `x.contains("a")`, or `x.isTrue()` for `isTrue(x)`."""
    name = tree.function
    if method:
        fix = f"write it like `{usage}`"
        if tree.arguments:
            words = _as_method(checking, tree, name)
            fix = f"`{words[:-1]}…)`" if len(tree.arguments) == 1 and name not in WITHOUT_ARGUMENTS else f"`{words}`"
        return checking.problem(f"`{name}` is written after its string", tree.span, fix)
    assert tree.receiver is not None
    kind = checking.glance(tree.receiver).type
    if kind is DURATION and name == "days":
        fix = f"compare it with a length of time: `{checking.quote(tree.receiver)} > days(30)`"
    elif name in ALSO_OF_STRINGS:
        fix = foreign_fix(checking, tree, kind)
    elif name == "startOfDay" and not tree.arguments:
        fix = f'`startOfDay({checking.quote(tree.receiver)}, "UTC")`'
    else:
        operands = ", ".join(checking.quote(each) for each in (tree.receiver, *tree.arguments))
        fix = f"`{name}({operands})`"
    return checking.problem(f"`{name}` is written before its operand", tree.span, fix)


def _did_you_mean(name: str | None) -> str:
    return f"did you mean `{name}`?" if name else ""


def _not_yet(construct: str) -> str:
    return f"{construct} is part of the language, but this version does not evaluate it yet"
