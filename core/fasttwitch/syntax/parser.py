"""Tokens to tree: precedence climbing over the grammar of CEL.

A binary operator is read by its binding power, so the ladder of rules in CEL's grammar is one loop here, and an operand
costs two calls whatever stands around it.
"""

import re
from collections.abc import Callable, Mapping

from fasttwitch.errors import Problem, RulesetError, Source
from fasttwitch.syntax import limits, literals, mistakes
from fasttwitch.syntax.lexer import Tokens, tokenize
from fasttwitch.syntax.mistakes import RefusedError
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
from fasttwitch.syntax.sweep import plain_constants
from fasttwitch.syntax.words import (
    ADDITION,
    CONDITIONAL,
    ESCAPED_FIELD,
    KEYWORDS,
    OR,
    ORDERINGS,
    POWERS,
    RELATION,
    RESERVED,
    is_name,
)


def parse(text: str) -> Expression:
    """Return the tree of a rule's text.

    Raises `RulesetError` with the first problem found. Its source is the text alone; who knows the document that the
    text came from places the problem there (`Problem.at`).
    """
    try:
        _check_characters(text)
        tokens = tokenize(text)
        parser = _Parser(text, tokens)
        tree = parser.expression(CONDITIONAL, 1)
        if tokens.texts[parser.position]:
            raise RefusedError(mistakes.misplaced(text, tokens, parser.position))
        # Each node has a token of its own and each level a node, so a short text needs no measuring.
        if len(tokens.texts) > limits.MAXIMUM_DEPTH and (problem := limits.excess(tree)):
            raise RefusedError(problem)
    except RefusedError as refused:
        shown = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)  # half a character cannot be printed
        raise RulesetError([refused.problem.at(shown, Source.of_text(shown))]) from None
    return tree


_SURROGATE = re.compile("[\ud800-\udfff]")


def _check_characters(text: str) -> None:
    """Raise if the text is too long, or no text."""
    if text.isascii():
        size_bytes = len(text)
    else:
        if match := _SURROGATE.search(text):
            raise RefusedError(
                Problem("half of a character stands here", match.span(), "the file is damaged: save it as UTF-8 again")
            )
        size_bytes = len(text.encode())
    if size_bytes > limits.MAXIMUM_BYTES:
        raise RefusedError(limits.too_many_bytes(size_bytes))


_WORDS = {"true": ("bool", True), "false": ("bool", False), "null": ("null", None)}
_NOT_A_NAME = KEYWORDS | RESERVED
_AFTER_VALUE = frozenset(".[{")


