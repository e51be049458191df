"""The pieces of HTML that explanations are made of: no scripts, nothing to load, readable in light and in dark.

Answers are words, and only coloured on top; a part that did not decide is fainter, and says so to screen readers.
"""

from collections.abc import Iterable
from html import escape

_STYLE = """
.fasttwitch{--ink:#1f2328;--faint:#59636e;--line:#d1d9e0;--ground:#fff;--soft:#f6f8fa;
--true:#116329;--true-ground:#dafbe1;--false:#a40e26;--false-ground:#ffebe9;--unknown:#7d4e00;--unknown-ground:#fff8c5;
color:var(--ink);background:var(--ground);font:14px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;
max-width:60rem;padding:1rem 1.25rem;border:1px solid var(--line);border-radius:8px}
@media (prefers-color-scheme:dark){.fasttwitch{--ink:#e6edf3;--faint:#9198a1;--line:#3d444d;--ground:#0d1117;
--soft:#151b23;--true:#56d364;--true-ground:#12261e;--false:#ff8b84;--false-ground:#2d1517;--unknown:#e3b341;
--unknown-ground:#272115}}
.fasttwitch h2{font-size:1.15rem;margin:0 0 .25rem;font-weight:600}
.fasttwitch h3{font-size:.95rem;margin:1.25rem 0 .35rem;font-weight:600}
.fasttwitch p{margin:.25rem 0}
.fasttwitch .faint{color:var(--faint)}
.fasttwitch code,.fasttwitch .rule{font:13px/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.fasttwitch pre{margin:0;padding:.6rem .8rem;background:var(--soft);border-radius:6px;white-space:pre-wrap;
overflow-wrap:anywhere;font:13px/1.6 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:inherit}
.fasttwitch pre span{border-radius:3px;padding:0 .15em}
.fasttwitch pre span:not(.decided){background:none}
.fasttwitch pre .decided{text-decoration:underline;text-underline-offset:3px}
.fasttwitch ul{list-style:none;margin:.15rem 0;padding:0 0 0 1.1rem;border-left:1px solid var(--line)}
.fasttwitch ul.rule{padding-left:0;border-left:0}
.fasttwitch li{margin:.15rem 0}
.fasttwitch .row{display:flex;gap:.6rem;align-items:baseline}
.fasttwitch .row code{white-space:pre-wrap;overflow-wrap:anywhere;background:none;color:inherit;padding:0}
.fasttwitch .idle>.row code,.fasttwitch .idle>details>summary code{color:var(--faint)}
.fasttwitch .told{flex:none;min-width:4.6rem;text-align:center;border-radius:1rem;padding:0 .5rem;
font:600 12px/1.6 system-ui,-apple-system,"Segoe UI",sans-serif;border:1px solid transparent}
.fasttwitch .true{color:var(--true);background:var(--true-ground)}
.fasttwitch .false{color:var(--false);background:var(--false-ground)}
.fasttwitch .unknown{color:var(--unknown);background:var(--unknown-ground)}
.fasttwitch .idle>.row .told,.fasttwitch .idle>details>summary .told{background:none;border-color:var(--line);
font-weight:400}
.fasttwitch h2 .told{font-size:.95rem;padding:.05rem .7rem}
.fasttwitch summary{cursor:pointer}
.fasttwitch summary .row{display:inline-flex}
.fasttwitch table{border-collapse:collapse;margin:.25rem 0;background:none}
.fasttwitch th,.fasttwitch td{text-align:left;padding:.2rem .9rem .2rem 0;border:0;border-bottom:1px solid var(--line);
vertical-align:baseline;background:none;color:inherit}
.fasttwitch th{font-weight:600;font-size:.85rem;color:var(--faint)}
.fasttwitch .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;padding-right:.9rem}
.fasttwitch tr.idle td{color:var(--faint)}
.fasttwitch .bar{display:block;height:.55rem;background:var(--false);border-radius:2px;min-width:1px}
.fasttwitch .track{width:9rem;min-width:5rem}
.fasttwitch .fix{background:var(--soft);border-radius:6px;padding:.6rem .9rem;margin-top:1.1rem}
.fasttwitch .fix h3{margin-top:0}
.fasttwitch .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
"""


def fragment(parts: Iterable[str]) -> str:
    """Return a block with its style, for notebooks and pages."""
    return f'<div class="fasttwitch"><style>{_STYLE}</style>{"".join(parts)}</div>'


def page(title: str, body: str) -> str:
    """Return a whole page around a block."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title></head><body>{body}</body></html>\n"
    )


def told(answer: str) -> str:
    """Return an answer as a coloured word."""
    return f'<span class="told {answer}">{answer}</span>'


def code(text: str) -> str:
    """Return a part of a rule, or a value."""
    return f"<code>{escape(text)}</code>"


def table(heads: Iterable[tuple[str, str]], rows: Iterable[str]) -> str:
    """Return a table from its heads, each a class and a text, and its rows."""
    head = "".join(f'<th scope="col"{_class(name)}>{escape(text)}</th>' for name, text in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def row(cells: Iterable[tuple[str, str]], idle: bool = False) -> str:
    """Return a row of a table from its cells, each a class and HTML."""
    inside = "".join(f"<td{_class(name)}>{html}</td>" for name, html in cells)
    return f"<tr{_class('idle' if idle else '')}>{inside}</tr>"


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
