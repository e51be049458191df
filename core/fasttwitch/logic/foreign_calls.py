"""Calls as other languages and spreadsheets write them, and how this one says the same.

Names are looked up in small letters and without underscores: `DATE_DIFF`, `dateDiff` and `DATEDIFF` are one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fasttwitch.logic.checking import Checking
from fasttwitch.logic.datatypes import DATE, DURATION, INT, STRING, TIMESTAMP, Scalar, Type
from fasttwitch.logic.instants import duration_words
from fasttwitch.logic.names import plain
from fasttwitch.syntax import nodes as syntax

# {x} is the receiver or first argument, {second} the next one, {rest} all others, {plus} and {both} the sum of all.
TEMPLATES = {
    "len": "size({x})",
    "length": "size({x})",
    "count": "size({x})",
    "charlength": "size({x})",
    "lower": "{x}.lowerAscii()",
    "tolower": "{x}.lowerAscii()",
    "tolowercase": "{x}.lowerAscii()",
    "lowercase": "{x}.lowerAscii()",
    "lcase": "{x}.lowerAscii()",
    "upper": "{x}.upperAscii()",
    "toupper": "{x}.upperAscii()",
    "touppercase": "{x}.upperAscii()",
    "uppercase": "{x}.upperAscii()",
    "ucase": "{x}.upperAscii()",
    "strip": "{x}.trim()",
    "slice": "{x}.substring({rest})",
    "left": "{x}.substring(0, {rest})",
    "concat": "{plus}",
    "str": "string({x})",
    "tostring": "string({x})",
    "text": "string({x})",
    "float": "double({x})",
    "number": "double({x})",
    "tonumber": "double({x})",
    "parseint": "int({x})",
    "toint": "int({x})",
    "todate": "date({x})",
    "version": "semver({x})",
    "abs": "math.abs({x})",
    "ceil": "math.ceil({x})",
    "ceiling": "math.ceil({x})",
    "floor": "math.floor({x})",
    "trunc": "math.trunc({x})",
    "sqrt": "math.sqrt({x})",
    "sign": "math.sign({x})",
    "isnan": "math.isNaN({x})",
    "greatest": "math.greatest({x}, {rest})",
    "least": "math.least({x}, {rest})",
    "mod": "{x} % {rest}",
    "year": "{x}.getFullYear({rest})",
    "getyear": "{x}.getFullYear({rest})",
    "month": "{x}.getMonth({rest}) + 1",
    "quarter": "{x}.getMonth({rest}) / 3 + 1",
    "getquarter": "{x}.getMonth({rest}) / 3 + 1",
    "weekday": "{x}.getDayOfWeek({rest})",
    "dayofweek": "{x}.getDayOfWeek({rest})",
    "getday": "{x}.getDayOfWeek({rest})",
    "isweekend": "{x}.getDayOfWeek({rest}) in [0, 6]",
    "in": "{x} in {rest}",
    "isin": "{x} in {rest}",
    "oneof": "{x} in {rest}",
    "get": "{x}[{rest}]",
    "has": "{x}.contains({rest})",
    "isbefore": "{x} < {rest}",
    "isafter": "{x} > {rest}",
    "regex": "{x}.matches({rest})",
    "match": "{x}.matches({rest})",
    "test": "{x}.matches({rest})",
    "exists": "{x} != null",
    "isnotnull": "{x} != null",
    "isempty": '{x} == ""',
    "empty": '{x} == ""',
    "isblank": '{x}.trim() == ""',
    "ifnull": "coalesce({x}, {rest})",
    "nvl": "coalesce({x}, {rest})",
    "equals": "{x} == {rest}",
    "not": "!({x})",
    "insegment": "segment({x})",
}
# Parts of an instant as other languages name them; of a number they are lengths of time.
CLOCK_PARTS = {
    "year": "getFullYear()",
    "month": "getMonth() + 1",
    "day": "getDate()",
    "dayofweek": "getDayOfWeek()",
    "weekday": "getDayOfWeek()",
    "hour": "getHours()",
    "minute": "getMinutes()",
    "second": "getSeconds()",
}
UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
_UNIT = re.compile(r"(?:day|week|month|quarter|year|hour|minute|second|[dmyhwqs]|dd|mm|yyyy)s?", re.IGNORECASE)
_TODAY = re.compile(r"(?:today|now|getdate|curdate|current_?date|current_?timestamp)(?:\(\))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ForeignCall:
    """A call that nobody knows: its operands, receiver first, as they may stand beside `+`, and their types."""

    words: tuple[str, ...]
    kinds: tuple[Type, ...]
    method: bool

    @property
    def operands(self) -> list[tuple[str, Type]]:
        """Words and types of what is no unit of time."""
        return [
            (word, kind) for word, kind in zip(self.words, self.kinds, strict=True) if not _UNIT.fullmatch(_bare(word))
        ]


def foreign_fix(checking: Checking, tree: syntax.Call, receiver_type: Type | None) -> str:
    """Return how this language says a foreign call, "" where nobody knows.

    receiver_type   type of the receiver, which has been visited; None where there is none
    """
    name = plain(tree.function)
    special = SPECIAL.get(name)
    template = TEMPLATES.get(name)
    if special is None and template is None:
        return ""
    words, kinds = [], []
    if tree.receiver is not None:
        words.append(checking.term(tree.receiver))
        kinds.append(receiver_type or STRING)
    for argument in tree.arguments:
        words.append(checking.term(argument))
        kinds.append(checking.glance(argument).type)
    call = ForeignCall(tuple(words), tuple(kinds), tree.receiver is not None)
    if special is not None:
        return special(call, name)
    assert template is not None
    rest = "" if len(words) < 2 and "({rest})" in template and "get" in template else ", ".join(words[1:]) or "…"
    return f"`{template.format(x=words[0] if words else 'x', rest=rest, plus=' + '.join(words) or 'a + b')}`"


def _bare(word: str) -> str:
    return word.strip("\"'")


def _instant(word: str, kind: Type) -> str:
    if _TODAY.fullmatch(word):
        return "now"
    return f"timestamp({word})" if kind is DATE else word


def _difference(call: ForeignCall, name: str) -> str:
    """`DATEDIFF(day, a, b)` is b - a, and without a unit a - b."""
    operands = [_instant(*each) for each in call.operands]
    if len(operands) != 2:
        return "subtract, and compare with a length of time: `now - at > days(30)`"
    later, earlier = operands if len(operands) == len(call.words) else reversed(operands)
    if later != "now" and earlier == "now":
        later, earlier = earlier, later
    return f"subtract, and compare with a length of time: `{later} - {earlier} > days(30)`"


def _age(call: ForeignCall, name: str) -> str:
    """`AGE(birthday)`."""
    word, kind = next(iter(call.operands), ("birthday", DATE))
    if kind is INT:
        return ""
    test = f"now - {word} >= days(6575)" if kind is TIMESTAMP else f"{word} <= date(now - days(6575))"
    return f"count in days, 18 years are 6575: `{test}`"


def _moved(call: ForeignCall, name: str) -> str:
    """`DATEADD(day, 30, at)`, `date_sub(at, 30)`, `at.plusDays(30)`."""
    numbers = [word for word, kind in call.operands if kind is INT]
    moved = [word for word, kind in call.operands if kind is not INT]
    unit = next((each for each in UNITS if each in "".join((name, *map(_bare, call.words))).lower()), "day")
    sign = "-" if "sub" in name or "minus" in name else "+"
    count = numbers[0] if numbers else "30"
    length = f"days({int(count) * UNITS[unit]})" if count.isdigit() else f"days({count})"
    return f"`{moved[0] if moved else 'at'} {sign} {length}`"


def _length(call: ForeignCall, name: str) -> str:
    """`weeks(2)`, `months(3)`: a length of time; of an instant, the part of that name."""
    unit = name.removesuffix("s")
    word, kind = (call.words[0], call.kinds[0]) if call.words else ("1", INT)
    if kind is TIMESTAMP or kind is DATE:
        zone = call.words[1] if len(call.words) > 1 else ""
        part = CLOCK_PARTS.get(unit, "")
        return f"`{word}.{part.replace('()', f'({zone})')}`" if part else _week(call, name)
    if unit not in UNITS:
        return f"`{unit}s({word})`" if unit in ("hour", "minute") else f'`duration("{word}s")`'
    days = str(int(word) * UNITS[unit]) if word.isdigit() else f"{UNITS[unit]} * {word}" if unit != "day" else word
    why = f"a {unit} has no fixed length, count days: " if unit in ("month", "year") else ""
    return f"{why}`days({days})`"


def _substring(call: ForeignCall, name: str) -> str:
    """`SUBSTR(x, 1, 2)` counts from 1, `x.substr(0, 2)` from 0; both go on with a length."""
    word, *numbers = call.words or ("x", "1", "2")
    if not numbers or not all(number.isdigit() for number in numbers):
        return f"count from 0, and leave the end out: `{word}.substring(0, 2)`"
    start = max(0, int(numbers[0]) - (0 if call.method else 1))
    end = f", {start + int(numbers[1])}" if len(numbers) > 1 else ""
    return f"`{word}.substring({start}{end})`"


def _right(call: ForeignCall, name: str) -> str:
    return f'`{call.words[0] if call.words else "x"}.endsWith("…")`'


def _condition(call: ForeignCall, name: str) -> str:
    """`IF(a, b, c)`."""
    if len(call.words) != 3:
        return "write `condition ? value : other value`"
    return f"`({call.words[0]} ? {call.words[1]} : {call.words[2]})`"


def _rounded(call: ForeignCall, name: str) -> str:
    """`ROUND(x)`, `ROUND(x, 2)`."""
    word, *digits = call.words or ("x",)
    if digits and digits[0].isdigit() and 0 < int(digits[0]) < 10:
        factor = f"{10 ** int(digits[0])}.0"
        return f"`math.round({word} * {factor}) / {factor}`"
    return f"`math.round({word})`"


def _week(call: ForeignCall, name: str) -> str:
    return "weeks have no numbers here: compare days, such as `now - days(7)`"


def _today(call: ForeignCall, name: str) -> str:
    return "`now` is this instant, `date(now)` this day"


def _extreme(call: ForeignCall, name: str) -> str:
    """`MAX(a, b)` of values, not of a list of events."""
    named = "math.greatest" if name == "max" else "math.least"
    return f"`{named}({', '.join(call.words)})`" if len(call.words) > 1 and not call.method else ""


def _sum(call: ForeignCall, name: str) -> str:
    return f"`{' + '.join(call.words)}`" if len(call.words) > 1 and not call.method else ""


def _order(call: ForeignCall, name: str) -> str:
    """`at.before(now)` of instants, not of events."""
    instants = len(call.words) == 2 and all(kind in (TIMESTAMP, DATE) for kind in call.kinds if type(kind) is Scalar)
    if not instants or call.kinds[0] not in (TIMESTAMP, DATE):
        return ""
    return f"`{call.words[0]} {'<' if 'before' in name else '>'} {call.words[1]}`"


def _between(call: ForeignCall, name: str) -> str:
    if len(call.words) != 3 or type(call.kinds[0]) is not Scalar:
        return ""
    return f"`{call.words[0]} >= {call.words[1]} && {call.words[0]} <= {call.words[2]}`"


def _is_null(call: ForeignCall, name: str) -> str:
    """`isNull(x)`, and SQL Server's `ISNULL(x, 0)`."""
    word, *others = call.words or ("x",)
    return f"`coalesce({word}, {others[0]})`" if others else f"`{word} == null`"


