"""What must hold of every tree: there and back again by text, by any text, by JSON and through the builder."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

from fasttwitch.syntax import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Index,
    ListOf,
    Logical,
    MapOf,
    Member,
    Message,
    Name,
    Unary,
    from_json,
    parse,
    print_expression,
    to_json,
)
from tests.generators.rebuilding import rebuilt
from tests.generators.spellings import spelled
from tests.generators.trees import HERE, flat


def text_trip(tree: Expression) -> str:
    """Return what is lost on the way to text and back, "" if nothing is."""
    text = print_expression(tree)
    read = parse(text)
    if read != tree:
        return f"read as {print_expression(read)}"
    if numbers(read) != numbers(tree):
        return f"other digits in {text}"
    again = print_expression(read)  # this tells -0.0 from 0.0
    return "" if again == text else f"printed again as {again}"


def typed_trip(tree: Expression) -> str:
    """Return what a text means that says the tree in other words, if that is not the tree."""
    if levels(tree) > 45:  # with all these parentheses it would be nested too deep
        return ""
    text = spelled(tree, Random(repr(tree)))
    read = parse(text)
    return "" if read == tree else f"{text!r} read as {print_expression(read)}"


def levels(tree: Expression) -> int:
    """Return how deep a tree is."""
    return 1 + max(map(levels, opened(tree)[0]), default=0)


def numbers(tree: Expression) -> list[Decimal]:
    """Return the doubles of a tree by the digits written, which decimal columns see."""
    if isinstance(tree, Constant):
        return [Decimal(tree.text)] if tree.kind == "double" else []
    return [number for child in opened(tree)[0] for number in numbers(child)]


def json_trip(tree: Expression) -> str:
    """Return what is lost on the way to JSON and back, spans and written digits included."""
    read = parse(print_expression(tree))
    for one in (tree, read):
        back = from_json(json.loads(json.dumps(to_json(one))))
        if repr(back) != repr(one):  # equality looks neither at spans nor at signs of zero
            return f"back as {back!r}"
    return ""


def builder_trip(tree: Expression) -> str:
    """Return how the tree that the builder makes differs from this one."""
    built, _ = rebuilt(tree)
    if built.tree != tree:
        return f"built as {built!r}"
    text = print_expression(tree)
    return "" if built.to_cel() == text else f"built as {built!r}"


TRIPS: Mapping[str, Callable[[Expression], str]] = {
    "text": text_trip,
    "typed": typed_trip,
    "json": json_trip,
    "builder": builder_trip,
}


def failure(tree: Expression, trip: str) -> str:
    """Return what is wrong on one trip: also what is raised, for no well-formed tree may be refused."""
    try:
        return TRIPS[trip](tree)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def shrunk(tree: Expression, trip: str) -> Expression:
    """Return a tree as small as can be found that fails, too."""
    while True:
        smaller = next((one for one in shrinks(tree) if failure(one, trip)), None)
        if smaller is None:
            return tree
        tree = smaller


def shrinks(tree: Expression) -> Iterator[Expression]:
    """Yield trees that are a little smaller than this one."""
    children, again = opened(tree)
    yield from children
    if isinstance(tree, ListOf | MapOf | Message | Logical | Call):
        yield from shorter(tree)
    for number, child in enumerate(children):
        if child != Name("a", HERE):
            yield again([*children[:number], Name("a", HERE), *children[number + 1 :]])
        for smaller in shrinks(child):
            yield again([*children[:number], smaller, *children[number + 1 :]])
    if isinstance(tree, Constant) and isinstance(tree.value, str):
        for at in range(len(tree.value)):
            yield replace(tree, value=tree.value[:at] + tree.value[at + 1 :])


def shorter(tree: Expression) -> Iterator[Expression]:
    """Yield a node with one of its many children left out."""
    match tree:
        case ListOf(items):
            yield from (replace(tree, items=items[:at] + items[at + 1 :]) for at in range(len(items)))
        case MapOf(entries):
            yield from (replace(tree, entries=entries[:at] + entries[at + 1 :]) for at in range(len(entries)))
        case Message(_, fields):
            yield from (replace(tree, fields=fields[:at] + fields[at + 1 :]) for at in range(len(fields)))
        case Logical(_, operands) if len(operands) > 2:
            yield from (replace(tree, operands=operands[:at] + operands[at + 1 :]) for at in range(len(operands)))
        case Call(_, _, arguments):
            yield from (replace(tree, arguments=arguments[:at] + arguments[at + 1 :]) for at in range(len(arguments)))


def opened(tree: Expression) -> tuple[list[Expression], Callable[[list[Expression]], Expression]]:
    """Return the children of a node, and how to make the node of others in their place."""
    match tree:
        case Member(operand):
            return [operand], lambda new: replace(tree, operand=new[0])
        case Index(operand, index):
            return [operand, index], lambda new: replace(tree, operand=new[0], index=new[1])
        case Call(_, None, arguments):
            return list(arguments), lambda new: replace(tree, arguments=tuple(new))
        case Call(_, receiver, arguments) if receiver is not None:
            return [receiver, *arguments], lambda new: replace(tree, receiver=new[0], arguments=tuple(new[1:]))
        case Unary(_, operand):
            return [operand], lambda new: replace(tree, operand=new[0])
        case Binary(_, left, right):
            return [left, right], lambda new: replace(tree, left=new[0], right=new[1])
        case Logical(operator, operands):
            return list(operands), lambda new: flat(operator, new)
        case Conditional(condition, then, otherwise):
            return [condition, then, otherwise], lambda new: Conditional(new[0], new[1], new[2], HERE)
        case ListOf(items):
            return list(items), lambda new: replace(tree, items=tuple(new))
        case MapOf(entries):
            return [part for entry in entries for part in entry], lambda new: replace(
                tree, entries=tuple(zip(new[::2], new[1::2], strict=True))
            )
        case Message(_, fields):
            return [value for _, value in fields], lambda new: replace(
                tree, fields=tuple((name, value) for (name, _), value in zip(fields, new, strict=True))
            )
        case _:
            return [], lambda new: tree
