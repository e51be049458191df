"""YAML text to a document tree.

The tree is built from the reader's events, so that no scalar is guessed at, every node keeps its place, aliases are
refused before they multiply, and depth is bounded before anything recurses.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from fasttwitch.errors import Problem
from fasttwitch.ruleset.nodes import BrokenNode, MappingNode, Node, ScalarNode, SequenceNode
from fasttwitch.ruleset.places import LINE_END, Place, Style, problem_at
from fasttwitch.ruleset.traps import BLOCK_FIX, cut_short, hidden_by_yaml, repair

DEPTH_LIMIT = 32
REPAIR_LIMIT = 50
LARGE = 2**20  # characters from which reading again and again takes too long

# The C reader is some twenty times faster than the one in Python; both give the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STYLES = {
    None: Style.PLAIN,
    "": Style.PLAIN,
    "'": Style.SINGLE,
    '"': Style.DOUBLE,
    "|": Style.BLOCK,
    ">": Style.BLOCK,
}


def read_yaml(text: str, name: str, problems: list[Problem]) -> Node:
    """Return the tree of a YAML document, adding what is wrong with it to `problems`.

    Where YAML itself gives up, the line that it gave up on is reported and blanked, and reading starts again: one
    unfortunate rule must not hide what is wrong with the others.
    """
    lines = tuple(LINE_END.split(text))
    shown = lines  # problems quote the document as it is, not as repaired
    broken: set[int] = set()
    for _ in range(REPAIR_LIMIT if len(text) < LARGE else 3):
        found: list[Problem] = []
        try:
            node = _Composer(_events(text), name, shown, frozenset(broken), found).document()
        except yaml.MarkedYAMLError as error:
            mended = repair(error, name, shown, lines)
            problems.append(mended.problem)
            if mended.lines == lines:  # nothing left to blank: what follows cannot be read
                problems.extend(found)
                break
            lines, shown, text = mended.lines, mended.shown, "\n".join(mended.lines)
            broken.add(mended.emptied)
            continue
        except _TooDeepError:
            problems.extend(found)
            break
        except (yaml.YAMLError, UnicodeError) as error:
            problems.append(_unreadable(error, text, name))
            break
        problems.extend(found)
        nothing_left = bool(broken) and isinstance(node, ScalarNode)
        return BrokenNode(node.place) if nothing_left else node
    return BrokenNode(Place(name, shown))


def _events(text: str) -> Iterator[Any]:
    """Yield the reader's events; they are the library's own untyped objects."""
    yield from yaml.parse(text, Loader=_LOADER)


def _unreadable(error: Exception, text: str, name: str) -> Problem:
    """Return the problem of a document that is not even characters of YAML."""
    at = getattr(error, "position", getattr(error, "start", 0))
    line = len(LINE_END.findall(text[:at])) + 1
    what = f"U+{ord(text[at]):04X}" if at < len(text) else "a character"
    message = f"line {line} of the document has {what}, which a YAML file cannot hold"
    return problem_at(Place(name), "", message, "remove it, and save the document as UTF-8 text")


class _TooDeepError(Exception):
    """Reading must end at once: the reader takes time that grows with the square of the depth."""


class _Composer:
    """Builds nodes from one run of events."""

    def __init__(
        self,
        events: Iterator[Any],
        name: str,
        lines: tuple[str, ...],
        broken: frozenset[int],
        problems: list[Problem],
    ) -> None:
        self.events = events
        self.name = name
        self.lines = lines
        self.broken = broken
        self.problems = problems

    def document(self) -> Node:
        """Return the only document of the stream; an empty stream is an empty text."""
        node: Node = ScalarNode("", True, Place(self.name, self.lines))
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._report(self._place(event), "---", "a second document begins here", "keep one ruleset a file")
                    break
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event, 1)
        return node

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.AliasEvent):
            return self._hidden(place)
        children = self._children(event, depth)
        if event.anchor is not None or event.tag is not None:
            return self._hidden(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return SequenceNode(tuple(children), place)
        return MappingNode(tuple(zip(children[::2], children[1::2], strict=True)), place)

    def _children(self, start: Any, depth: int) -> list[Node]:
        """Return the nodes up to the end of the collection that `start` opens."""
        if depth > DEPTH_LIMIT:
            self._report(self._place(start), "", f"the document nests deeper than {DEPTH_LIMIT} levels")
            raise _TooDeepError
        children: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.CollectionEndEvent):
                break
            children.append(self._node(event, depth + 1))
        return children

    def _scalar(self, event: Any, place: Place) -> Node:
        if place.line in self.broken:
            return BrokenNode(place)
        if event.anchor is not None or event.tag is not None:
            return self._hidden(place)
        text: str = event.value
        plain = place.style is Style.PLAIN
        if plain:
            remainder = cut_short(text, place)
            if remainder:
                fix = f"{BLOCK_FIX}; if it is a comment, give it a line of its own"
                self._report(place, text, f"YAML ends this text before ` {remainder}`", fix)
                return BrokenNode(place)
        return ScalarNode(text, plain, place)

    def _hidden(self, place: Place) -> Node:
        """Report a tag, an anchor or an alias: in a ruleset it is a rule that begins with `!`, `&` or `*`."""
        self.problems.append(hidden_by_yaml(place))
        return BrokenNode(place)

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        style = _STYLES[event.style] if isinstance(event, yaml.ScalarEvent) else Style.NOWHERE
        return Place(self.name, self.lines, start.line + 1, start.column + 1, end.line + 1, end.column + 1, style)

    def _report(self, place: Place, text: str, message: str, fix: str = "") -> None:
        self.problems.append(problem_at(place, text, message, fix))
