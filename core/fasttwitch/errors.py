"""Everything that can go wrong, as fields; `str()` renders.

FasttwitchError
├── RulesetError     rules or their document are wrong: holds every problem found
├── DataError        a table, file or column does not fit what the program expects
├── ProgramError     a compiled program cannot be used here
├── OutputError      an answer cannot be written where it should go
├── ImporterError    a rule of another system cannot be said in this language
└── ExporterError    a rule cannot be said in the language of another system
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule's text stands in a document.

    name      file name, or a word like "rule" when there is no file
    lines     all lines of the document, without line ends
    line      number of the line on which the rule's text begins, from 1
    column    column at which it begins there, from 1
    positions for texts whose characters do not stand in the document one by one (folded or escaped scalars): the
              (line, column) of each character of the text; else empty
    """

    name: str
    lines: tuple[str, ...]
    line: int = 1
    column: int = 1
    positions: tuple[tuple[int, int], ...] = ()

    @staticmethod
    def of_text(text: str, name: str = "rule") -> "Source":
        """Return the source of a rule that stands alone."""
        return Source(name, tuple(text.split("\n")))

    def locate(self, text: str, offset: int) -> tuple[int, int]:
        """Return (line, column), both from 1, of the character at `offset` of the rule's text."""
        if self.positions:
            if offset < len(self.positions):
                return self.positions[offset]
            line, column = self.positions[-1]
            return line, column + 1
        before = text[:offset]
        newlines = before.count("\n")
        if newlines == 0:
            return self.line, self.column + offset
        indent = self.column - 1 if self.line > 1 or self.column > 1 else 0
        return self.line + newlines, offset - before.rfind("\n") + indent


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, and how to mend it.

    message  lower case, no full stop, the author's own words in backticks
    span     offsets into `text`, or None when the problem has no place
    fix      what to write instead, or "" when there is no good advice
    text     the rule's text that `span` counts in
    source   where that text stands in a document
    """

    message: str
    span: tuple[int, int] | None = None
    fix: str = ""
    text: str = field(default="", repr=False)
    source: Source | None = field(default=None, repr=False)

    def at(self, text: str, source: Source) -> "Problem":
        """Return the same problem, placed in a document."""
        return replace(self, text=text, source=source)

    def __str__(self) -> str:
        lines = [self.message]
        if self.source is not None and self.span is not None:
            lines += _excerpt(self.source, self.text, self.span)
        elif self.source is not None:
            lines.append(f" --> {self.source.name}")
        if self.fix:
            lines.append(f"  = fix: {self.fix}")
        return "\n".join(lines)


class FasttwitchError(Exception):
    """The root of all errors that this package raises on purpose."""


class RulesetError(FasttwitchError):
    """Rules or their document are wrong.

    problems  every problem found, in the order of the document
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        blocks = [str(problem) for problem in self.problems]
        if len(blocks) > 1:
            blocks.append(f"{len(blocks)} problems")
        return "\n\n".join(blocks)


class DataError(FasttwitchError):
    """A table, file or column does not fit what the program expects."""

    def __init__(self, message: str, fix: str = "") -> None:
        self.message = message
        self.fix = fix
        super().__init__(message, fix)

    def __str__(self) -> str:
        return f"{self.message}\n  = fix: {self.fix}" if self.fix else self.message


class ProgramError(DataError):
    """A compiled program cannot be used here."""


class OutputError(DataError):
    """An answer cannot be written where it should go."""


class ImporterError(FasttwitchError):
    """A rule of another system cannot be said in this language, or is none.

    problem  what, why, and what to do instead; with its text and span where the source is a text such as SQL
    place    where in the source: a path such as `$.rules[2].value`, or a line and a column
    """

    def __init__(self, problem: Problem, place: str) -> None:
        self.problem = problem
        self.place = place
        super().__init__(problem, place)

    @property
    def message(self) -> str:
        """What is wrong."""
        return self.problem.message

    @property
    def fix(self) -> str:
        """What to do instead, or ""."""
        return self.problem.fix

    def __str__(self) -> str:
        if self.problem.source is not None:
            return str(self.problem)
        lines = [self.message, f" --> {self.place}"]
        return "\n".join([*lines, f"  = fix: {self.fix}"] if self.fix else lines)


class ExporterError(FasttwitchError):
    """A rule cannot be said in the language of another system.

    problem  what cannot be said, where in the rule, and what to do instead
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)

    def __str__(self) -> str:
        return str(self.problem)


def _excerpt(source: Source, text: str, span: tuple[int, int]) -> list[str]:
    """Return the ` --> place` line, the line of the document and the carets under it."""
    line, column = source.locate(text, span[0])
    end_line, end_column = source.locate(text, max(span[0], span[1] - 1))
    shown = source.lines[line - 1] if line <= len(source.lines) else ""
    width = end_column - column + 1 if end_line == line else len(shown) - column + 1
    left = 0
    if len(shown) > 160:  # a rule of thousands of characters: show the neighbourhood of the problem
        left = max(0, column - 61)
        shown = ("…" if left else "") + shown[left : left + 140] + "…"
        column -= left - (1 if left else 0)
    carets = " " * (column - 1) + "^" * max(1, min(width, len(shown) - column + 1))
    margin = " " * len(str(line))
    return [
        f"{margin}--> {source.name}:{line}:{column + (left - 1 if left else 0)}",
        f"{line} | {shown}",
        f"{margin} | {carets}",
    ]
