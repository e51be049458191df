"""Constants that occur in the data in another spelling: `DE` as `de`, or with blanks around it."""

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from fasttwitch.batch.columns import column_at
from fasttwitch.lint.findings import Finding
from fasttwitch.lint.stored import decoded
from fasttwitch.lint.subject import LONGEST_QUOTE, Rule, Subject, walk
from fasttwitch.logic.datatypes import STRING
from fasttwitch.logic.nodes import Attribute, Compare, Constant, Expression, In
from fasttwitch.plan.sources import Path

MOST_QUOTED = 8  # of a list in a fix
MOST_CONSTANTS = 10_000  # of a list: ids are spelt in one way


def spellings(subject: Subject) -> Iterator[Finding]:
    """Yield constants beside which the data hold the same word in another case, or with blanks at its ends."""
    if subject.data is None:
        return
    meant = _constants(subject)
    if not meant:
        return
    others = {path: _other_spellings(subject, path, words) for path, words in meant.items()}
    for rule in subject.rules.values():
        handled = set(_meant(rule.tree))
        for part in walk(rule.tree):
            if isinstance(part, Compare | In):
                yield from _told(rule, part, others, handled)


def _compared(part: Expression) -> tuple[Attribute, tuple[object, ...]] | None:
    match part:
        case Compare("==" | "!=", Attribute(_, type_) as column, Constant(value)) if type_ is STRING:
            return column, (value,)
        case In(Attribute(_, type_) as column, constants) if type_ is STRING and len(constants) <= MOST_CONSTANTS:
            return column, constants
    return None


def _meant(tree: Expression) -> Iterator[tuple[Path, str]]:
    """Yield all words that a rule compares a column with: a rule that lists both spellings knows of them."""
    for part in walk(tree):
        found = _compared(part)
        if found is not None:
            yield from ((found[0].path, str(word)) for word in found[1])


def _constants(subject: Subject) -> dict[Path, set[str]]:
    found: dict[Path, set[str]] = {}
    for tree in subject.trees.values():
        for path, word in _meant(tree):
            found.setdefault(path, set()).add(word)
    return found


def _other_spellings(subject: Subject, path: Path, words: set[str]) -> Mapping[str, list[tuple[str, int]]]:
    """Return for each word the values of the column that differ from it by case or blanks alone, or not at all, with
    their rows."""
    assert subject.data is not None
    column = column_at(subject.data, path, STRING)
    chunks = [decoded(chunk).cast(pa.large_string()) for chunk in column.chunks]
    counted = pc.value_counts(pa.chunked_array(chunks, pa.large_string()))
    values, counts = counted.field("values"), counted.field("counts")
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    of_plain: dict[str, list[str]] = {}
    for word in words:
        of_plain.setdefault(_plain(word), []).append(word)
    near = pc.is_in(plain, value_set=pa.array(list(of_plain), pa.large_string()))
    found: dict[str, list[tuple[str, int]]] = {}
    for value, key, rows in zip(*(one.filter(near).to_pylist() for one in (values, plain, counts)), strict=True):
        for word in of_plain.get(key, ()):
            found.setdefault(word, []).append((value, rows))
    return found


def _plain(word: str) -> str:
    return str(pc.utf8_lower(pc.utf8_trim_whitespace(pa.scalar(word, pa.large_string()))).as_py())


def _told(
    rule: Rule,
    part: Compare | In,
    others: Mapping[Path, Mapping[str, list[tuple[str, int]]]],
    handled: set[tuple[Path, str]],
) -> Iterator[Finding]:
    found = _compared(part)
    if found is None:
        return
    column, constants = found
    for constant in constants:
        word = str(constant)
        alike = others[column.path].get(word, ())
        near = [one for one in alike if one[0] != word and (column.path, one[0]) not in handled]
        if not near:
            continue
        near.sort(key=lambda one: (-one[1], one[0]))
        (value, rows), *rest = near
        more = f", and in {len(rest)} other spelling{'' if len(rest) == 1 else 's'}" if rest else ""
        shown = f"`{word}` occurs as `{value}` in {rows:,} row{'' if rows == 1 else 's'}{more}"
        if max(len(word), len(value)) <= LONGEST_QUOTE:
            if len(alike) == 1 and value == value.strip():
                fix = _respelt(part, column, constants, word, value)
            else:
                fix = _fix(rule, part, column, constants, [one for one, _ in near])
            yield rule.finding("spelling", shown, part, fix)
            return  # one for each comparison


def _respelt(part: Compare | In, column: Attribute, constants: tuple[object, ...], word: str, value: str) -> str:
    """Return the comparison with a word as the data spell it: they know no other way."""
    name = ".".join(column.path)
    if isinstance(part, Compare):
        return f"`{name} {part.operator} {_quoted(value)}`"
    if len(constants) > MOST_QUOTED or part.list_name:
        return f"write `{_quoted(value)}` for `{_quoted(word)}`"
    words = dict.fromkeys(value if one == word else str(one) for one in constants)
    return f"`{name} in [{', '.join(map(_quoted, words))}]`"


def _fix(rule: Rule, part: Compare | In, column: Attribute, constants: tuple[object, ...], near: list[str]) -> str:
    words = [str(one) for one in constants]
    name = ".".join(column.path)
    value = f"{name}.trim()" if any(one != one.strip() for one in near) else name
    folded = [_small(one.strip()) for one in words]
    if any(_small(one.strip()) in folded and one.strip() not in words for one in near):
        value += ".lowerAscii()"
        words = list(dict.fromkeys(folded))
    elif value == name:
        return "spell it in one way in the data"  # a difference that `lowerAscii` does not see: Ä and ä
    if isinstance(part, Compare):
        return f"`{value} {part.operator} {_quoted(words[0])}`"
    return f"`{value} in [{', '.join(map(_quoted, words))}]`"


def _small(word: str) -> str:
    return "".join(one.lower() if one.isascii() else one for one in word)


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