def _exists(call: ForeignCall, name: str) -> str:
    """`exists(x)`: whether there is a value; with a variable and a condition it is a macro."""
    return f"`{call.words[0]} != null`" if len(call.words) == 1 and type(call.kinds[0]) is Scalar else ""


def _same_letters(call: ForeignCall, name: str) -> str:
    return f"`{call.words[0]}.lowerAscii() == {call.words[1].lower()}`" if len(call.words) == 2 else ""


def _like(call: ForeignCall, name: str) -> str:
    """`x.like("a%")`."""
    word, pattern = (*call.words, "x", "")[:2]
    body = _bare(pattern).strip("%")
    if pattern == _bare(pattern) or re.search(r'[%_"\\]', body):
        return f'`{word}.contains("…")`'
    at_start, at_end = _bare(pattern).startswith("%"), _bare(pattern).endswith("%")
    if not at_start and not at_end:
        return f'`{word} == "{body}"`'
    return f'`{word}.{"contains" if at_start and at_end else "endsWith" if at_start else "startsWith"}("{body}")`'


def _includes(call: ForeignCall, name: str) -> str:
    """`tags.includes("vip")` of a list, `name.includes("a")` of a string."""
    if len(call.words) != 2:
        return ""
    if type(call.kinds[0]) is Scalar:
        return f"`{call.words[0]}.contains({call.words[1]})`"
    return f"`{call.words[1]} in {call.words[0]}`"


