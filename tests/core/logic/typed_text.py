"""Typed trees as text, for tables of examples; and a scope that they share.

constants   5  5u  5.0  5d (decimal)  "text"  true  @2026-01-31T00:00:00Z  2026-01-31  +86400s
columns     name:type
calls       f(a, b):type where the type is not bool
"""

from datetime import UTC, date, datetime, timedelta

from fasttwitch.logic import nodes
from fasttwitch.logic.datatypes import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    StructType,
    Unsupported,
)
from fasttwitch.logic.scope import NamedList, Scope

SCOPE = Scope(
    attributes={
        "age": INT,
        "visits": INT,
        "points": UINT,
        "credits": UINT,
        "ltv": DOUBLE,
        "basket": DOUBLE,
        "price": DECIMAL,
        "cost": DECIMAL,
        "country": STRING,
        "city": STRING,
        "opted_in": BOOL,
        "last_order_at": TIMESTAMP,
        "created_at": TIMESTAMP,
        "signup": DATE,
        "session": DURATION,
        "tags": ListType(STRING),
        "prefs": MapType(STRING),
        "address": StructType((("city", STRING), ("geo", StructType((("lat", DOUBLE), ("lon", DOUBLE)))))),
        "photo": Unsupported("binary"),
    },
    segments=frozenset({"vip", "lapsed"}),
    lists={"eu": NamedList(STRING, ("DE", "AT")), "cohorts": NamedList(INT, (1, 2, 3))},
    context=frozenset({"search_term"}),
    events=frozenset({"purchase"}),
)


def typed_text(node: nodes.Expression) -> str:
    """Return a typed tree on one line."""
    match node:
        case nodes.Constant():
            return _constant(node)
        case nodes.Attribute(path, kind):
            return f"{'.'.join(path)}:{kind}"
        case nodes.Now():
            return "now"
        case nodes.Apply(function, arguments, kind):
            return f"{function}({_all(arguments)})" + ("" if kind is BOOL else f":{kind}")
        case nodes.Compare(operator, left, right):
            return f"{_side(left)} {operator} {_side(right)}"
        case nodes.In(operand, constants, list_name):
            values = ", ".join(repr(value) for value in constants)
            return f"{typed_text(operand)} in {list_name}[{values}]"
        case nodes.IsNull(attribute):
            return f"is_null({typed_text(attribute)})"
        case nodes.Not(operand):
            return f"not({typed_text(operand)})"
        case nodes.And(operands):
            return f"and({_all(operands)})"
        case nodes.Or(operands):
            return f"or({_all(operands)})"
        case nodes.Conditional(condition, then, otherwise, kind):
            return f"if({_all((condition, then, otherwise))}):{kind}"
        case nodes.Coalesce(operands, kind):
            return f"coalesce({_all(operands)}):{kind}"
        case nodes.IsTrue(operand):
            return f"is_true({typed_text(operand)})"
        case nodes.IsKnown(operand):
            return f"is_known({typed_text(operand)})"
        case nodes.Segment(name):
            return f"segment({name})"
        case nodes.ListOf(items, kind):
            return f"[{_all(items)}]:{kind}"


def _side(node: nodes.Expression) -> str:
    return f"({typed_text(node)})" if isinstance(node, nodes.Compare | nodes.In) else typed_text(node)


def _all(operands: tuple[nodes.Expression, ...]) -> str:
    return ", ".join(map(typed_text, operands))


def _constant(constant: nodes.Constant) -> str:
    value = constant.value
    if isinstance(value, tuple):
        return repr(value)
    match str(constant.type):
        case "bool":
            return "true" if value else "false"
        case "uint":
            return f"{value}u"
        case "decimal":
            return f"{value}d"
        case "string":
            return f'"{value}"'
        case "timestamp":
            instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(value))
            return "@" + instant.isoformat().replace("+00:00", "Z")
        case "date":
            return (date(1970, 1, 1) + timedelta(days=int(value))).isoformat()
        case "duration":
            return f"+{timedelta(microseconds=int(value)) / timedelta(seconds=1):.15g}s"
        case _:
            return repr(value)
