"""Methods of strings and of lists of strings."""

from typing import Self

from fasttwitch.builder.built import Built, Operand, Operands, called, given, list_of
from fasttwitch.builder.constants import NOWHERE
from fasttwitch.syntax.nodes import Name


class Strings(Built):
    """Tests of strings, and strings made of others; positions count characters, from 0."""

    __slots__ = ()

    def starts_with(self, start: Built | str) -> Self:
        """Return whether a string begins so.

        >>> col("phone").starts_with("+49")
        Expr(phone.startsWith("+49"))
        """
        return self._method("startsWith", start)

    def ends_with(self, end: Built | str) -> Self:
        """Return whether a string ends so.

        >>> col("email").ends_with(".de")
        Expr(email.endsWith(".de"))
        """
        return self._method("endsWith", end)

    def contains(self, part: Built | str) -> Self:
        """Return whether a string holds another.

        >>> col("email").contains("+")
        Expr(email.contains("+"))
        """
        return self._method("contains", part)

    def matches(self, pattern: str) -> Self:
        r"""Return whether some part of a string matches a regular expression (RE2).

        >>> col("zip").matches(r"^\d{5}$")
        Expr(zip.matches(r"^\d{5}$"))
        """
        return self._method("matches", pattern)

    def size(self) -> Self:
        """Return how many characters a string has, or how many items a list.

        >>> col("name").size() > 3
        Expr(name.size() > 3)
        """
        return self._method("size")

    def char_at(self, position: Operand) -> Self:
        """Return the character at a position.

        >>> col("code").char_at(0) == "A"
        Expr(code.charAt(0) == "A")
        """
        return self._method("charAt", position)

    def index_of(self, part: Built | str, start: Operand = None) -> Self:
        """Return where a string holds another for the first time (from `start` on), or -1.

        >>> col("email").index_of("@") > 0
        Expr(email.indexOf("@") > 0)
        """
        return self._method("indexOf", part, *given(start))

    def last_index_of(self, part: Built | str, start: Operand = None) -> Self:
        """Return where a string holds another for the last time (not after `start`), or -1.

        >>> col("path").last_index_of("/")
        Expr(path.lastIndexOf("/"))
        """
        return self._method("lastIndexOf", part, *given(start))

    def substring(self, begin: Operand, end: Operand = None) -> Self:
        """Return the characters from `begin` up to `end`, that one left out.

        >>> col("zip").substring(0, 2) == "10"
        Expr(zip.substring(0, 2) == "10")
        """
        return self._method("substring", begin, *given(end))

    def replace(self, old: Built | str, new: Built | str, count: Operand = None) -> Self:
        """Return a string with one part put for another, everywhere or in the first `count` places.

        >>> col("phone").replace(" ", "")
        Expr(phone.replace(" ", ""))
        """
        return self._method("replace", old, new, *given(count))

    def split(self, separator: Built | str, count: Operand = None) -> Self:
        """Return the parts of a string, at most `count` of them.

        >>> col("tags").split(",").size() >= 2
        Expr(tags.split(",").size() >= 2)
        """
        return self._method("split", separator, *given(count))

    def join(self, separator: Built | str | None = None) -> Self:
        """Return the strings of a list as one, with a separator between them.

        >>> literal([col("first"), col("last")]).join(" ")
        Expr([first, last].join(" "))
        """
        return self._method("join", *given(separator))

    def lower_ascii(self) -> Self:
        """Return a string with A to Z made small; other letters stay.

        >>> col("email").lower_ascii()
        Expr(email.lowerAscii())
        """
        return self._method("lowerAscii")

    def upper_ascii(self) -> Self:
        """Return a string with a to z made capital; other letters stay.

        >>> col("country").upper_ascii() == "DE"
        Expr(country.upperAscii() == "DE")
        """
        return self._method("upperAscii")

    def trim(self) -> Self:
        """Return a string without the blanks at its ends.

        >>> col("name").trim() != ""
        Expr(name.trim() != "")
        """
        return self._method("trim")

    def reverse(self) -> Self:
        """Return the characters of a string in reverse.

        >>> col("code").reverse()
        Expr(code.reverse())
        """
        return self._method("reverse")

    def quote(self) -> Self:
        """Return a string in double quotes, with what needs an escape escaped.

        >>> col("name").quote()
        Expr(strings.quote(name))
        """
        return self._made(called("quote", Name("strings", NOWHERE), self))

    def format(self, values: Operands) -> Self:
        """Return a pattern with values put for its `%s`, `%d`, ….

        >>> literal("%s-%d").format([col("country"), col("age")])
        Expr("%s-%d".format([country, age]))
        """
        return self._method("format", Built(list_of(values)))