def _days_of(call: ForeignCall, name: str) -> str:
    """`(now - at).days()`: a length of time is compared as it is."""
    if not call.words or call.kinds[0] is not DURATION:
        return ""
    return f"compare with a length of time: `{call.words[0]} > {duration_words('30')}`"


Special = Callable[[ForeignCall, str], str]
SPECIAL: Mapping[str, Special] = {
    **dict.fromkeys(("datediff", "daysbetween", "diffdays", "timestampdiff", "dateddiff"), _difference),
    **dict.fromkeys(("age", "getage"), _age),
    **dict.fromkeys(("adddays", "dateadd", "datesub", "plusdays", "minusdays", "addmonths", "addyears"), _moved),
    **dict.fromkeys(("day", "week", "weeks", "month", "months", "year", "years", "hour", "minute"), _length),
    **dict.fromkeys(("second", "seconds"), _length),
    **dict.fromkeys(("substr", "mid", "substring"), _substring),
    **dict.fromkeys(("getweek", "weekofyear", "isoweek"), _week),
    "right": _right,
    **dict.fromkeys(("if", "iff", "iif"), _condition),
    "round": _rounded,
    **dict.fromkeys(("today", "getdate", "curdate", "currentdate", "currenttimestamp"), _today),
    **dict.fromkeys(("max", "min"), _extreme),
    "sum": _sum,
    **dict.fromkeys(("before", "after", "isbefore", "isafter"), _order),
    "between": _between,
    "isnull": _is_null,
    "exists": _exists,
    "equalsignorecase": _same_letters,
    **dict.fromkeys(("includes", "any", "some", "hasitem"), _includes),
    **dict.fromkeys(("like", "ilike"), _like),
    **dict.fromkeys(("getdays", "todays", "indays"), _days_of),
}
# Functions of event streams that other languages have for single values, too.
ALSO_OF_VALUES = frozenset({"max", "min", "sum", "before", "after", "between", "exists"})
