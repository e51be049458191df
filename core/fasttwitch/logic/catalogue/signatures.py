"""Signatures of functions: what they take and give, and what they do to values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fasttwitch.logic.datatypes import DOUBLE, INT, UINT, Type
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.nodes import Value

METHOD, FUNCTION, EITHER = "method", "function", "either"
NUMBERS = (INT, UINT, DOUBLE)

Define = Callable[..., Value | None]
Verify = Callable[[Value], Refusal | None]


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature of a function.

    parameters  types, the receiver's first
    result      type
    define      values → value, None where the result is unknown
    constants   place of a parameter that must be a constant → why that constant is refused, or None
    variadic    whether the last parameter stands for one or more
    """

    parameters: tuple[Type, ...]
    result: Type
    define: Define
    constants: Mapping[int, Verify] = field(default_factory=dict)
    variadic: bool = False

    def takes(self, count: int) -> bool:
        """Return whether the overload can be called with so many arguments."""
        return count == len(self.parameters) or (self.variadic and count > len(self.parameters))

    def parameter(self, place: int) -> Type:
        """Return the type of the argument at a place."""
        return self.parameters[min(place, len(self.parameters) - 1)]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    form       METHOD for `x.f(…)`, FUNCTION for `f(…)`, EITHER; names with a dot are functions
    usage      a call, as the documentation writes it
    overloads  tried in this order
    failure    what is said of constants that have no result
    """

    form: str
    usage: str
    overloads: tuple[Overload, ...]
    failure: str = "has no result"


def plain(*signatures: tuple[tuple[Type, ...], Type, Define]) -> tuple[Overload, ...]:
    """Return overloads of which every argument may vary."""
    return tuple(Overload(parameters, result, define) for parameters, result, define in signatures)


def same(value: Value) -> Value:
    """Return the value itself: `string(name)` of what is a string."""
    return value
