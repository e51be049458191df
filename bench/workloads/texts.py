"""Columns of strings as customer bases hold them: names, addresses, codes, versions; nearly all of them different.

ASCII alone, and no tabs or line ends: what the other engines call lower case, white space or length is then what the
language means by it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

FIRST_NAMES = tuple(
    "Anna Ben Clara David Emma Finn Greta Hannah Ida Jonas Karl Lena Mia Noah Olga Paul Quentin Rosa Sam Tara Uwe Vera "
    "Willi Xenia Yara Zoe".split()
)
FAMILY_STEMS = tuple(
    "Schmi Mei Schnei Fisch Web Schul Wag Beck Hoff Koch Rich Klei Wolf Neu Schwar Zim Brau Krueg".split()
)
FAMILY_ENDS = tuple("dt er der man ner bach stein berg feld mann holz tal".split())
MAIL_HOSTS = ("mail.example", "post.example", "shop.example", "web.example", "corp.example")
SOURCES = ("newsletter", "search", "social", "affiliate", "direct", "print")
MEDIA = ("cpc", "email", "banner", "organic", "qr")


@dataclass(frozen=True, slots=True)
class Text:
    """A column of strings.

    name    as rules name it
    column  draws a column of so many rows
    """

    name: str
    column: Callable[[Generator, int], pa.Array]


def picked(name: str, words: Sequence[str], *, nulls: float) -> Text:
    """Return a column of words, each as likely as any other."""

    def column(generator: Generator, rows: int) -> pa.Array:
        return _with_nulls(_pick(generator, rows, words), generator, nulls)

    return Text(name, column)


def mail(name: str, *, nulls: float) -> Text:
    """Return a column of mail addresses, in the upper and lower case in which people typed them."""

    def column(generator: Generator, rows: int) -> pa.Array:
        first, family = _pick(generator, rows, FIRST_NAMES), _pick(generator, rows, families())
        number = pa.array(generator.integers(0, 1_000, rows)).cast(pa.string())
        local = pc.binary_join_element_wise(first, family, number, ".")
        written = pc.binary_join_element_wise(local, _pick(generator, rows, MAIL_HOSTS), "@")
        lower = pa.array(generator.random(rows) < 0.7)
        return _with_nulls(pc.if_else(lower, pc.ascii_lower(written), written), generator, nulls)

    return Text(name, column)


def phone(name: str, *, nulls: float) -> Text:
    """Return a column of phone numbers with blanks where people put them: `+49 170 123 4567`."""

    def column(generator: Generator, rows: int) -> pa.Array:
        parts = [_pick(generator, rows, ("+49", "+43", "+41", "+33"))]
        parts += [pa.array(generator.integers(low, high, rows)).cast(pa.string()) for low, high in _PHONE_PARTS]
        return _with_nulls(pc.binary_join_element_wise(*parts, " "), generator, nulls)

    return Text(name, column)


def numbered(name: str, prefix: str, *, nulls: float) -> Text:
    """Return a column in which no two customers have the same string: `M-00000017`."""

    def column(generator: Generator, rows: int) -> pa.Array:
        digits = pc.utf8_lpad(pa.array(generator.permutation(rows)).cast(pa.string()), 8, "0")
        return _with_nulls(pc.binary_join_element_wise(prefix, digits, ""), generator, nulls)

    return Text(name, column)


def postal_code(name: str, *, nulls: float) -> Text:
    """Return a column of five digits that some file stored as text; one in fifty is no number."""

    def column(generator: Generator, rows: int) -> pa.Array:
        codes = pc.utf8_lpad(pa.array(generator.integers(1_000, 100_000, rows)).cast(pa.string()), 5, "0")
        wrong = pa.array(generator.random(rows) < 0.02)
        return _with_nulls(pc.if_else(wrong, "n/a", codes), generator, nulls)

    return Text(name, column)


def path(name: str, *, nulls: float) -> Text:
    """Return a column of three words between slashes: `search/cpc/17`."""
    words = [f"{source}/{medium}/{number}" for source in SOURCES for medium in MEDIA for number in range(1, 200)]
    return picked(name, words, nulls=nulls)


def version(name: str, *, nulls: float) -> Text:
    """Return a column of versions of an app, of which one in a hundred is none."""
    words = [f"{major}.{minor}.{patch}" for major in range(1, 5) for minor in range(15) for patch in range(6)]
    words += [f"{major}.0.0-beta.{number}" for major in range(2, 5) for number in range(1, 4)] + ["dev", "4.x", "3.1"]
    return picked(name, words, nulls=nulls)


def padded(name: str, words: Sequence[str], *, nulls: float) -> Text:
    """Return a column of words with blanks around some of them, as forms let through."""
    return picked(
        name, [f"{'  ' * (i % 3 == 1)}{word}{' ' * (i % 3 == 2)}" for i, word in enumerate(words)], nulls=nulls
    )


def families() -> tuple[str, ...]:
    """Return the family names: some two hundred."""
    return tuple(stem + end for stem in FAMILY_STEMS for end in FAMILY_ENDS)


_PHONE_PARTS = ((150, 180), (100, 1_000), (1_000, 10_000))


def _pick(generator: Generator, rows: int, words: Sequence[str]) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(generator.integers(0, len(words), rows)))


def _with_nulls(column: pa.Array, generator: Generator, nulls: float) -> pa.Array:
    return pc.if_else(pa.array(generator.random(len(column)) < nulls), pa.scalar(None, column.type), column)
