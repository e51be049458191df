"""Predicates of SQL: the same three truth values as ours, one to one."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

from fasttwitch.importers import trees
from fasttwitch.importers.columns import with_article
from fasttwitch.importers.sql.values import Values
from fasttwitch.logic.datatypes import BOOL
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.patterns import read_pattern
from fasttwitch.syntax.nodes import Conditional, Constant, Expression, Member, Name

_COMPARISONS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "==",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_TEXT_FUNCTIONS = {"suffix": "endsWith", "ends_with": "endsWith", "prefix": "startsWith", "starts_with": "startsWith"}
# Where letters of both cases are the same to LIKE and `=`.
_LOOSE_DIALECTS = ("mysql", "sqlite", "tsql", "doris", "starrocks", "singlestore")

_Piece = tuple[str, str]  # of a LIKE pattern: ("text", words), ("any", "") for `%`, ("one", "") for `_`
_PUNCTUATION = re.compile(r"[\\.^$|?*+()\[\]{}]")
_SMALL = {capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}

Reader = Callable[[Any], Expression]


class Predicates(Values):
    """Reads what is true, false or unknown."""

    __slots__ = ()

    def truth(self, node: exp.Expr) -> Expression:
        """Return a predicate."""
        reader, arguments = self.truth_readers().get(type(node), (None, ""))
        if reader is not None:
            self.check_arguments(node, arguments)
            return reader(node)
        operand = self.value(node, BOOL if isinstance(node, exp.Boolean) else None)
        if operand.type not in (None, BOOL):
            raise self.refused(
                node, f"a condition is needed here, and `{self.words(node)}` is {with_article(operand.type)}"
            )
        return operand.tree

    def is_predicate(self, node: exp.Expr) -> bool:
        """Return whether a node is a predicate whatever is in it."""
        if isinstance(node, exp.Paren):
            return self.is_predicate(node.this)
        if isinstance(node, exp.Anonymous):
            return node.name.lower() in _TEXT_FUNCTIONS
        return type(node) in self.truth_readers() and not isinstance(node, exp.Case | exp.If | exp.Anonymous)

    def truth_readers(self) -> Mapping[type[exp.Expr], tuple[Reader, str]]:
        """Return what reads each class of predicates, and the arguments that it looks at."""
        two, one = "this expression", "this"
        return {
            exp.And: (lambda node: trees.both(*map(self.truth, node.flatten())), two),
            exp.Or: (lambda node: trees.either(*map(self.truth, node.flatten())), two),
            exp.Xor: (lambda node: trees.binary("!=", self.truth(node.this), self.truth(node.expression)), two),
            exp.Not: (lambda node: trees.negation(self.truth(node.this)), one),
            exp.Paren: (lambda node: self.truth(node.this), one),
            **dict.fromkeys(_COMPARISONS, (self.comparison, two)),
            exp.Between: (self.between, "this low high"),
            exp.In: (self.membership, "this expressions query unnest"),
            exp.Is: (self.test, two),
            exp.NullSafeEQ: (self.not_distinct, two),
            exp.NullSafeNEQ: (lambda node: trees.negation(self.not_distinct(node)), two),
            exp.Like: (self.like, f"{two} negate"),
            exp.ILike: (self.like, f"{two} negate"),
            exp.Escape: (self.escaped, two),
            exp.RegexpLike: (self.pattern_test, f"{two} flag"),
            exp.RegexpILike: (self.pattern_test, f"{two} flag"),
            exp.StartsWith: (lambda node: self.text_test("startsWith", node.this, node.expression), two),
            exp.EndsWith: (lambda node: self.text_test("endsWith", node.this, node.expression), two),
            exp.Contains: (lambda node: self.text_test("contains", node.this, node.expression), two),
            exp.IsNan: (lambda node: trees.math("isNaN", self.number_of(node.this).tree), one),
            exp.Case: (self.choice, "this ifs default"),
            exp.If: (self.choice, "this true false"),
            exp.Anonymous: (self.named, "this expressions"),
        }

    def comparison(self, node: exp.Binary) -> Expression:
        """Return `left operator right`."""
        first, second = self.operands(node.this, node.expression, node)
        operator = _COMPARISONS[type(node)]
        if BOOL in (first.type, second.type) and operator not in ("==", "!="):
            raise self.refused(node, "true and false have no order here")
        return trees.binary(operator, first.tree, second.tree)

    def between(self, node: exp.Between) -> Expression:
        """Return `low <= x <= high`."""
        low = self.operands(node.this, node.args["low"], node)
        high = self.operands(node.this, node.args["high"], node)
        return trees.both(trees.binary(">=", low[0].tree, low[1].tree), trees.binary("<=", high[0].tree, high[1].tree))

    def membership(self, node: exp.In) -> Expression:
        """Return `x in [values]`; values that are not constant are compared one by one."""
        if node.args.get("query") is not None or node.args.get("unnest") is not None:
            raise self.refused(node, "rules cannot ask other tables", 'make it a named list: `x in list("…")`')
        items = node.expressions
        operand = self.value(node.this)
        constants: list[Constant] = []
        others: list[Expression] = []
        for item in items:
            if isinstance(item, exp.Null):
                raise self.refused(node, "NULL in a list is never found, and makes NOT IN never true", "leave it out")
            literal = self.literal(item, operand.type)
            if literal is None:
                first, second = self.operands(node.this, item, node)
                others.append(trees.binary("==", first.tree, second.tree))
            else:
                tree = self.bare_day(literal).tree if operand.type is None else literal.tree
                constants.append(tree)  # type: ignore[arg-type]  # calls such as timestamp("…") stand in lists, too
        if not others:
            return trees.listed(operand.tree, constants)
        return trees.either(*([trees.listed(operand.tree, constants)] if constants else []), *others)

    def test(self, node: exp.Is) -> Expression:
        """Return `IS NULL`, `IS TRUE` or `IS FALSE`."""
        match node.expression:
            case exp.Null():
                return self.null_test(node.this)
            case exp.Boolean(this=wanted):
                tree = self.truth(node.this)
                return trees.is_true(tree if wanted else trees.negation(tree))
        raise self.refused(node, "only NULL, TRUE and FALSE can stand behind IS")

    def null_test(self, node: exp.Expr) -> Expression:
        """Return where a value is NULL: a column is asked itself, all else whether it is known."""
        if isinstance(node, exp.Paren):
            return self.null_test(node.this)
        if isinstance(node, exp.Column | exp.Dot):
            return trees.is_null(self.column_of(node).tree)
        if self.is_predicate(node):
            return trees.negation(trees.call("isKnown", self.truth(node)))
        tree = self.value(node).tree
        # Whatever is equal to itself, or is not (NaN), is known.
        return trees.negation(trees.call("isKnown", trees.binary("==", tree, tree)))

    def not_distinct(self, node: exp.Binary) -> Expression:
        """Return `IS NOT DISTINCT FROM`: equal, or both NULL; never unknown."""
        for one, other in ((node.this, node.expression), (node.expression, node.this)):
            if isinstance(other, exp.Null):
                return self.null_test(one)
        first, second = self.operands(node.this, node.expression, node)
        equal = trees.is_true(trees.binary("==", first.tree, second.tree))
        if isinstance(first.tree, Name | Member) and isinstance(second.tree, Name | Member):
            return trees.either(equal, trees.both(trees.is_null(first.tree), trees.is_null(second.tree)))
        if self.literal(node.this, None) is None and self.literal(node.expression, None) is None:
            raise self.refused(node, "IS DISTINCT FROM compares columns, or a value with a constant")
        return equal

    def like(self, node: exp.Like | exp.ILike, escape: str = "") -> Expression:
        """Return LIKE with a constant pattern."""
        literal = node.expression
        if not isinstance(literal, exp.Literal) or not literal.is_string:
            raise self.refused(node, "the pattern of LIKE must be a constant text")
        if "\\" in literal.name and not escape:
            raise self.refused(node, "dialects differ in what a backslash means here", "say it: `ESCAPE '\\'`")
        text, pieces = self.text_of(node.this), _pieces(literal.name, escape)
        if pieces is None:
            raise self.refused(literal, "the pattern ends with its escape character")
        if isinstance(node, exp.ILike):
            self.noted(node, "only the letters A to Z match in both cases")
            text = trees.method(text, "lowerAscii")
            pieces = [(kind, word.translate(_SMALL)) for kind, word in pieces]
        elif self.dialect.lower() in _LOOSE_DIALECTS:
            self.noted(node, "letters of both cases are different here")
        tree = _like(text, pieces)
        return trees.negation(tree) if node.args.get("negate") else tree

    def escaped(self, node: exp.Escape) -> Expression:
        """Return LIKE with an escape character of its own."""
        escape = node.expression
        if (
            not isinstance(node.this, exp.Like | exp.ILike)
            or not isinstance(escape, exp.Literal)
            or len(escape.name) != 1
        ):
            raise self.refused(node, "ESCAPE needs one character")
        self.check_arguments(node.this, "this expression negate")
        return self.like(node.this, escape.name)

    def pattern_test(self, node: exp.RegexpLike | exp.RegexpILike) -> Expression:
        """Return whether a regular expression is found in a text."""
        literal, flag = node.expression, node.args.get("flag")
        if not isinstance(literal, exp.Literal) or not literal.is_string:
            raise self.refused(node, "the regular expression must be a constant text")
        letters = flag.name if isinstance(flag, exp.Literal) else "" if flag is None else "?"
        if letters not in ("", "i", "c"):
            raise self.refused(node, "of the flags, only `i` and `c` can be said")
        folded = letters == "i" or isinstance(node, exp.RegexpILike)
        pattern = ("(?i)" if folded else "") + literal.name
        refusal = read_pattern(pattern)
        if isinstance(refusal, Refusal):
            raise self.refused(literal, refusal.message, refusal.fix or "rules use RE2")
        return trees.method(self.text_of(node.this), "matches", trees.text_constant(pattern))

    def text_test(self, function: str, text: exp.Expr, part: exp.Expr) -> Expression:
        """Return whether a text begins with, ends with or contains another."""
        return trees.method(self.text_of(text), function, self.text_of(part))

    def named(self, node: exp.Anonymous) -> Expression:
        """Return a test that sqlglot knows by name only."""
        function = _TEXT_FUNCTIONS.get(node.name.lower())
        if function is None or len(node.expressions) != 2:
            operand = self.by_name(node)
            raise self.refused(
                node, f"a condition is needed here, and `{self.words(node)}` is {with_article(operand.type)}"
            )
        return self.text_test(function, *node.expressions)

    def choice(self, node: exp.Case | exp.If) -> Expression:
        """Return a choice between predicates; a condition that is unknown takes the ELSE, as in SQL."""
        pairs, last = self.cases(node)
        if last is None:
            return self.choice_without_else(node, pairs)
        tree = self.truth(last)
        for condition, then in reversed(pairs):
            tree = trees.choice(trees.is_true(condition), self.truth(then), tree)
        return tree

    def choice_without_else(self, node: exp.Expr, pairs: list[tuple[Expression, exp.Expr]]) -> Expression:
        """Return `CASE WHEN c THEN a WHEN NOT c THEN b END`, which is `c ? a : b`: unknown where c is."""
        match pairs:
            case [(condition, then), (opposite, otherwise)] if opposite == trees.negation(condition):
                return Conditional(condition, self.truth(then), self.truth(otherwise), trees.NOWHERE)
        raise self.refused(node, "a CASE without ELSE may be NULL", "add an ELSE")


def _pieces(pattern: str, escape: str) -> list[_Piece] | None:
    """Return a LIKE pattern in pieces; None if its last escape escapes nothing."""
    pieces: list[_Piece] = []
    word = ""
    letters = iter(pattern)
    for letter in letters:
        if letter not in ("%", "_", escape):
            word += letter
            continue
        if letter == escape:
            following = next(letters, "")
            if not following:
                return None
            word += following
            continue
        pieces += [("text", word)] if word else []
        pieces.append(("any" if letter == "%" else "one", ""))
        word = ""
    return [*pieces, ("text", word)] if word else pieces


def _like(text: Expression, pieces: list[_Piece]) -> Expression:
    """Return the test for a pattern: a string function where one will do, else a regular expression."""
    match pieces:
        case []:
            return trees.binary("==", text, trees.text_constant(""))
        case [("text", word)]:
            return trees.binary("==", text, trees.text_constant(word))
        case [("text", word), ("any", _)]:
            return trees.method(text, "startsWith", trees.text_constant(word))
        case [("any", _), ("text", word)]:
            return trees.method(text, "endsWith", trees.text_constant(word))
        case [("any", _), ("text", word), ("any", _)]:
            return trees.method(text, "contains", trees.text_constant(word))
    words = [{"any": ".*", "one": "."}.get(kind) or _PUNCTUATION.sub(r"\\\g<0>", word) for kind, word in pieces]
    return trees.method(text, "matches", trees.text_constant(f"(?s)^{''.join(words)}$"))
