"""Functions of strings, and of the lists of strings that they make."""

from collections.abc import Mapping

from fasttwitch.library import strings
from fasttwitch.logic.catalogue.signatures import FUNCTION, METHOD, Define, Function, plain
from fasttwitch.logic.datatypes import INT, STRING, ListType, Type

STRINGS = ListType(STRING)


def _method(usage: str, *signatures: tuple[tuple[Type, ...], Type, Define]) -> Function:
    return Function(METHOD, usage, plain(*signatures), "reaches outside the string")


TEXTS: Mapping[str, Function] = {
    "charAt": _method("x.charAt(0)", ((STRING, INT), STRING, strings.char_at)),
    "indexOf": _method(
        'x.indexOf("a")',
        ((STRING, STRING), INT, strings.index_of),
        ((STRING, STRING, INT), INT, strings.index_of),
    ),
    "lastIndexOf": _method(
        'x.lastIndexOf("a")',
        ((STRING, STRING), INT, strings.last_index_of),
        ((STRING, STRING, INT), INT, strings.last_index_of),
    ),
    "substring": _method(
        "x.substring(0, 3)",
        ((STRING, INT), STRING, strings.substring),
        ((STRING, INT, INT), STRING, strings.substring),
    ),
    "replace": _method(
        'x.replace("a", "b")',
        ((STRING, STRING, STRING), STRING, strings.replace),
        ((STRING, STRING, STRING, INT), STRING, strings.replace),
    ),
    "split": _method(
        'x.split(",")',
        ((STRING, STRING), STRINGS, strings.split),
        ((STRING, STRING, INT), STRINGS, strings.split),
    ),
    "join": _method(
        'x.split(" ").join("-")',
        ((STRINGS,), STRING, strings.join),
        ((STRINGS, STRING), STRING, strings.join),
    ),
    "lowerAscii": _method("x.lowerAscii()", ((STRING,), STRING, strings.lower_ascii)),
    "upperAscii": _method("x.upperAscii()", ((STRING,), STRING, strings.upper_ascii)),
    "trim": _method("x.trim()", ((STRING,), STRING, strings.trim)),
    "reverse": _method("x.reverse()", ((STRING,), STRING, strings.reverse)),
    "strings.quote": Function(FUNCTION, "strings.quote(x)", plain(((STRING,), STRING, strings.quote))),
}
