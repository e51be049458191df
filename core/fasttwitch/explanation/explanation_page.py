"""An explanation as HTML: the rule as a tree of answers, the segments that it asks folded open where they matter."""

from html import escape
from typing import TYPE_CHECKING

from fasttwitch.batch.stored_values import visible
from fasttwitch.explanation.answers import Node, Rule
from fasttwitch.explanation.fixes import Change, Fix
from fasttwitch.explanation.page import code, fragment, row, table, told
from fasttwitch.explanation.structure import CONDITION, SEGMENT

if TYPE_CHECKING:
    from fasttwitch.explanation.explained import Explanation

_WORDS = {"all": "all of", "any": "any of", "not": "not", "choice": "choice", "isTrue": "isTrue", "isKnown": "isKnown"}
_CHOICE = ("if", "then", "else")
_LONGEST = 600  # characters of a condition; a list can have a million


def explanation_page(explanation: "Explanation", who: str = "", fix: bool = True) -> str:
    """Return the HTML of an explanation, its fix only where that is asked for."""
    moment = explanation.now.strftime("%Y-%m-%d %H:%M:%SZ")
    rules = {one.segment: one for one in explanation.rules}
    root = explanation.rules[0].root
    tree = _node(root, rules, {explanation.segment}, "")
    parts = [
        f"<h2>{escape(explanation.segment)} is {told(explanation.answer)}</h2>",
        f'<p class="faint">{f"for {escape(visible(who))} " if who else ""}at {moment}</p>',
        f"<h3>Rule</h3><pre>{_as_written(explanation.rules[0])}</pre>",
        f'<h3>Answers</h3><ul class="rule">{tree}</ul>',
        _values(explanation),
        _fix(explanation.fix if fix else None, explanation.segment),
        f'<p class="faint"><small>program {escape(explanation.digest)}</small></p>',
    ]
    return fragment(parts)


def _node(node: Node, rules: dict[str, Rule], shown: set[str], role: str) -> str:
    """Return a part as a list item; `shown` are the segments whose rules stand somewhere already."""
    head = f'<span class="row">{told(node.answer)}<span>{_prefix(role)}{_label(node)}{_aside(node)}</span></span>'
    if node.kind == SEGMENT and node.segment in rules:
        if node.segment in shown:
            inside = ""
        else:
            shown.add(node.segment)
            inner = _node(rules[node.segment].root, rules, shown, "")
            is_open = " open" if node.decided else ""
            inside = f"<details{is_open}><summary>{head}</summary><ul>{inner}</ul></details>"
        return f"<li{_idle(node)}>{inside or head}</li>"
    roles = _CHOICE if node.kind == "choice" else ("",) * len(node.parts)
    inner = "".join(_node(part, rules, shown, name) for part, name in zip(node.parts, roles, strict=True))
    return f"<li{_idle(node)}>{head}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def _as_written(rule: Rule) -> str:
    """Return a rule's text, its conditions coloured as they were answered, those that decided underlined."""
    told_text, end = "", 0
    for one in rule.conditions:
        start, stop = one.span
        name = f"{one.answer}{' decided' if one.decided else ''}"
        inside = rule.text[start:stop]
        shown = inside if len(inside) <= _LONGEST else f"{inside[:_LONGEST]}…"
        told_text += f'{_seen(rule.text[end:start])}<span class="{name}">{_seen(shown)}</span>'
        end = stop
    return told_text + _seen(rule.text[end:])


def _seen(text: str) -> str:
    """Return a piece of a rule with its lines."""
    return escape("\n".join(map(visible, text.split("\n"))))


def _label(node: Node) -> str:
    if node.kind in (CONDITION, SEGMENT):
        return code(node.text if len(node.text) <= _LONGEST else f"{node.text[:_LONGEST]}…")
    return f"<b>{_WORDS[node.kind]}</b>"


def _prefix(role: str) -> str:
    return f"<b>{role}</b> " if role else ""


def _aside(node: Node) -> str:
    return "" if node.decided else '<span class="hidden"> (did not decide)</span>'


def _idle(node: Node) -> str:
    return "" if node.decided else ' class="idle"'


def _values(explanation: "Explanation") -> str:
    if not explanation.values:
        return ""
    rows = [
        row(
            (
                ("", code(one.attribute)),
                ("", "<i>missing</i>" if one.missing else code(one.words)),
                ("", escape(one.age)),
                ("", "decided" if one.decided else ""),
            ),
            idle=not one.decided,
        )
        for one in explanation.values
    ]
    return "<h3>Values</h3>" + table((("", "attribute"), ("", "value"), ("", ""), ("", "")), rows)


def _fix(fix: Fix | None, segment: str) -> str:
    if fix is None:
        return ""
    rows = [
        row((("", code(one.attribute)), ("", code(one.before.words)), ("", "→"), ("", _after(one))))
        for one in fix.changes
    ]
    changes = table((("", "attribute"), ("", "now"), ("", ""), ("", "would do")), rows) if rows else ""
    note = fix.footnote()
    told_note = f'<p class="faint">{escape(note)}</p>' if note else ""
    return f'<div class="fix"><h3>{escape(fix.sentence(segment))}</h3>{changes}{told_note}</div>'


def _after(change: Change) -> str:
    told_after = code(change.after.words) + (f" {escape(change.after.age)}" if change.after.age else "")
    return f"{told_after}, or {escape(change.others)}" if change.others else told_after