class _Parser:
    """Reads one expression after another from where it stands.

    position  of the next token
    operands  read so far; stops a text of millions of them before its tree is built
    nesting   open brackets
    """

    __slots__ = ("ends", "nesting", "operands", "position", "starts", "text", "texts", "tokens")

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.text = text
        self.tokens = tokens
        self.texts = tokens.texts
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.position = 0
        self.operands = 0
        self.nesting = 0

    # --- operators

    def expression(self, floor: int, depth: int) -> Expression:
        """Return the longest expression from here whose operators bind at least as tightly as `floor`."""
        start = self.starts[self.position]
        left = self.operand(depth)
        if POWERS.get(self.texts[self.position], -1) < floor:
            return left
        return self.climb(left, start, floor, depth)

    def climb(self, left: Expression, start: int, floor: int, depth: int) -> Expression:
        """Return `left`, which begins at `start`, with all that follows and binds at least as tightly as `floor`."""
        texts = self.texts
        while (power := POWERS.get(operator := texts[self.position], -1)) >= floor:
            if power < RELATION:
                finish = self.conditional if power == CONDITIONAL else self.chain
                left = finish(left, start, depth)
                continue
            position = self.position
            self.position = position + 1
            right = self.operand(depth + 1)
            following = texts[self.position]
            if POWERS.get(following, -1) > power:
                right = self.climb(right, self.starts[position + 1], power + 1, depth + 1)
                following = texts[self.position]
            if operator in ORDERINGS and following in ORDERINGS:
                raise self.chained(start, position, depth)
            operator_span = (self.starts[position], self.ends[position])
            left = Binary(operator, left, right, (start, self.ends[self.position - 1]), operator_span)
        return left

    def chain(self, operand: Expression, start: int, depth: int) -> Expression:
        """Return the chain of `&&` or of `||` that begins with `operand`; chains in parentheses dissolve in it."""
        operator = self.texts[self.position]
        power = POWERS[operator]
        operands: list[Expression] = []
        while True:
            if type(operand) is Logical and operand.operator == operator:
                operands += operand.operands
            else:
                operands.append(operand)
            if self.texts[self.position] != operator:
                return Logical(operator, tuple(operands), (start, self.ends[self.position - 1]))
            self.position += 1
            operand = self.expression(power + 1, depth + 1)

    def conditional(self, condition: Expression, start: int, depth: int) -> Expression:
        """Return the conditional that asks for `condition`."""
        self.position += 1
        then = self.expression(OR, depth + 1)
        self.expect(":")
        otherwise = self.expression(CONDITIONAL, depth + 1)
        return Conditional(condition, then, otherwise, (start, self.ends[self.position - 1]))

    def chained(self, start: int, first: int, depth: int) -> RefusedError:
        """Return the refusal of `18 <= age < 65`, which CEL would read as `(18 <= age) < 65`."""
        second = self.position
        self.position += 1
        self.expression(ADDITION, depth)
        end = self.ends[self.position - 1]
        return RefusedError(mistakes.chained_comparison(self.text, self.tokens, (start, end), first, second))

    # --- operands

    def operand(self, depth: int) -> Expression:
        """Return what stands here up to the next binary operator: a value, its signs, and what is applied to it."""
        # One more than allowed, because the constants of a list pass here and are not counted: `excess` is exact.
        self.operands += 1
        if depth > limits.MAXIMUM_DEPTH + 1 or self.operands > limits.MAXIMUM_NODES + 1:
            raise self.too_large(depth)
        position = self.position
        token = self.texts[position]
        read = _READERS.get(token[:1])
        if read is None:
            raise RefusedError(mistakes.missing_value(self.text, self.tokens, position))
        value = read(self, token, position, depth)
        if self.texts[self.position] in _AFTER_VALUE:
            return self.applied(value, position, depth)
        return value

    def name(self, token: str, position: int, depth: int) -> Expression:
        """Return the name or the call that begins here, or the constant that a word is."""
        span = (self.starts[position], self.ends[position])
        self.position = position + 1
        if token in _NOT_A_NAME:
            if token in _WORDS:
                kind, value = _WORDS[token]
                return Constant(kind, value, span)
            if token == "in":
                raise RefusedError(mistakes.missing_value(self.text, self.tokens, position))
            raise RefusedError(mistakes.reserved_word(token, span))
        if self.texts[position + 1] == "(":
            arguments = self.arguments(depth)
            return Call(token, None, arguments, (span[0], self.ends[self.position - 1]), span)
        return Name(token, span)

    def name_or_string(self, token: str, position: int, depth: int) -> Expression:
        """Return what begins with a letter that may be the prefix of a string."""
        return (self.name if token.isidentifier() else self.string)(token, position, depth)

    def number(self, token: str, position: int, depth: int) -> Constant:
        """Return the number that stands here."""
        self.position = position + 1
        return literals.number(token, (self.starts[position], self.ends[position]))

    def string(self, token: str, position: int, depth: int) -> Constant:
        """Return the string that stands here, or the bytes."""
        self.position = position + 1
        return literals.string(token, (self.starts[position], self.ends[position]))

    def point(self, token: str, position: int, depth: int) -> Constant:
        """Return the number that begins with its decimal point."""
        if len(token) == 1 or token == ".?":
            raise RefusedError(mistakes.leading_dot(self.tokens, position))
        return self.number(token, position, depth)

    def sign(self, token: str, position: int, depth: int) -> Expression:
        """Return the operand that begins with one `-` or `!`, or with several of one kind."""
        if len(token) > 1:  # `!=`
            raise RefusedError(mistakes.missing_value(self.text, self.tokens, position))
        self.position = position + 1
        following = self.texts[position + 1]
        if token == "-" and following.lstrip(".")[:1] in _DIGITS and following[-1] not in "uU":
            self.position = position + 2
            return literals.number("-" + following, (self.starts[position], self.ends[position + 1]))
        negative = following == "-" and self.texts[position + 2].lstrip(".")[:1] in _DIGITS
        if following in ("-", "!") and following != token and not negative:
            raise RefusedError(mistakes.mixed_signs(self.tokens, position))
        operand = self.operand(depth + 1)
        return Unary(token, operand, (self.starts[position], self.ends[self.position - 1]))

    def group(self, token: str, position: int, depth: int) -> Expression:
        """Return what stands in the parentheses that open here."""
        self.open()
        inner = self.expression(CONDITIONAL, depth)
        self.close(")")
        return inner

    def list_of(self, token: str, position: int, depth: int) -> ListOf:
        """Return the list that opens here."""
        self.open()
        items: list[Expression] = []
        self.sweep(items)
        while self.texts[self.position] != "]" and len(items) <= limits.MAXIMUM_LIST_CONSTANTS:
            item = self.expression(CONDITIONAL, depth + 1)
            if type(item) is Constant:
                self.operands -= 1
            items.append(item)
            if self.texts[self.position] != ",":
                break
            self.position += 1
        if len(items) > limits.MAXIMUM_LIST_CONSTANTS:
            raise RefusedError(limits.too_many_constants(self.tokens.span(position)))
        self.close("]")
        return ListOf(tuple(items), (self.starts[position], self.ends[self.position - 1]))

    def sweep(self, items: list[Expression]) -> None:
        """Add the plain constants that stand here to `items`, as far as they go."""
        while plain := plain_constants(self.tokens, self.position):
            items += plain
            self.position += 2 * len(plain)  # each has a comma after it, but the last before a `]` may have none
            if self.texts[self.position - 1] == "]":
                self.position -= 1
                break
            if len(items) > limits.MAXIMUM_LIST_CONSTANTS:
                break

    def map_of(self, token: str, position: int, depth: int) -> MapOf:
        """Return the map that opens here."""
        self.open()
        entries: list[tuple[Expression, Expression]] = []
        while self.texts[self.position] != "}":
            key = self.expression(CONDITIONAL, depth + 1)
            self.expect(":")
            entries.append((key, self.expression(CONDITIONAL, depth + 1)))
            if self.texts[self.position] != ",":
                break
            self.position += 1
        self.close("}")
        return MapOf(tuple(entries), (self.starts[position], self.ends[self.position - 1]))

    # --- what follows a value

    def applied(self, value: Expression, first: int, depth: int) -> Expression:
        """Return `value`, which begins at token `first`, with the fields, indices and calls that follow it."""
        start = self.starts[first]
        links = 0
        while (token := self.texts[self.position]) in _AFTER_VALUE:
            links += 1
            if links > limits.MAXIMUM_DEPTH:
                raise self.too_large(limits.MAXIMUM_DEPTH + links)
            if token == ".":
                value = self.selected(value, start, depth)
            elif token == "[":
                self.open()
                index = self.expression(CONDITIONAL, depth + 1)
                self.close("]")
                value = Index(value, index, (start, self.ends[self.position - 1]))
            else:
                value = self.message(first, depth)
        return value

    def selected(self, value: Expression, start: int, depth: int) -> Expression:
        """Return the field of `value`, or the call on it, that the dot here introduces."""
        position = self.position + 1
        field = self.texts[position]
        span = (self.starts[position], self.ends[position])
        self.position = position + 1
        if field[:1] == "`":
            if not ESCAPED_FIELD.fullmatch(field):
                raise RefusedError(mistakes.escaped_field(field, span))
            field = field[1:-1]
        elif field in KEYWORDS or not is_name(field):
            raise RefusedError(mistakes.missing_field(self.text, self.tokens, position))
        elif self.texts[position + 1] == "(":
            arguments = self.arguments(depth)
            return Call(field, value, arguments, (start, self.ends[self.position - 1]), span)
        return Member(value, field, (start, span[1]))

    def arguments(self, depth: int) -> tuple[Expression, ...]:
        """Return the arguments of a call, from its opening parenthesis on."""
        self.open()
        arguments: list[Expression] = []
        if self.texts[self.position] != ")":
            arguments.append(self.expression(CONDITIONAL, depth + 1))
            while self.texts[self.position] == ",":
                self.position += 1
                arguments.append(self.expression(CONDITIONAL, depth + 1))
        self.close(")")
        return tuple(arguments)

    def message(self, first: int, depth: int) -> Message:
        """Return the message whose type name stands from token `first` to the brace here."""
        words = self.texts[first : self.position]
        if any(word in KEYWORDS or (not is_name(word) and word != ".") for word in words):
            raise RefusedError(mistakes.misplaced(self.text, self.tokens, self.position))
        self.open()
        fields: list[tuple[str, Expression]] = []
        while self.texts[self.position] != "}":
            field = self.texts[self.position]
            if ESCAPED_FIELD.fullmatch(field):
                field = field[1:-1]
            elif field in KEYWORDS or not is_name(field):
                raise RefusedError(mistakes.missing_field(self.text, self.tokens, self.position))
            self.position += 1
            self.expect(":")
            fields.append((field, self.expression(CONDITIONAL, depth + 1)))
            if self.texts[self.position] != ",":
                break
            self.position += 1
        self.close("}")
        return Message("".join(words), tuple(fields), (self.starts[first], self.ends[self.position - 1]))

    # --- brackets

    def open(self) -> None:
        """Step over an opening bracket."""
        self.nesting += 1
        if self.nesting > limits.MAXIMUM_DEPTH:
            raise RefusedError(limits.too_deep(self.tokens.span(self.position)))
        self.position += 1

    def close(self, bracket: str) -> None:
        """Step over the closing bracket that must stand here."""
        self.expect(bracket)
        self.nesting -= 1

    def expect(self, token: str) -> None:
        """Step over the token that must stand here."""
        if self.texts[self.position] != token:
            raise RefusedError(mistakes.misplaced(self.text, self.tokens, self.position))
        self.position += 1

    def too_large(self, depth: int) -> RefusedError:
        """Return the refusal of a tree that is too deep here, or else has too many nodes."""
        if depth > limits.MAXIMUM_DEPTH:
            return RefusedError(limits.too_deep(self.tokens.span(self.position)))
        return RefusedError(limits.too_many_nodes((0, len(self.text))))


_DIGITS = frozenset("0123456789")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

# Who reads an operand, by the first character of its first token.
_READERS: Mapping[str, Callable[[_Parser, str, int, int], Expression]] = (
    dict.fromkeys(_LETTERS, _Parser.name)
    | dict.fromkeys("bBrR", _Parser.name_or_string)
    | dict.fromkeys("0123456789", _Parser.number)
    | dict.fromkeys("\"'", _Parser.string)
    | dict.fromkeys("-!", _Parser.sign)
    | {".": _Parser.point, "(": _Parser.group, "[": _Parser.list_of, "{": _Parser.map_of}
)
