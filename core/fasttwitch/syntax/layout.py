"""Tree to a text that people read: canonical, on one line if it fits, else laid out over lines, comments kept.

What is laid out differs from the canonical print in blanks, line ends and comments alone.

    country in ["DE", "AT"] // where we deliver
    && (
      ltv > 500.0
      || segment("loyal")
    )
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fasttwitch.syntax.comments import Comments, attached_comments
from fasttwitch.syntax.limits import MAXIMUM_BYTES
from fasttwitch.syntax.nodes import (
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
from fasttwitch.syntax.parser import parse
from fasttwitch.syntax.printer import print_field, print_within
from fasttwitch.syntax.words import ADDITION, AND, CONDITIONAL, OR, POWERS, RELATION, SIGN, VALUE

WIDTH = 100
ONE_LINE = 2**31  # a width that no rule exceeds: only comments break lines

_INDENT = "  "
_PASSES = 8


def lay_out(text: str, width: int = WIDTH) -> str:
    """Return a rule's text as it should be written: lines of at most `width` characters where the rule lets them.

    Comments do not count. The result parses to the same tree, holds the same comments, and is laid out already. A text
    that would grow beyond what a rule may have is left as it is.

    Raises RulesetError as `parse`.
    """
    # A comment may move with the part it stands beside, and what it stands beside then may be another part. That
    # settles in a pass or two; each pass keeps tree and comments, so it is safe to stop at any of them.
    for _ in range(_PASSES):
        laid_out = _lay_out_once(text, width)
        if laid_out == text or len(laid_out.encode()) > MAXIMUM_BYTES:
            break
        text = laid_out
    return text


def _lay_out_once(text: str, width: int) -> str:
    tree = parse(text)
    comments = attached_comments(text, tree) if "//" in text else {}
    block = _Layout(comments).block(tree, CONDITIONAL, width, hangs=False)
    return "\n".join(block.flatten())


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of a part, and the comments around it that whoever places the part has to write."""

    lines: list[str]
    before: Sequence[str] = ()
    beside: str = ""
    after: Sequence[str] = ()

    def flatten(self, suffix: str = "") -> list[str]:
        """Return all lines, with a suffix such as a comma before the comment at the end."""
        last = self.lines[-1] + suffix + (f" {self.beside}" if self.beside else "")
        return [*self.before, *self.lines[:-1], last, *self.after]


_NONE = Comments()


