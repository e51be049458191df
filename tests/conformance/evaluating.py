"""Our engine and Google's evaluator on the same expressions and rows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pyarrow as pa

from fasttwitch.syntax import parse
from tests.conformance import scalars
from tests.conformance.asking import Question, Refused, ask
from tests.conformance.google import Evaluator
from tests.conformance.scalars import Writer


@dataclass(slots=True)
class Evaluated:
    """What came of many expressions.

    expressions  compared in every row
    cells        answers compared
    letters      how often each answer was ours
    refused      expressions that our checker refuses, by its message without the author's words
    differing    cells that differ, a line each
    """

    expressions: int = 0
    cells: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)


def compare(random: Random, expressions: int, rows: int) -> Evaluated:
    """Return what both say of so many random expressions over one random table."""
    table = scalars.table(random, rows)
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    writer = Writer(random)
    texts = [writer.value("bool", random.choice((1, 2, 2, 3, 3, 4))) for _ in range(expressions)]
    return judge(texts, table, columns)


def judge(texts: Sequence[str], table: pa.Table, columns: dict[str, pa.Array]) -> Evaluated:
    """Return what both say of these expressions."""
    found = Evaluated()
    google = Evaluator(table)
    questions = {f"{number}": Question(text, columns) for number, text in enumerate(texts)}
    for name, answer in ask(questions, table.num_rows).items():
        text = questions[name].text
        if isinstance(answer, Refused):
            found.refused[re.sub(r"`[^`]*`", "`…`", answer.message.split("\n")[0])] += 1
            continue
        expected, errors = google.answers(parse(text))
        found.expressions += 1
        if not isinstance(answer, str):
            found.differing.append(f"{text}: {answer.trace}")
            continue
        found.cells += len(expected)
        found.letters.update(answer)
        for row, (one, other) in enumerate(zip(answer, expected, strict=True)):
            if one != other:
                cells = {name: value for name, value in table.slice(row, 1).to_pylist()[0].items() if name in text}
                error = errors[expected[:row].count("U")] if other == "U" else ""
                found.differing.append(f"{text} is {one}, Google says {other} {error} where {cells}")
    return found
