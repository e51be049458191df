"""What every part of a rule is for one customer, and which parts decided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fasttwitch.explanation.readings import Path
from fasttwitch.explanation.structure import CHOICE, CONDITION, SEGMENT, Part, Structure
from fasttwitch.syntax.nodes import Span

TRUE, FALSE, UNKNOWN = "true", "false", "unknown"
Answers = Mapping[str, Sequence[str]]  # by segment: the answer of each part


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule, and what it is for this customer.

    kind        "all" (`&&`), "any" (`||`), "not", "choice" (`?:`), "isTrue", "isKnown", "segment" or "condition"
    span        its place in the rule as written
    text        its canonical text
    answer      "true", "false" or "unknown"
    decided     the segment's answer came from it
    paths       the attributes that a condition reads
    reads_now   a condition's answer depends on the clock
    segment     the name in `segment("…")`, else ""
    parts       the parts directly inside, in the order of the text
    place       its number among all nodes of the rule's tree
    """

    kind: str
    span: Span
    text: str
    answer: str
    decided: bool
    paths: tuple[Path, ...] = ()
    reads_now: bool = False
    segment: str = ""
    parts: tuple["Node", ...] = ()
    place: int = field(default=0, repr=False)

    @property
    def attributes(self) -> tuple[str, ...]:
        """What a condition reads, dotted where they are fields."""
        return tuple(".".join(path) for path in self.paths)

    def walk(self) -> Iterator["Node"]:
        """Yield this part and all inside it, each before those inside it, in the order of the text."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Rule:
    """One segment's rule, and what it is for this customer.

    text     as written
    decided  the answer that was asked for came from it
    root     the whole rule as a part
    """

    segment: str
    text: str
    decided: bool
    root: Node

    @property
    def answer(self) -> str:
        """What the whole rule is: "true", "false" or "unknown"."""
        return self.root.answer

    @property
    def conditions(self) -> tuple[Node, ...]:
        """The parts that `&& || ! ?: isTrue isKnown` join, in the order of the text."""
        return tuple(_conditions(self.root))


def _conditions(node: Node) -> Iterator[Node]:
    if node.kind in (CONDITION, SEGMENT):
        yield node
        return
    for part in node.parts:
        yield from _conditions(part)


def answered(structures: Mapping[str, Structure], answers: Answers) -> tuple[Rule, ...]:
    """Return the rules with their answers, those that matter marked; the first is the one that was asked for."""
    deciding = _deciding(structures, answers)
    return tuple(
        Rule(name, one.text, bool(deciding[name]), _node(one, 0, answers[name], deciding[name]))
        for name, one in structures.items()
    )


def _node(structure: Structure, number: int, answers: Sequence[str], deciding: set[int]) -> Node:
    part = structure.parts[number]
    return Node(
        part.kind,
        part.span,
        part.text,
        answers[number],
        number in deciding,
        part.paths,
        part.reads_now,
        part.segment,
        tuple(_node(structure, one, answers, deciding) for one in part.parts),
        part.place,
    )


def _deciding(structures: Mapping[str, Structure], answers: Answers) -> dict[str, set[int]]:
    """Return the numbers of the parts that the answer came from, by segment."""
    found: dict[str, set[int]] = {name: set() for name in structures}
    ahead = [(next(iter(structures)), 0)]
    while ahead:
        name, number = ahead.pop()
        if number in found[name]:
            continue
        found[name].add(number)
        part = structures[name].parts[number]
        if part.kind == SEGMENT and part.segment in structures:
            ahead.append((part.segment, 0))
        ahead += ((name, one) for one in deciding_parts(part, number, answers[name]))
    return found


def deciding_parts(part: Part, number: int, answers: Sequence[str]) -> Iterable[int]:
    """Return which of the parts directly inside made a part what it is."""
    if part.kind == CHOICE:
        condition, then, otherwise = part.parts
        asked = answers[condition]
        return (condition,) if asked == UNKNOWN else (condition, then if asked == TRUE else otherwise)
    if part.kind in ("all", "any"):
        return [one for one in part.parts if answers[one] == answers[number]]
    if part.kind == CONDITION and answers[number] == UNKNOWN:
        return [one for one in part.parts if answers[one] == UNKNOWN] or part.parts
    return part.parts


def paths_of(rules: Iterable[Rule]) -> tuple[Path, ...]:
    """Return all attributes that the rules read, in their order."""
    return tuple(dict.fromkeys(path for rule in rules for one in rule.conditions for path in one.paths))


def paths_in_doubt(rules: Iterable[Rule]) -> tuple[Path, ...]:
    """Return the attributes that conditions read which are unknown, in the order of the rules."""
    unknown = (one for rule in rules for one in rule.conditions if one.answer == UNKNOWN)
    return tuple(dict.fromkeys(path for one in unknown for path in one.paths))