class _Layout:
    """Lays out the parts of one tree.

    Every method that makes lines takes `room`, the characters from the part's left edge to the right end of the line;
    `first` and `last` of them are taken on the first and on the last line, by what stands before and after the part.
    """

    def __init__(self, comments: Mapping[int, Comments]) -> None:
        self.comments = comments
        self.spans = [one.span for one in comments.values()]

    def block(
        self, node: Expression, floor: int, room: int, first: int = 0, last: int = 0, hangs: bool = True
    ) -> _Block:
        """Return a part in parentheses if it binds less tightly than `floor`.

        hangs  the lines after the first are indented, where the part has no brackets that show how far it goes
        """
        inner = self._inside(node, floor, room, first, last, hangs)
        own = self.comments.get(id(node), _NONE)
        before, beside = [*own.before, *inner.before], own.beside or inner.beside
        if own.beside and inner.beside:
            before.append(inner.beside)
        return _Block(inner.lines, before, beside, [*inner.after, *own.after])

    def _inside(self, node: Expression, floor: int, room: int, first: int, last: int, hangs: bool) -> _Block:
        flat = self._flat(node, floor, room - first - last)
        if flat is not None:
            return _Block([flat])
        if _power(node) < floor:
            return _Block(["(", *_indented(self._open(node, room - 2, 0, 0, False).flatten()), ")"])
        return self._open(node, room, first, last, hangs)

    def _flat(self, node: Expression, floor: int, room: int) -> str | None:
        """Return the text of a part on one line, or None if it must or should take several."""
        if isinstance(node, (Constant, Name)):
            return print_within(node, floor)
        if isinstance(node, ListOf) and 3 * len(node.items) > room:
            return None  # not worth printing 100,000 constants to find out
        start, end = node.span
        if any(start <= one[0] and one[1] <= end and one != node.span for one in self.spans):
            return None
        text = print_within(node, floor)
        return text if len(text) <= room else None

    def _open(self, node: Expression, room: int, first: int, last: int, hangs: bool) -> _Block:
        """Return a part over several lines, without parentheses around it."""
        match node:
            case Logical(operator, operands):
                power = OR if operator == "||" else AND
                rows = [("" if number == 0 else f"{operator} ", one, power + 1) for number, one in enumerate(operands)]
                return self._rows(rows, room, first, last, hangs)
            case Conditional(condition, then, otherwise):
                rows = [("", condition, OR), ("? ", then, OR), (": ", otherwise, CONDITIONAL)]
                return self._rows(rows, room, first, last, hangs=True)
            case Binary(operator, left, right) if POWERS[operator] == RELATION:
                return _Block(self._relation(operator, left, right, room, first, last))
            case Binary(operator):
                return self._rows(_terms(node, POWERS[operator]), room, first, last, hangs=True)
            case Unary(operator, operand):
                bare = operator + print_within(operand, SIGN)
                if isinstance(operand, Constant) or bare != print_within(node, SIGN):  # `-(5)`, `!(-x)`
                    return self._signed(operator, operand, room)
                lines = self.block(operand, SIGN, room, first + 1, last).flatten()
                return _Block([operator + lines[0], *lines[1:]])
            case _:
                return _Block(self._value(node, room, first, last))

    def _signed(self, operator: str, operand: Expression, room: int) -> _Block:
        """Return a sign before an operand that needs parentheses to keep its meaning after one."""
        if isinstance(operand, (Constant, Name)):
            return _Block([print_within(Unary(operator, operand, operand.span), SIGN)])
        return _Block([f"{operator}(", *_indented(self.block(operand, CONDITIONAL, room - 2).flatten()), ")"])

    def _rows(
        self, rows: Sequence[tuple[str, Expression, int]], room: int, first: int, last: int, hangs: bool
    ) -> _Block:
        """Return one row under the other, each with its prefix; comments at both ends are left to the caller."""
        before: Sequence[str] = ()
        lines: list[str] = []
        for number, (prefix, node, floor) in enumerate(rows):
            at_start, at_end = number == 0, number == len(rows) - 1
            indented = hangs and not at_start
            taken = first if at_start else len(prefix)
            block = self.block(node, floor, room - 2 * indented, taken, last if at_end else 0)
            row = [prefix + block.lines[0], *block.lines[1:]]
            if at_start:
                before = block.before
            else:
                row = [*block.before, *row]
            if at_end:
                return _Block([*lines, *(_indented(row) if indented else row)], before, block.beside, block.after)
            row = [*row[:-1], row[-1] + (f" {block.beside}" if block.beside else ""), *block.after]
            lines += _indented(row) if indented else row
        raise AssertionError(rows)

    def _relation(
        self, operator: str, left: Expression, right: Expression, room: int, first: int, last: int
    ) -> list[str]:
        head = self.block(left, RELATION + 1, room, first, len(operator) + 1).flatten()
        if operator == "in" or len(head) > 1 or isinstance(right, ListOf):
            stem = f"{head[-1]} {operator} "
            taken = len(stem) + (first if len(head) == 1 else 0)
            tail = self.block(right, RELATION + 1, room, taken, last).flatten()
            return [*head[:-1], stem + tail[0], *tail[1:]]
        tail = self.block(right, RELATION + 1, room - 2, len(operator) + 1, last).flatten()
        return [*head, *_indented([f"{operator} {tail[0]}", *tail[1:]])]

    def _value(self, node: Expression, room: int, first: int, last: int) -> list[str]:
        """Return a part that never needs parentheses."""
        match node:
            case Call(function, None, arguments):
                return self._call(function, arguments, room, first, last)
            case Call(function, receiver, arguments):
                assert receiver is not None
                head = self.block(receiver, VALUE, room, first, len(function) + 3).flatten()
                taken = first if len(head) == 1 else 0
                return [*head[:-1], *self._call(f"{head[-1]}.{function}", arguments, room, taken, last)]
            case Member(operand, field_name):
                field = f".{print_field(field_name)}"
                return _joined(self.block(operand, VALUE, room, first, last + len(field)).flatten(), [field])
            case Index(operand, index):
                head = self.block(operand, VALUE, room, first).flatten()
                taken = first if len(head) == 1 else 0
                inside = self._flat(index, CONDITIONAL, room - taken - len(head[-1]) - 2 - last)
                if inside is not None:
                    return _joined(head, [f"[{inside}]"])
                return _joined(head, ["[", *_indented(self.block(index, CONDITIONAL, room - 2).flatten()), "]"])
            case ListOf(items) if all(isinstance(item, Constant) for item in items):
                return ["[", *_indented(self._filled(items, room - 2)), "]"]
            case ListOf(items):
                return ["[", *_indented(self._listed([("", item) for item in items], room - 2)), "]"]
            case MapOf(entries):
                pairs = [(f"{print_within(key, CONDITIONAL)}: ", value) for key, value in entries]
                return ["{", *_indented(self._listed(pairs, room - 2)), "}"]
            case Message(type_name, fields):
                pairs = [(f"{print_field(name)}: ", value) for name, value in fields]
                return [f"{type_name}{{", *_indented(self._listed(pairs, room - 2)), "}"]
            case _:
                raise AssertionError(node)

    def _call(self, head: str, arguments: Sequence[Expression], room: int, first: int, last: int) -> list[str]:
        """Return a call, whose text up to the opening parenthesis is given."""
        left = room - first - last - len(head) - 2
        flat = [self._flat(one, CONDITIONAL, left) if id(one) not in self.comments else None for one in arguments]
        texts = [one for one in flat if one is not None]
        if len(texts) == len(arguments) and sum(map(len, texts)) + 2 * len(texts) - 2 <= max(left, 0):
            return [f"{head}({', '.join(texts)})"]
        if len(arguments) == 1 and isinstance(arguments[0], ListOf) and id(arguments[0]) not in self.comments:
            inside = self._value(arguments[0], room, first + len(head) + 1, last + 1)
            return [f"{head}({inside[0]}", *inside[1:-1], f"{inside[-1]})"]
        return [f"{head}(", *_indented(self._listed([("", one) for one in arguments], room - 2)), ")"]

    def _listed(self, entries: Sequence[tuple[str, Expression]], room: int) -> list[str]:
        """Return one entry under the other, commas between them."""
        lines: list[str] = []
        for number, (prefix, node) in enumerate(entries, 1):
            comma = "" if number == len(entries) else ","
            block = self.block(node, CONDITIONAL, room, len(prefix), len(comma))
            rows = [prefix + block.lines[0], *block.lines[1:]]
            lines += _Block(rows, block.before, block.beside, block.after).flatten(comma)
        return lines

    def _filled(self, items: Sequence[Expression], room: int) -> list[str]:
        """Return constants side by side, as many as a line takes."""
        lines: list[str] = []
        line = ""
        for number, item in enumerate(items, 1):
            text = print_within(item, CONDITIONAL) + ("" if number == len(items) else ",")
            own = self.comments.get(id(item), _NONE)
            if line and (own.before or len(line) + 1 + len(text) > room):
                lines.append(line)
                line = ""
            lines += own.before
            line = f"{line} {text}" if line else text
            if own.beside or own.after:
                lines += [f"{line} {own.beside}" if own.beside else line, *own.after]
                line = ""
        return [*lines, line] if line else lines


def _power(node: Expression) -> int:
    """Return how tightly the operator of a node binds."""
    match node:
        case Conditional():
            return CONDITIONAL
        case Logical(operator) | Binary(operator):
            return POWERS[operator]
        case Unary():
            return SIGN
        case _:
            return VALUE


def _terms(node: Expression, power: int) -> list[tuple[str, Expression, int]]:
    """Return the operands of `a + b - c`, each with the operator before it and how tightly it must bind."""
    if isinstance(node, Binary) and POWERS[node.operator] == power >= ADDITION:
        return [*_terms(node.left, power), (f"{node.operator} ", node.right, power + 1)]
    return [("", node, power)]


def _indented(lines: Iterable[str]) -> list[str]:
    return [_INDENT + line for line in lines]


def _joined(head: list[str], tail: list[str]) -> list[str]:
    """Return lines of which the last of `head` and the first of `tail` are one."""
    return [*head[:-1], head[-1] + tail[0], *tail[1:]]
