"""Comments of a rule's text, and the parts of the rule that they stand beside.

The tree knows nothing of comments, so whoever lays a rule out anew asks here. A comment belongs to an *item*: a part
that can have a line of its own (an operand of `&&` or `||`, a branch of `?:`, an argument, an element of a list, and
the rule as a whole). A comment inside such a part, where no line can end, goes to the whole part.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fasttwitch.syntax.lexer import Tokens, tokenize
from fasttwitch.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    Index,
    ListOf,
    Logical,
    MapOf,
    Member,
    Message,
    Span,
    Unary,
)


@dataclass(slots=True)
class Comments:
    """The comments of one item.

    span    of the item
    before  on lines of their own above it
    beside  at the end of its last line; "" if there is none
    after   on lines of their own below it
    """

    span: Span = (0, 0)
    before: list[str] = field(default_factory=list)
    beside: str = ""
    after: list[str] = field(default_factory=list)


def comments_in(text: str) -> list[str]:
    """Return the comments of a rule's text, in order, each on one line and without blanks at its end."""
    return [one.words for one in _found(text, tokenize(text))]


def attached_comments(text: str, tree: Expression) -> Mapping[int, Comments]:
    """Return the comments of each item that has any, by the item's `id`; `tree` is what `text` parses to."""
    tokens = tokenize(text)
    found = _found(text, tokens)
    comments: dict[int, Comments] = {}
    if not found:
        return comments
    root = _item(tree, tokens, 0, len(tokens.texts) - 2)
    for one in found:
        place, item = _home(one, root, tokens)
        of_item = comments.setdefault(id(item.node), Comments(item.node.span))
        if place == "before":
            of_item.before.append(one.words)
        elif place == "after":
            of_item.after.append(one.words)
        else:
            if of_item.beside:  # a line ends with one comment: the earlier one goes above
                of_item.before.append(of_item.beside)
            of_item.beside = one.words
    return comments


@dataclass(frozen=True, slots=True)
class _Found:
    """A comment, the number of the token that follows it, and whether a token stands before it on its line."""

    words: str
    token: int
    ends_line: bool


_COMMENT = re.compile(r"//[^\n]*")
# A comment may have been read from a text with escapes; written anew it must not end its line too early.
_UNSEEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


def _found(text: str, tokens: Tokens) -> list[_Found]:
    if "//" not in text:
        return []
    found = []
    gap_start = 0
    for number, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        if start - gap_start > 1:
            for match in _COMMENT.finditer(text, gap_start, start):
                ends_line = number > 0 and "\n" not in text[gap_start : match.start()]
                found.append(_Found(_UNSEEN.sub(" ", match[0]).rstrip(), number, ends_line))
        gap_start = end
    return found


@dataclass(frozen=True, slots=True)
class _Item:
    """A part of the rule that can have a line of its own, with the tokens it spans, parentheses around it included."""

    node: Expression
    first: int
    last: int
    parts: tuple["_Item", ...]


def _item(node: Expression, tokens: Tokens, low: int, high: int) -> _Item:
    """Return the item of a node whose parentheses stand between the tokens `low` and `high`."""
    first = inner_first = bisect_right(tokens.starts, node.span[0]) - 1
    last = inner_last = bisect_right(tokens.starts, node.span[1] - 1) - 1
    while first > low and last < high and tokens.texts[first - 1] == "(" and tokens.texts[last + 1] == ")":
        first, last = first - 1, last + 1
    parts = tuple(_item(part, tokens, *_bounds(node, inner_first, inner_last)) for part in _parts(node))
    return _Item(node, first, last, parts)


def _bounds(node: Expression, first: int, last: int) -> tuple[int, int]:
    """Return the tokens between which parentheses around a part of `node` may stand.

    The brackets of a call with one argument look like parentheses around it, and are not.
    """
    return (first, last - 1) if isinstance(node, Call) else (first, last)


def _parts(node: Expression) -> Iterator[Expression]:
    """Yield the outermost items inside a node, in the order of the text."""
    match node:
        case Logical(_, items) | ListOf(items):
            yield from items
        case Conditional(condition, then, otherwise):
            yield from (condition, then, otherwise)
        case Call(_, receiver, arguments):
            if receiver is not None:
                yield from _parts(receiver)
            yield from arguments
        case MapOf(entries):
            yield from (value for _, value in entries)
        case Message(_, fields):
            yield from (value for _, value in fields)
        case Binary(_, left, right):
            yield from _parts(left)
            yield from _parts(right)
        case Index(operand, index):
            yield from _parts(operand)
            yield from _parts(index)
        case Member(operand) | Unary(_, operand):
            yield from _parts(operand)


_OPENERS = frozenset("([{")
_CLOSERS = frozenset(")]}")
_BETWEEN = frozenset(("&&", "||", "?", ":", ","))


def _home(comment: _Found, root: _Item, tokens: Tokens) -> tuple[str, _Item]:
    """Return where a comment belongs: "before", "beside" or "after", and which item."""
    texts = tokens.texts
    beside = comment.token - 1
    if comment.ends_line and texts[beside] not in _OPENERS:
        path = _path(root, beside)
        if path[-1].last == beside:
            return "beside", next(item for item in path if item.last == beside)
        part = _part_until(path[-1], beside + 1)
        if part is not None and _only(texts[part.last + 1 : beside + 1], _BETWEEN | _CLOSERS):
            return "beside", part
        return ("before", path[-1]) if path[-1].parts else ("beside", path[-1])
    token = comment.token
    if not texts[token]:
        return "after", root
    path = _path(root, token)
    if path[-1].first == token:
        return "before", next(item for item in path if item.first == token)
    if texts[token] in _CLOSERS:
        part = _part_until(path[-1], token)
        if part is not None and _only(texts[part.last + 1 : token], _BETWEEN | _CLOSERS):
            return "after", part
    else:
        number = bisect_right(path[-1].parts, token, key=lambda part: part.first)
        part = path[-1].parts[number] if number < len(path[-1].parts) else None
        if part is not None and _only(texts[token : part.first], _BETWEEN | _OPENERS):
            return "before", part
    return "before", path[-1]


def _path(root: _Item, token: int) -> list[_Item]:
    """Return the items that span a token, outermost first."""
    path = [root]
    while True:
        parts = path[-1].parts
        number = bisect_right(parts, token, key=lambda part: part.first) - 1
        if number < 0 or parts[number].last < token:
            return path
        path.append(parts[number])


def _part_until(item: _Item, end: int) -> _Item | None:
    """Return the last part of an item that ends before the token `end`, or None."""
    number = bisect_left(item.parts, end, key=lambda part: part.last) - 1
    return item.parts[number] if number >= 0 else None


def _only(texts: Iterable[str], kinds: frozenset[str]) -> bool:
    return all(text in kinds for text in texts)
