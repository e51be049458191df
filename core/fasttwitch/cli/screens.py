"""What people see: tables, bars and colours that keep to 80 columns, and to plain text where there is no terminal."""

import os
import shutil
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import click

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STEPS = {
    "start": "starting the engine",
    "compile": "compiling rules",
    "generate": "making customers",
    "read": "reading customers",
    "check ids": "looking for missing and repeated ids",
    "evaluate": "evaluating rules",
    "write": "writing audiences",
    "compare": "asking Polars",
}


def is_terminal(err: bool = False) -> bool:
    """Return whether a person looks at this stream."""
    return (sys.stderr if err else sys.stdout).isatty()


def paint(text: str, colour: str, bold: bool = False, err: bool = False) -> str:
    """Return the text in a colour if a person looks at it who wants colours."""
    if not is_terminal(err) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return click.style(text, fg=colour or None, bold=bold or None)


def heading(text: str) -> str:
    """Return a line that opens a block."""
    return paint(text, "", bold=True)


def can_draw() -> bool:
    """Return whether the output takes block characters."""
    return "utf" in (sys.stdout.encoding or "").lower()


def bar(share: float, width: int) -> str:
    """Return a bar of at most `width` cells, in steps of an eighth of a cell; whoever is in it is seen in it."""
    if not can_draw():
        return "#" * max(round(share * width), 1 if share > 0 else 0)
    eighths = max(round(share * width * 8), 1 if share > 0 else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def percent(share: float) -> str:
    """Return a share as people read it: `41.2 %`, `0.3 %`, `< 0.1 %`."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return f"{share * 100:.1f} %"


def seconds(value: float) -> str:
    """Return a time with the unit that suits it."""
    if value < 0.0995:
        return f"{value * 1000:.1f} ms"
    return f"{value:.2f} s" if value < 100 else f"{value / 60:.1f} min"


def counted(number: int, word: str) -> str:
    """Return a number of things: `1 segment`, `24 segments`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def size(count: int) -> str:
    """Return a number of bytes as people read it: `812 bytes`, `1.4 MB`."""
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} bytes"


def clip(text: str, width: int) -> str:
    """Return the text, cut to `width` if it is longer."""
    return text if len(text) <= width else text[: width - 1] + ("…" if can_draw() else "~")


@dataclass(frozen=True, slots=True)
class Row:
    """One segment on a screen."""

    name: str
    customers: int
    unknown: int


def screen_width() -> int:
    """Return how many columns a screen may take: 80, or fewer where the terminal is narrower."""
    return max(40, min(80, shutil.get_terminal_size().columns)) if is_terminal() else 80


def audience_table(rows: Sequence[Row], total: int, width: int = 80) -> Iterable[str]:
    """Yield the lines of a table of segments, that many columns wide; names and bars give way to numbers."""
    number_width = max(len(f"{total:,}"), 9)
    left = width - 2 - 2 - number_width - 2 - 7 - 2 - 2 - number_width  # for names and bars
    name_width = max(min(max([len(one.name) for one in rows] + [7]), 26, left), 7)
    bar_width = max(left - name_width, 0)
    head = f"  {'segment':<{name_width}}  {'customers':>{number_width}}  {'share':>7}  "
    yield paint(f"{head}{'':<{bar_width}}  {'unknown':>{number_width}}", "", bold=True)
    for row in rows:
        share = row.customers / total if total else 0.0
        drawn = bar(share, bar_width) if bar_width else ""
        unknown = (f"{row.unknown:,}" if row.unknown else "-").rjust(number_width)
        yield (
            f"  {clip(row.name, name_width):<{name_width}}  {row.customers:>{number_width},}  {percent(share):>7}  "
            f"{paint(drawn, 'cyan')}{'':<{bar_width - len(drawn)}}  {paint(unknown, 'bright_black')}"
        )


def timing_line(steps: Mapping[str, float], width: int = 80) -> str:
    """Return where the time went, in as many lines as it takes."""
    separator = " · " if can_draw() else ", "
    lines = [""]
    for step, value in steps.items():
        part = f"{step} {seconds(value)}"
        together = f"{lines[-1]}{separator}{part}" if lines[-1] else part
        if len(together) <= width:
            lines[-1] = together
        else:
            lines.append(part)
    return "\n".join(lines)


@dataclass(slots=True)
class Progress:
    """One line at the bottom of a terminal that says what is going on; silent elsewhere."""

    shown: bool = field(default_factory=lambda: is_terminal(err=True))
    last: float = 0.0

    def tell(self, step: str, done: int, total: int) -> None:
        """Show a step, and how far it has come."""
        moment = time.monotonic()
        if not self.shown or (done and moment - self.last < 0.05):
            return
        self.last = moment
        words = _STEPS.get(step, step)
        so_far = f" {done}/{total}" if total else ""
        click.echo(f"\r\x1b[K{words}{so_far} ...", nl=False, err=True)

    def say(self, line: str) -> None:
        """Show a line of the engine's own, such as what it compiles when it runs for the first time."""
        if self.shown:
            click.echo(f"\r\x1b[K{clip(line.strip(), screen_width() - 5)} ...", nl=False, err=True)

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True)
