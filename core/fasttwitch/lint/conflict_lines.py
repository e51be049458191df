"""Conflicts as text: a block for each kind, a line for each finding."""

from collections.abc import Iterator

from fasttwitch.batch.stored_values import visible, words_of
from fasttwitch.explanation.annotation import Line
from fasttwitch.lint.conflict_findings import (
    CONTAINED,
    DISJOINT,
    EMPTY,
    EQUAL,
    EVERYBODY,
    OBSERVED,
    PROVED,
    Conflict,
    Conflicts,
    Witness,
)

MOST_ALIKE = 10  # lines of one kind and certainty; all of them are in `findings`
_HEADINGS = {
    EMPTY: "nobody is in",
    EVERYBODY: "everybody is in",
    EQUAL: "the same customers",
    CONTAINED: "one inside the other",
    DISJOINT: "nobody in both",
}


def lines(found: Conflicts) -> list[Line]:
    """Return the lines of a search."""
    return [*_head(found), *_blocks(found), *_notes(found)]


def sentence(conflict: Conflict) -> str:
    """Return a conflict as one line, without its certainty."""
    names = [f"`{visible(name)}`" for name in conflict.segments]
    numbers = [f"{count:,}" for count in conflict.customers]
    shown = _witnesses(conflict)
    match conflict.kind:
        case "empty":
            return f"nobody is in {names[0]}"
        case "everybody":
            return f"everybody is in {names[0]}"
        case "equal":
            return f"{names[0]} = {names[1]}: {numbers[0]} customers{shown}"
        case "contained":
            return f"{names[0]} inside {names[1]}: {numbers[0]} of {numbers[1]} customers{shown}"
    return f"{names[0]} outside {names[1]}: {numbers[0]} and {numbers[1]} customers{shown}"


def _head(found: Conflicts) -> Iterator[Line]:
    customers = _counted(found.customers, "customer")
    moment = found.now.strftime("%Y-%m-%d %H:%M:%SZ")
    if found.drafts:
        who = f"{_counted(len(found.drafts), 'draft')} beside {_counted(found.segments - len(found.drafts), 'segment')}"
    else:
        who = _counted(found.segments, "segment")
    yield Line("heading", f"{who}, {customers}, at {moment}: {_counted(len(found.findings), 'conflict')}")


def _blocks(found: Conflicts) -> Iterator[Line]:
    for kind in found.kinds:
        some = found.of(kind)
        if some:
            yield Line("", "")
            yield Line("heading", _HEADINGS[kind])
            for certainty in (PROVED, OBSERVED):
                alike = [one for one in some if one.certainty == certainty]
                for one in alike[:MOST_ALIKE]:
                    told = f"`{visible(one.segments[0])}`" if len(one.segments) == 1 else sentence(one)
                    yield Line("value", f"  {certainty:<8}  {told}")
                if len(alike) > MOST_ALIKE:
                    yield Line("note", f"  {certainty:<8}  … {len(alike) - MOST_ALIKE:,} more")


def _notes(found: Conflicts) -> Iterator[Line]:
    notes = []
    certainties = {one.certainty for one in found.findings}
    if PROVED in certainties:
        notes.append("proved: by the rules alone, whoever the customers are")
    if OBSERVED in certainties:
        notes.append("observed: true of these customers")
    if found.implied:
        notes.append(f"left out, as they follow from these: {_counted(found.implied, 'pair')}")
    if found.by_chance:
        notes.append(f"left out, as they may be mere chance: {_counted(found.by_chance, 'pair')}")
    if notes:
        yield Line("", "")
        for note in notes:
            yield Line("note", f"  {note}")


def _witnesses(conflict: Conflict) -> str:
    told = [f"{_who(one)} {_where(conflict, one)}" for one in conflict.witnesses]
    return f" ({', '.join(told)})" if told else ""


def _who(witness: Witness) -> str:
    if witness.id is None:
        return f"row {witness.row}"
    return visible(witness.id) if isinstance(witness.id, str) else words_of(witness.id)


def _where(conflict: Conflict, witness: Witness) -> str:
    if witness.inside == conflict.segments:
        return "in both"
    return f"only in {visible(witness.inside[0])}"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
