"""From a path, a text or a mapping to a ruleset, or to everything that is wrong with it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fasttwitch.errors import Problem, RulesetError, Source
from fasttwitch.garbage import without_collector
from fasttwitch.logic.names import nearest
from fasttwitch.ruleset.json_document import read_json
from fasttwitch.ruleset.model import Ruleset
from fasttwitch.ruleset.nodes import BrokenNode, Node
from fasttwitch.ruleset.places import Place
from fasttwitch.ruleset.sections import declared_names, read_document
from fasttwitch.ruleset.value_document import read_value
from fasttwitch.ruleset.yaml_document import read_yaml

SIZE_LIMIT = 64 * 1024 * 1024

_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as far as it can be read.

    ruleset        what could be read; None if that is nothing
    segments, lists   the names that the document declares, also of entries that are wrong
    problems       in the order of the document
    """

    ruleset: Ruleset | None
    segments: frozenset[str]
    lists: frozenset[str]
    problems: tuple[Problem, ...]


def load_ruleset(
    source: str | os.PathLike[str] | Mapping[str, object], *, base: str | os.PathLike[str] | None = None
) -> Ruleset:
    """Return the ruleset that a document holds.

    source  a path; the text of a document, YAML or JSON; or a mapping of sections. A str that names a file, or ends in
            .yaml, .yml or .json on its only line, is a path.
    base    the folder that list files are looked for in; else the document's own, or the current one

    Raises RulesetError, with every problem of the document.
    """
    reading = read_ruleset(source, base=base)
    if reading.problems or reading.ruleset is None:
        raise RulesetError(reading.problems)
    return reading.ruleset


def read_ruleset(
    source: str | os.PathLike[str] | Mapping[str, object], *, base: str | os.PathLike[str] | None = None
) -> Reading:
    """Return what a document holds, and all that is wrong with it; arguments as `load_ruleset`."""
    with without_collector():
        return _read(source, None if base is None else Path(base))


def _read(source: str | os.PathLike[str] | Mapping[str, object], base: Path | None) -> Reading:
    problems: list[Problem] = []
    node: Node
    name, folder = "ruleset", Path.cwd() if base is None else base
    if isinstance(source, Mapping):
        node = read_value(source, "ruleset", problems)
    elif isinstance(source, str) and not _is_path(source):
        node = read_tree(source, "ruleset", problems)
    else:
        path = Path(source)
        name, folder = str(source), path.parent if base is None else base
        node = _read_file(path, name, problems)
    ruleset = read_document(node, name, folder, problems)
    names = declared_names(node, "segments"), declared_names(node, "lists")
    return Reading(ruleset, *names, tuple(in_order(problems)))


def _is_path(text: str) -> bool:
    if "\n" in text or len(text) > 4096 or "\0" in text:
        return False
    try:
        return text.lower().endswith(_SUFFIXES) or Path(text).is_file()
    except OSError:  # longer than a file name can be
        return False


def _read_file(path: Path, name: str, problems: list[Problem]) -> Node:
    """Return the tree of a document in a file."""
    here = Source(name, ())
    try:
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            problems.append(_too_large(size, here))
            return BrokenNode(Place(name))
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"line {line} of the document is not UTF-8 text"
        problems.append(Problem(message, None, "save it again as UTF-8", "", here))
    except OSError as error:
        problems.append(_unreadable(path, error, here))
    else:
        return read_tree(text, name, problems)
    return BrokenNode(Place(name))


def read_tree(text: str, name: str, problems: list[Problem]) -> Node:
    """Return the tree of a document, by what it looks like: JSON begins with a brace and a quoted key."""
    if len(text) > SIZE_LIMIT:
        problems.append(_too_large(len(text), Source(name, ())))
        return BrokenNode(Place(name))
    text = text.removeprefix("\ufeff")
    start = text.lstrip()
    if name.lower().endswith(".json") or (start.startswith("{") and start[1:].lstrip().startswith(('"', "}"))):
        return read_json(text, name, problems)
    return read_yaml(text, name, problems)


def _too_large(size: int, here: Source) -> Problem:
    message = f"the document has {size / 2**20:.0f} MiB, and {SIZE_LIMIT >> 20} MiB is the limit"
    return Problem(message, None, "keep long lists in files of their own: `lists: {name: {file: …}}`", "", here)


def _unreadable(path: Path, error: OSError, here: Source) -> Problem:
    """Return the problem of a file that cannot be read; of one that is not there, with the nearest that is."""
    if not isinstance(error, FileNotFoundError):
        return Problem(f"the ruleset cannot be read: {(error.strerror or str(error)).lower()}", None, "", "", here)
    if not path.parent.is_dir():
        return Problem("there is no such file", None, f"there is no folder {path.parent} either", "", here)
    documents = (one.name for one in path.parent.iterdir() if one.suffix.lower() in _SUFFIXES)
    meant = nearest(path.name, documents)
    fix = f"did you mean {path.with_name(meant)}?" if meant else f"give the path of a {', '.join(_SUFFIXES)} file"
    return Problem("there is no such file", None, fix, "", here)


def in_order(problems: list[Problem]) -> list[Problem]:
    """Return problems in the order of the document, those without a place first."""

    def place(problem: Problem) -> tuple[int, int]:
        if problem.source is None or problem.span is None:
            return (0, 0)
        return problem.source.locate(problem.text, problem.span[0])

    names = {problem.source.name for problem in problems if problem.source is not None}
    return sorted(problems, key=place) if len(names) == 1 else problems  # values of a mapping have names, no order
