"""Exclusions as HTML: a table with a bar for whom each condition keeps out alone."""

from html import escape
from typing import TYPE_CHECKING

from fasttwitch.explanation.page import code, fragment, row, table

if TYPE_CHECKING:
    from fasttwitch.explanation.exclusions import Exclusions

_LONGEST = 200
_HEADS = (("", "kept out by"), ("number", "false"), ("number", "unknown"), ("number", "alone"), ("track", ""))


def exclusions_page(exclusions: "Exclusions") -> str:
    """Return the HTML of exclusions."""
    most = max((one.alone for one in exclusions.conditions), default=0)
    rows = []
    for one in exclusions.conditions:
        text = one.text if len(one.text) <= _LONGEST else f"{one.text[:_LONGEST]}…"
        share = 100 * one.alone / most if most else 0
        bar = f'<span class="bar" style="width:{share:.1f}%"></span>' if one.alone else ""
        numbers = (one.false, one.unknown, one.alone)
        rows.append(row((("", code(text)), *(("number", f"{number:,}") for number in numbers), ("track", bar))))
    moment = exclusions.now.strftime("%Y-%m-%d %H:%M:%SZ")
    title = f"{escape(exclusions.segment)}: {exclusions.inside:,} of {exclusions.customers:,} customers"
    return fragment(
        (
            f'<h2>{title}</h2><p class="faint">at {moment}</p>',
            table(_HEADS, rows),
            '<p class="faint">alone: customers whom this condition keeps out and no other does</p>',
            f'<p class="faint"><small>program {escape(exclusions.digest)}</small></p>',
        )
    )
