"""Functions of numbers: `math.…`."""

from collections.abc import Mapping

from fasttwitch.library import mathematics
from fasttwitch.logic.catalogue.signatures import FUNCTION, NUMBERS, Define, Function, Overload, plain, same
from fasttwitch.logic.datatypes import BOOL, DOUBLE, INT, UINT, ListType, Type
from fasttwitch.logic.nodes import Value


def _function(
    arguments: str, *signatures: tuple[tuple[Type, ...], Type, Define], failure: str = "has no result"
) -> tuple[str, tuple[Overload, ...], str]:
    return arguments, plain(*signatures), failure


def _extreme(define: Define) -> tuple[str, tuple[Overload, ...], str]:
    """Return the signatures of `greatest` or `least`: of one or more numbers, or of a list of them."""

    def of_list(values: tuple[Value, ...]) -> Value | None:
        return define(*values) if values else None

    single = (Overload((kind,), kind, define, variadic=True) for kind in NUMBERS)
    listed = (Overload((ListType(kind),), kind, of_list) for kind in NUMBERS)
    return "a, b", (*single, *listed), "has no result"


def _rounding(define: Define) -> tuple[str, tuple[Overload, ...], str]:
    return _function("x", ((DOUBLE,), DOUBLE, define))


def _question(define: Define) -> tuple[str, tuple[Overload, ...], str]:
    return _function("x", ((DOUBLE,), BOOL, define))


def _bits(define: Define) -> tuple[str, tuple[Overload, ...], str]:
    return _function("a, b", ((INT, INT), INT, define), ((UINT, UINT), UINT, define))


def _shift(of_int: Define, of_uint: Define) -> tuple[str, tuple[Overload, ...], str]:
    signatures = ((INT, INT), INT, of_int), ((UINT, INT), UINT, of_uint)
    return _function("a, 3", *signatures, failure="shifts by a negative number")


# name: (arguments of an example, overloads, what is said of constants without a result)
_FUNCTIONS: Mapping[str, tuple[str, tuple[Overload, ...], str]] = {
    "greatest": _extreme(mathematics.greatest),
    "least": _extreme(mathematics.least),
    "abs": _function(
        "x",
        ((INT,), INT, mathematics.absolute_int),
        ((UINT,), UINT, same),
        ((DOUBLE,), DOUBLE, mathematics.absolute_double),
        failure="does not fit into an int",
    ),
    "sign": _function("x", *(((kind,), kind, mathematics.sign) for kind in NUMBERS)),
    "sqrt": _function("x", *(((kind,), DOUBLE, mathematics.square_root) for kind in NUMBERS)),
    "ceil": _rounding(mathematics.ceiling),
    "floor": _rounding(mathematics.floor),
    "round": _rounding(mathematics.round_half_away),
    "trunc": _rounding(mathematics.truncate),
    "isNaN": _question(mathematics.is_nan),
    "isInf": _question(mathematics.is_infinite),
    "isFinite": _question(mathematics.is_finite),
    "bitAnd": _bits(mathematics.bit_and),
    "bitOr": _bits(mathematics.bit_or),
    "bitXor": _bits(mathematics.bit_xor),
    "bitNot": _function("a", ((INT,), INT, mathematics.bit_not_int), ((UINT,), UINT, mathematics.bit_not_uint)),
    "bitShiftLeft": _shift(mathematics.shift_left_int, mathematics.shift_left_uint),
    "bitShiftRight": _shift(mathematics.shift_right_int, mathematics.shift_right_uint),
}

MATHEMATICS: Mapping[str, Function] = {
    f"math.{name}": Function(FUNCTION, f"math.{name}({arguments})", overloads, failure)
    for name, (arguments, overloads, failure) in _FUNCTIONS.items()
}
