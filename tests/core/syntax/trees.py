"""Every well-formed tree, for properties; what well-formed means is the docstring of `print_expression`."""

import string

from hypothesis import strategies as st

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
)
from fasttwitch.syntax.words import KEYWORDS, RESERVED

HERE = (0, 0)  # spans take no part in equality
RELATIONS_AND_ARITHMETIC = ("<", "<=", ">", ">=", "==", "!=", "in", "+", "-", "*", "/", "%")

words = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True) | st.sampled_from(
    ("r", "b", "br", "e1", "u", "x1")
)
names = words.filter(lambda word: word not in KEYWORDS | RESERVED)
methods = words.filter(lambda word: word not in KEYWORDS) | st.sampled_from(sorted(RESERVED))
fields = (
    methods | st.sampled_from(sorted(KEYWORDS)) | st.text(string.ascii_letters + string.digits + "_.-/ ", min_size=1)
)
characters = st.characters(exclude_categories=["Cs"])
awkward = st.text(st.sampled_from("\"'\\\n\r\t\0 \u00a0\u200b\u2028é😀a0n%`"), max_size=6)

constants: st.SearchStrategy[Expression] = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(lambda value: Constant("int", value, HERE)),
    st.integers(0, 2**64 - 1).map(lambda value: Constant("uint", value, HERE)),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Constant("double", value, HERE)),
    (st.text(characters, max_size=8) | awkward).map(lambda value: Constant("string", value, HERE)),
    st.binary(max_size=8).map(lambda value: Constant("bytes", value, HERE)),
    st.booleans().map(lambda value: Constant("bool", value, HERE)),
    st.just(Constant("null", None, HERE)),
)
leaves = names.map(lambda name: Name(name, HERE)) | constants


def flat(operator: str, parts: list[Expression]) -> Expression:
    """Return the chain of `parts`, chains of the same operator taken in."""
    operands: list[Expression] = []
    for part in parts:
        operands += part.operands if isinstance(part, Logical) and part.operator == operator else [part]
    return Logical(operator, tuple(operands), HERE)


def _larger(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    many = st.lists(parts, max_size=3).map(tuple)
    operators = st.sampled_from(RELATIONS_AND_ARITHMETIC)
    return st.one_of(
        st.builds(lambda operand, field: Member(operand, field, HERE), parts, fields),
        st.builds(lambda operand, index: Index(operand, index, HERE), parts, parts),
        st.builds(lambda function, arguments: Call(function, None, arguments, HERE, HERE), names, many),
        st.builds(
            lambda method, receiver, arguments: Call(method, receiver, arguments, HERE, HERE), methods, parts, many
        ),
        st.builds(lambda operator, operand: Unary(operator, operand, HERE), st.sampled_from("!-"), parts),
        st.builds(lambda operator, left, right: Binary(operator, left, right, HERE, HERE), operators, parts, parts),
        st.builds(flat, st.sampled_from(("&&", "||")), st.lists(parts, min_size=2, max_size=4)),
        st.builds(
            lambda condition, then, otherwise: Conditional(condition, then, otherwise, HERE), parts, parts, parts
        ),
        many.map(lambda items: ListOf(items, HERE)),
        st.lists(st.tuples(parts, parts), max_size=2).map(lambda entries: MapOf(tuple(entries), HERE)),
        st.builds(
            lambda path, entries: Message(".".join(path), tuple(entries), HERE),
            st.tuples(names) | st.tuples(names, methods),
            st.lists(st.tuples(fields, parts), max_size=2),
        ),
    )


expressions: st.SearchStrategy[Expression] = st.recursive(leaves, _larger, max_leaves=25)
