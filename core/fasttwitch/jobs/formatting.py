"""The formatting job: a document in, the same document with its rules laid out in its place."""

import codecs
import difflib
from dataclasses import dataclass
from pathlib import Path

from fasttwitch.errors import RulesetError
from fasttwitch.ruleset import read_ruleset
from fasttwitch.ruleset.rewriting import Change, rewrite_rules
from fasttwitch.whole_file import replace_file


@dataclass(frozen=True, slots=True)
class Formatting:
    """A document that has been looked at, and not yet written.

    before, after   its bytes
    rules           how many it has
    changes         those that are not as they should be
    """

    path: Path
    before: bytes
    after: bytes
    rules: int
    changes: tuple[Change, ...]

    def write(self) -> None:
        """Put the new text in the place of the old one, if it differs; raises OutputError."""
        if self.after != self.before:
            replace_file(self.path, self.before, self.after)

    def difference(self) -> list[str]:
        """Return the lines of a unified diff."""
        before, after = (one.decode("utf-8-sig").splitlines() for one in (self.before, self.after))
        return list(difflib.unified_diff(before, after, str(self.path), f"{self.path} (formatted)", lineterm=""))


def look_at(path: Path) -> Formatting:
    """Return what formatting a document would change; raises RulesetError if there are problems in it."""
    reading = read_ruleset(path)
    if reading.problems or reading.ruleset is None:
        raise RulesetError(reading.problems)
    before = path.read_bytes()
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
    rewriting = rewrite_rules(before.decode("utf-8-sig"), str(path))
    after = mark + rewriting.text.encode()
    return Formatting(path, before, after, len(reading.ruleset.segments), rewriting.changes)
