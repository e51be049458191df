"""Rules put to the product through its public names, many at a time."""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa

import fasttwitch as ft

ROWS = 70  # more than one word of a mask


@dataclass(frozen=True, slots=True)
class Question:
    """A rule over columns of its own."""

    text: str
    columns: Mapping[str, pa.Array]


@dataclass(frozen=True, slots=True)
class Refused:
    """The product's own words why a rule is wrong."""

    message: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The end of a traceback: the product failed in a way that it should not."""

    trace: str


Answer: TypeAlias = str | Refused | Broken
"""A letter a row, T, F or U; or why there is none."""


def ask(questions: Mapping[str, Question], rows: int = ROWS) -> dict[str, Answer]:
    """Return the answer to every question, whose columns have so many rows.

    Each rule is compiled alone over its own columns, which tells what is wrong with it; all that are right then run as
    one program over one table.
    """
    found = {name: _refusal(question) for name, question in questions.items()}
    accepted = {name: questions[name] for name, wrong in found.items() if wrong is None}
    return {name: wrong for name, wrong in found.items() if wrong is not None} | _together(accepted, rows)


def _refusal(question: Question) -> Refused | Broken | None:
    try:
        _program([question.text], question.columns)
    except ft.RulesetError as error:
        return Refused(str(error))
    except Exception:
        return Broken(traceback.format_exc(limit=-3))
    return None


def _together(questions: Mapping[str, Question], rows: int) -> dict[str, Answer]:
    if not questions:
        return {}
    try:
        return dict(_letters(questions, rows))
    except Exception:
        if len(questions) == 1:
            return dict.fromkeys(questions, Broken(traceback.format_exc(limit=-3)))
    names = list(questions)
    half = len(names) // 2
    found: dict[str, Answer] = {}
    for some in (names[:half], names[half:]):
        found |= _together({name: questions[name] for name in some}, rows)
    return found


def _letters(questions: Mapping[str, Question], rows: int) -> Iterator[tuple[str, str]]:
    columns = {name: array for question in questions.values() for name, array in question.columns.items()}
    texts = [question.text for question in questions.values()]
    # Who is neither in a segment nor in its negation is unknown. A line end closes a comment that a rule may end in.
    program = _program([*texts, *(f"!({text}\n)" for text in texts)], columns)
    found = program.select(pa.table({**columns, "row": pa.array(range(rows))}), threads=1)
    masks = [found.mask(name).to_pylist() for name in program.names]
    for name, true, false in zip(questions, masks[: len(texts)], masks[len(texts) :], strict=True):
        yield name, "".join("T" if yes else "F" if no else "U" for yes, no in zip(true, false, strict=True))


def _program(texts: Sequence[str], columns: Mapping[str, pa.Array]) -> ft.Program:
    schema = pa.schema({**{name: array.type for name, array in columns.items()}, "row": pa.int64()})
    segments = {f"rule-{number}": text for number, text in enumerate(texts)}
    return ft.compile(ft.load_ruleset({"version": 1, "language": "cel/1", "segments": segments}), schema)
