"""Values of SQL: columns, constants, arithmetic, texts, instants."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

from fasttwitch.importers import trees
from fasttwitch.importers.arithmetic import NUMBERS, calculated, part_of_text
from fasttwitch.importers.columns import Operand, with_article
from fasttwitch.importers.sql.surroundings import DATES, INSTANTS, Surroundings
from fasttwitch.logic.datatypes import BOOL, DATE, DECIMAL, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Type
from fasttwitch.syntax.nodes import Constant, Expression, Member, Name

_UNITS = {
    "DAY": ("days", 1),
    "WEEK": ("days", 7),
    "HOUR": ("hours", 1),
    "MINUTE": ("minutes", 1),
}
_SMALL_UNITS = {"SECOND": "s", "MILLISECOND": "ms", "MICROSECOND": "us"}
# The part of an instant, and what to add to what the language counts from 0.
_PARTS = {
    "YEAR": ("getFullYear", 0),
    "MONTH": ("getMonth", 1),
    "DAY": ("getDate", 0),
    "DOY": ("getDayOfYear", 1),
    "DAYOFYEAR": ("getDayOfYear", 1),
    "DOW": ("getDayOfWeek", 0),
    "DAYOFWEEK": ("getDayOfWeek", 0),
    "HOUR": ("getHours", 0),
    "MINUTE": ("getMinutes", 0),
}
_CASTS = {
    **dict.fromkeys((exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.SMALLINT), INT),
    **dict.fromkeys((exp.DataType.Type.DOUBLE,), DOUBLE),
    **dict.fromkeys((exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT), STRING),
    **dict.fromkeys((exp.DataType.Type.BOOLEAN,), BOOL),
    **dict.fromkeys(DATES, DATE),
    **dict.fromkeys(INSTANTS, TIMESTAMP),
}

Reader = Callable[[Any], Operand]


class Values(Surroundings):
    """Reads what is a value; what is true or false is left to `truth`."""

    __slots__ = ()

    def truth(self, node: exp.Expr) -> Expression:
        """Return a part of the SQL as a predicate."""
        raise NotImplementedError

    def is_predicate(self, node: exp.Expr) -> bool:
        """Return whether a part of the SQL is surely true, false or unknown."""
        raise NotImplementedError

    def value(self, node: exp.Expr, wanted: Type | None = None) -> Operand:
        """Return a value; a constant becomes one of type `wanted`."""
        literal = self.literal(node, wanted)
        if literal is not None:
            return literal
        if self.is_predicate(node):
            return Operand(self.truth(node), BOOL)
        reader, arguments = self.value_readers().get(type(node), (None, ""))
        if reader is None:
            raise self.unsayable(node)
        self.check_arguments(node, arguments)
        return reader(node)

    def check_arguments(self, node: exp.Expr, known: str) -> None:
        """Raise if a node says more than is read of it."""
        more = [name for name, value in node.args.items() if value and name not in known.split()]
        if more:
            raise self.refused(node, f"rules do not know `{more[0].strip('_').upper()}` here")

    def unsayable(self, node: exp.Expr) -> Exception:
        """Return the error for a part of SQL that rules do not have."""
        match node:
            case exp.Null():
                return self.refused(node, "NULL is no value here", "test for it: `IS NULL`")
            case exp.Anonymous():
                return self.refused(node, f"rules have no function `{node.name}`")
            case exp.Subquery() | exp.Query() | exp.Exists():
                return self.refused(node, "rules cannot ask other tables", "import the answer as a column, or a list")
            case exp.Placeholder() | exp.Parameter():
                return self.refused(node, "a placeholder has no value", "write the value itself")
            case exp.AggFunc() | exp.Window():
                return self.refused(node, "a rule looks at one row at a time", "import the answer as a column")
        return self.refused(node, f"rules have no {node.key.upper()}")

    def value_readers(self) -> Mapping[type[exp.Expr], tuple[Reader, str]]:
        """Return what reads each class of values, and the arguments that it looks at."""
        two, one = "this expression", "this"
        return {
            exp.Column: (self.column_of, "this table db catalog"),
            exp.Dot: (self.column_of, two),
            exp.Paren: (lambda node: self.value(node.this), one),
            exp.Neg: (self.negative, one),
            exp.Add: (lambda node: self.sum("+", node), two),
            exp.Sub: (lambda node: self.sum("-", node), two),
            exp.Mul: (self.product, two),
            exp.Div: (self.quotient, f"{two} typed safe"),
            exp.IntDiv: (self.whole_quotient, two),
            exp.Mod: (self.whole_quotient, two),
            exp.Cast: (self.cast, "this to _type safe"),
            exp.TryCast: (self.cast, "this to _type safe"),
            exp.Coalesce: (self.coalesce, "this expressions"),
            exp.Case: (self.case, "this ifs default"),
            exp.If: (self.case, "this true false"),
            exp.Interval: (self.interval, "this unit"),
            exp.CurrentTimestamp: (lambda node: Operand(Name("now", trees.NOWHERE), TIMESTAMP), ""),
            exp.CurrentDate: (self.today, ""),
            exp.Anonymous: (self.by_name, "this expressions"),
            exp.Extract: (lambda node: self.date_part(node, node.this.name, node.expression), two),
            exp.Year: (lambda node: self.date_part(node, "YEAR", node.this), one),
            exp.Month: (lambda node: self.date_part(node, "MONTH", node.this), one),
            exp.Day: (lambda node: self.date_part(node, "DAY", node.this), one),
            exp.Lower: (lambda node: self.folded(node, "lowerAscii"), one),
            exp.Upper: (lambda node: self.folded(node, "upperAscii"), one),
            exp.Length: (lambda node: Operand(trees.call("size", self.text_of(node.this)), INT), f"{one} binary"),
            exp.Trim: (self.trimmed, one),
            exp.Substring: (self.substring, "this start length"),
            exp.Left: (
                lambda node: Operand(part_of_text(self.plain_text(node.this), 0, self.count(node)), STRING),
                two,
            ),
            exp.Right: (
                lambda node: Operand(part_of_text(self.plain_text(node.this), -self.count(node), None), STRING),
                two,
            ),
            exp.StrPosition: (self.position, "this substr"),
            exp.DPipe: (self.joined, f"{two} safe"),
            exp.Abs: (lambda node: self.math("abs", node), one),
            exp.Ceil: (lambda node: self.math("ceil", node), one),
            exp.Floor: (lambda node: self.math("floor", node), one),
            exp.Round: (lambda node: self.math("round", node), one),
        }

    def operands(self, left: exp.Expr, right: exp.Expr, node: exp.Expr) -> tuple[Operand, Operand]:
        """Return two sides of a comparison, constants as the other side needs them."""
        for side in (left, right):
            if isinstance(side.unnest(), exp.Null):
                raise self.refused(node, "a comparison with NULL is never true", "write `IS NULL` or `IS NOT NULL`")
        first = self.literal(left, None)
        if first is not None:
            second = self.value(right)
            first = self.literal(left, second.type) or first
        else:
            first = self.value(left)
            second = self.value(right, first.type)
        if {first.type, second.type} == {DATE, TIMESTAMP}:
            first, second = (
                Operand(trees.call("timestamp", one.tree), TIMESTAMP) if one.type is DATE else one
                for one in (first, second)
            )
        if first.type is None or second.type is None:
            first, second = self.bare_day(first), self.bare_day(second)
        if not _comparable(first.type, second.type):
            raise self.refused(
                node, f"{with_article(first.type)} cannot be compared with {with_article(second.type)}", "cast one side"
            )
        return first, second

    def text_of(self, node: exp.Expr) -> Expression:
        """Return a value that must be a text."""
        operand = self.value(node, STRING)
        if operand.type not in (None, STRING):
            raise self.refused(node, f"this needs a text, not {with_article(operand.type)}", "cast it to VARCHAR")
        return operand.tree

    def plain_text(self, node: exp.Expr) -> Expression:
        """Return a text that may be repeated: a column or a constant."""
        text = self.text_of(node)
        if not isinstance(text, Name | Member | Constant):
            raise self.refused(node, "this takes a column or a constant")
        return text

    def number_of(self, node: exp.Expr) -> Operand:
        """Return a value that must be a number, as far as that is known."""
        operand = self.value(node)
        if operand.type is not None and operand.type not in NUMBERS:
            raise self.refused(node, f"this needs a number, not {with_article(operand.type)}", "cast it")
        return operand

    def negative(self, node: exp.Neg) -> Operand:
        """Return `-x`."""
        operand = self.number_of(node.this)
        if operand.type in (DECIMAL, UINT):
            operand = calculated("-", [operand], fractions=operand.type is DECIMAL)
        return Operand(trees.minus(operand.tree), operand.type)

    def sum(self, operator: str, node: exp.Binary) -> Operand:
        """Return a sum or a difference of numbers, or of instants and lengths of time."""
        left, right = self.value(node.this), self.value(node.expression)
        kinds = (left.type, right.type)
        if TIMESTAMP in kinds or DURATION in kinds:
            if DATE in kinds:
                left, right = (
                    Operand(trees.call("timestamp", one.tree), TIMESTAMP) if one.type is DATE else one
                    for one in (left, right)
                )
            result = DURATION if left.type == right.type else TIMESTAMP
            return Operand(trees.binary(operator, left.tree, right.tree), result)
        if kinds == (DATE, INT):
            return Operand(trees.binary(operator, left.tree, trees.call("days", right.tree)), DATE)
        for side, kind in ((node.this, left.type), (node.expression, right.type)):
            if kind is not None and kind not in NUMBERS:
                raise self.refused(side, f"rules do not calculate with {with_article(kind)} here")
        return calculated(operator, [left, right], fractions=False)

    def product(self, node: exp.Mul) -> Operand:
        """Return a product."""
        return calculated("*", [self.number_of(node.this), self.number_of(node.expression)], fractions=False)

    def quotient(self, node: exp.Div) -> Operand:
        """Return a quotient, with a fraction or without one as the dialect has it."""
        operands = [self.number_of(node.this), self.number_of(node.expression)]
        if not node.args.get("typed"):
            return calculated("/", operands, fractions=True)
        if any(operand.type is None for operand in operands):
            raise self.refused(node, "whether this has a fraction depends on the types", "give `schema=`, or cast")
        return calculated("/", operands, fractions=False)

    def whole_quotient(self, node: exp.IntDiv | exp.Mod) -> Operand:
        """Return a quotient without a fraction, or what remains."""
        operands = [self.number_of(node.this), self.number_of(node.expression)]
        if any(operand.type in (DOUBLE, DECIMAL) for operand in operands):
            raise self.refused(node, "this needs whole numbers on both sides", "cast them to BIGINT")
        return calculated("%" if isinstance(node, exp.Mod) else "/", operands, fractions=False)

    def cast(self, node: exp.Cast) -> Operand:
        """Return a cast between types whose casts mean the same in SQL."""
        target = _CASTS.get(node.to.this)
        operand = self.value(node.this)
        if target is None or node.to.expressions:
            raise self.refused(node, f"rules have no type {node.to.sql().upper()}", "BIGINT, DOUBLE, VARCHAR, DATE, …")
        if operand.type == target:
            return operand
        if target is INT and operand.type in (DOUBLE, DECIMAL):
            raise self.refused(node, "SQL rounds here, and the language cuts off", "round before: ROUND, FLOOR, CEIL")
        if target is STRING and operand.type not in (INT, UINT, BOOL):
            self.noted(node, "the text of such a value may look different in SQL")
        if target is INT and operand.type is None:
            self.noted(node, "a double is cut off here, and rounded in SQL")
        return Operand(trees.call(str(target), operand.tree), target)

    def coalesce(self, node: exp.Coalesce) -> Operand:
        """Return the first of some columns that is there, or the last value."""
        parts = [node.this, *node.expressions]
        if len(parts) == 1:
            return self.value(node.this)
        kinds = [operand.type for each in parts if (operand := self.known(each)) is not None]
        wanted = next((kind for kind in kinds if kind is not None), None)
        found = [self.value(each, wanted) for each in parts]
        for operand, each in zip(found[:-1], parts[:-1], strict=True):
            if not isinstance(operand.tree, Name | Member):
                raise self.refused(each, "only columns can stand before the last operand of COALESCE")
        return Operand(trees.call("coalesce", *(operand.tree for operand in found)), wanted or found[-1].type)

    def known(self, node: exp.Expr) -> Operand | None:
        """Return a column; None for anything else."""
        return self.column_of(node) if isinstance(node, exp.Column) else None

    def case(self, node: exp.Case | exp.If) -> Operand:
        """Return a choice between values; a condition that is unknown takes the ELSE, as in SQL."""
        pairs, last = self.cases(node)
        if last is None:
            raise self.refused(node, "a CASE without ELSE may be NULL, which is no value here", "add an ELSE")
        kinds = [
            operand.type for _, then in pairs if self.literal(then, None) is None and (operand := self.value(then))
        ]
        operand = self.value(last, next((kind for kind in kinds if kind is not None), None))
        for condition, then in reversed(pairs):
            value = self.value(then, operand.type)
            operand = Operand(trees.choice(trees.is_true(condition), value.tree, operand.tree), value.type)
        return operand

    def cases(self, node: exp.Case | exp.If) -> tuple[list[tuple[Expression, exp.Expr]], exp.Expr | None]:
        """Return conditions with what they lead to, and the ELSE."""
        if isinstance(node, exp.If):
            return [(self.truth(node.this), node.args["true"])], node.args.get("false")
        pairs = []
        for each in node.args["ifs"]:
            if node.this is None:
                condition = self.truth(each.this)
            else:
                first, second = self.operands(node.this, each.this, each)
                condition = trees.binary("==", first.tree, second.tree)
            pairs.append((condition, each.args["true"]))
        return pairs, node.args.get("default")

    def interval(self, node: exp.Interval) -> Operand:
        """Return a length of time."""
        unit = node.args["unit"].name.upper().removesuffix("S") if node.args.get("unit") is not None else ""
        amount = node.this.name if isinstance(node.this, exp.Literal) else ""
        if isinstance(node.this, exp.Neg) and isinstance(node.this.this, exp.Literal):
            amount = f"-{node.this.this.name}"
        whole = amount.removeprefix("-").isdecimal() and len(amount) < 16
        if not whole:
            raise self.refused(node, "an interval needs a whole number and a unit", "INTERVAL 30 DAY")
        if unit in _UNITS:
            function, factor = _UNITS[unit]
            return Operand(trees.call(function, trees.whole(int(amount) * factor)), DURATION)
        if unit in _SMALL_UNITS:
            return Operand(trees.call("duration", trees.text_constant(amount + _SMALL_UNITS[unit])), DURATION)
        raise self.refused(node, f"a {unit.lower() or 'length of time'} has no fixed length here", "write it in days")

    def today(self, node: exp.CurrentDate) -> Operand:
        """Return the day of the run."""
        self.noted(node, "the current day is that of the run in UTC")
        return Operand(trees.call("date", Name("now", trees.NOWHERE)), DATE)

    def by_name(self, node: exp.Anonymous) -> Operand:
        """Return a function that sqlglot knows by name only."""
        if node.name.lower() in ("now", "transaction_timestamp", "get_current_timestamp") and not node.expressions:
            return Operand(Name("now", trees.NOWHERE), TIMESTAMP)
        raise self.unsayable(node)

    def date_part(self, node: exp.Expr, part: str, of: exp.Expr) -> Operand:
        """Return the year, the month … of an instant in UTC, or of a day."""
        if part.upper() not in _PARTS:
            raise self.refused(node, f"rules do not know the part {part.upper()}", f"one of {', '.join(_PARTS)}")
        function, offset = _PARTS[part.upper()]
        operand = self.value(of)
        if operand.type not in (None, DATE, TIMESTAMP):
            raise self.refused(of, f"{with_article(operand.type)} has no {part.lower()}")
        if operand.type is not DATE:
            self.noted(node, "parts of an instant are those of UTC")
        tree: Expression = trees.method(operand.tree, function)
        return Operand(trees.binary("+", tree, trees.whole(offset)) if offset else tree, INT)

    def folded(self, node: exp.Func, function: str) -> Operand:
        """Return a text in small or in capital letters."""
        self.noted(node, "only the letters A to Z change their case")
        return Operand(trees.method(self.text_of(node.this), function), STRING)

    def trimmed(self, node: exp.Trim) -> Operand:
        """Return a text without blanks around it."""
        self.noted(node, "tabs and line ends are cut off, too, not blanks alone")
        return Operand(trees.method(self.text_of(node.this), "trim"), STRING)

    def substring(self, node: exp.Substring) -> Operand:
        """Return a part of a text; SQL counts from 1."""
        start = self.position_of(node.args["start"])
        length = node.args.get("length")
        if start < 1:
            raise self.refused(node, "positions in a text begin with 1 here")
        size = None if length is None else self.position_of(length)
        if size is not None and size < 0:
            raise self.refused(node, "a length cannot be negative")
        return Operand(part_of_text(self.plain_text(node.this), start - 1, size), STRING)

    def count(self, node: exp.Left | exp.Right) -> int:
        """Return how many characters LEFT or RIGHT take."""
        count = self.position_of(node.expression)
        if count < 1:
            raise self.refused(node, "take at least one character")
        return count

    def position_of(self, node: exp.Expr) -> int:
        """Return a position in a text, which must be a constant."""
        negative = isinstance(node, exp.Neg)
        digits = node.this if negative else node
        if (
            not isinstance(digits, exp.Literal)
            or digits.is_string
            or not (digits.name.isdecimal() and len(digits.name) < 10)
        ):
            raise self.refused(node, "a position in a text must be a whole number, and a constant")
        return -int(digits.name) if negative else int(digits.name)

    def position(self, node: exp.StrPosition) -> Operand:
        """Return where a text begins in another, from 1; 0 if it does not."""
        found = trees.method(self.text_of(node.this), "indexOf", self.text_of(node.args["substr"]))
        return Operand(trees.binary("+", found, trees.whole(1)), INT)

    def joined(self, node: exp.DPipe) -> Operand:
        """Return two texts one after the other."""
        return Operand(trees.binary("+", self.text_of(node.this), self.text_of(node.expression)), STRING)

    def math(self, function: str, node: exp.Func) -> Operand:
        """Return a function of one number; what is whole already stays as it is."""
        operand = self.number_of(node.this)
        if operand.type is DECIMAL:
            operand = Operand(trees.call("double", operand.tree), DOUBLE)
        if function == "abs":
            return Operand(trees.math("abs", operand.tree), operand.type)
        if operand.type in (INT, UINT):
            return operand
        if operand.type is None:
            operand = Operand(trees.call("double", operand.tree), DOUBLE)
        return Operand(trees.math(function, operand.tree), DOUBLE)


def _comparable(left: Type | None, right: Type | None) -> bool:
    return left is None or right is None or left == right or (left in NUMBERS and right in NUMBERS)
