"""Digests: two rulesets with one digest give the same answers, and say the same about themselves.

A digest of digests of digests: a ruleset with one changed rule hashes that rule, and the shelf on which it stands.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from zlib import crc32

from fasttwitch.logic.scope import NamedList
from fasttwitch.syntax import print_expression
from fasttwitch.syntax.nodes import Expression

SHELVES = 256


class Shelves:
    """The digests of all segments, on shelves by their names; never changed."""

    def __init__(self, segments: Mapping[str, bytes]) -> None:
        """Take digests by the names of their segments."""
        self._shelves: list[dict[str, bytes]] = [{} for _ in range(SHELVES)]
        for name, digest in segments.items():
            self._shelves[_shelf_of(name)][name] = digest
        self._digests = [_shelf_digest(shelf) for shelf in self._shelves]

    def changed(self, segments: Mapping[str, bytes], removed: Iterable[str]) -> "Shelves":
        """Return the shelves with some segments added or replaced, and others removed: only their own are copied."""
        changed, gone = copy(self), set(removed)
        changed._shelves, changed._digests = self._shelves.copy(), self._digests.copy()
        for number in {_shelf_of(name) for name in (*segments, *gone)}:
            shelf = {name: digest for name, digest in self._shelves[number].items() if name not in gone}
            shelf |= {name: digest for name, digest in segments.items() if _shelf_of(name) == number}
            changed._shelves[number], changed._digests[number] = shelf, _shelf_digest(shelf)
        return changed

    @property
    def digest(self) -> bytes:
        """Return the digest of all segments."""
        return hashlib.sha256(b"".join(self._digests)).digest()


def _shelf_of(name: str) -> int:
    return crc32(name.encode()) % SHELVES


def _shelf_digest(shelf: Mapping[str, bytes]) -> bytes:
    return hashlib.sha256(b"".join(sorted(shelf.values()))).digest()


def segment_digest(name: str, tree: Expression, words: Sequence[str]) -> bytes:
    """Return the digest of one rule, its name and the words beside it."""
    return hashlib.sha256(_encode([name, print_expression(tree), *words])).digest()


def ruleset_digest(
    header: Sequence[object],
    attributes: Mapping[str, Sequence[str]],
    lists: Mapping[str, NamedList],
    segments: Shelves,
    tests: Sequence[object],
) -> str:
    """Return "sha256:…" of a whole document."""
    whole = hashlib.sha256(_encode([*header, attributes, tests]))
    for name in sorted(lists):
        values = sorted(map(str, lists[name].values))
        whole.update(_encode(["list", name, str(lists[name].type), values]))
    whole.update(segments.digest)
    return f"sha256:{whole.hexdigest()}"


def _encode(value: object) -> bytes:
    """Return one canonical text for a value: sorted keys, no spaces, a line end so that texts cannot run together."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return text.encode() + b"\n"
