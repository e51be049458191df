"""Tables in Markdown, and how numbers are written there."""

from collections.abc import Iterable


def head(*names: str) -> Iterable[str]:
    """Yield the two lines that begin a table: all columns but the first are aligned to the right."""
    yield line(*names)
    yield line(*("---:" if position else "---" for position in range(len(names))))


def line(*cells: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |"


def ratio_of(value: float) -> str:
    """Return how many times as long something took."""
    return f"{value:.1f}×" if value < 10 else f"{value:,.0f}×"


def many(number: int) -> str:
    """Return a number with its thousands set apart."""
    return "1 million" if number == 1_000_000 else f"{number:,}"
