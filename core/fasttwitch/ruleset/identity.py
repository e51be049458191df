"""Digests: two rulesets with one digest give the same answers, and say the same about themselves.

A digest of digests: a ruleset with one changed rule hashes that rule and 32 bytes for each of the others.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

from fasttwitch.logic.scope import NamedList
from fasttwitch.syntax import print_expression
from fasttwitch.syntax.nodes import Expression


def segment_digest(name: str, tree: Expression, words: Sequence[str]) -> bytes:
    """Return the digest of one rule, its name and the words beside it."""
    return hashlib.sha256(_encode([name, print_expression(tree), *words])).digest()


def ruleset_digest(
    header: Sequence[object],
    attributes: Mapping[str, Sequence[str]],
    lists: Mapping[str, NamedList],
    segments: Mapping[str, bytes],
    tests: Sequence[object],
) -> str:
    """Return "sha256:…" of a whole document, given the digests of its segments."""
    whole = hashlib.sha256(_encode([*header, attributes, tests]))
    for name in sorted(lists):
        values = sorted(map(str, lists[name].values))
        whole.update(_encode(["list", name, str(lists[name].type), values]))
    whole.update(_encode(["segments", len(segments)]))
    whole.update(b"".join(segments[name] for name in sorted(segments)))
    return f"sha256:{whole.hexdigest()}"


def _encode(value: object) -> bytes:
    """Return one canonical text for a value: sorted keys, no spaces, a line end so that texts cannot run together."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return text.encode() + b"\n"
