"""The program in force: replaced while it is being asked, never half."""

import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from fasttwitch.engine.compile import compile_ruleset
from fasttwitch.engine.matching import Profile, Row
from fasttwitch.engine.missing import other_schema
from fasttwitch.engine.program import Data, Program
from fasttwitch.errors import DataError
from fasttwitch.garbage import without_collector
from fasttwitch.ruleset import Ruleset, load_ruleset

if TYPE_CHECKING:
    from fasttwitch.engine.delta import Delta
    from fasttwitch.engine.diff import Diff
    from fasttwitch.engine.match import Match

Rules: TypeAlias = Ruleset | str | PathLike[str] | Mapping[str, object]

# Compaction takes a second of one processor at 10,000 rules: it waits until nobody has published for a while, or until
# so many rules are other ones that the next publication would notice.
QUIET_SECONDS = 2.0
MANY_CHANGED = 50
WAKING_SECONDS = 0.1
VERSIONS_KEPT = 16  # to go back to


class Engine:
    """Holds the program in force, and takes over new rules while any number of threads ask it.

    Every question is answered by one program from beginning to end; whoever asks while rules are replaced hears the old
    ones or the new ones, and the answer's digest says which. What `program` offers beyond `match`, `match_many`, `row`
    and `advance` is asked of `engine.program`.
    """

    def __init__(self, rules: Rules | Program, schema: pa.Schema | None = None) -> None:
        """Take the first rules.

        rules   a compiled program; or a ruleset, or what `load_ruleset` makes one of
        schema  of the profiles, unless `rules` is a program

        Errors: as `load_ruleset` and `compile`.
        """
        if isinstance(rules, Program):
            program = rules
        elif schema is None:
            raise DataError("rules without a schema do not make an engine", "give `Engine(ruleset, table.schema)`")
        else:
            program = compile_ruleset(_ruleset(rules), schema)
        program.warm_up()
        self._lock = threading.Lock()
        self._versions: deque[Program] = deque([program], VERSIONS_KEPT)
        self._program = self._origin = program
        self._published = 0.0
        self._compaction: threading.Thread | None = None

    @property
    def program(self) -> Program:
        """The program in force: ask it several things, and all answers belong together."""
        return self._program

    @property
    def digest(self) -> str:
        """The digest of the program in force."""
        return self._program.digest

    @property
    def versions(self) -> tuple[str, ...]:
        """The digests of the programs that `rollback` can go back to, the latest last; it is in force."""
        return tuple(program.digest for program in list(self._versions))

    def match(self, profile: Profile, now: datetime | None = None, extra: str = "error") -> "Match":
        """Return the segments of one customer; as `Program.match`, rows of earlier programs are prepared anew."""
        program = self._program
        return program.match(_own(profile, program), now, extra)

    def match_many(
        self, profiles: Iterable[Profile], now: datetime | None = None, extra: str = "error", threads: int | None = None
    ) -> "Sequence[Match]":
        """Return the segments of several customers, all by one program; as `Program.match_many`."""
        program = self._program
        return program.match_many([_own(profile, program) for profile in profiles], now, extra, threads)

    def row(self, profile: Mapping[str, object], extra: str = "error") -> Row:
        """Return a customer prepared for the program in force; as `Program.row`."""
        return self._program.row(profile, extra)

    def advance(
        self, row: Row, changes: Mapping[str, object], now: datetime | None = None, extra: str = "error"
    ) -> "tuple[Row, Delta]":
        """Return a prepared customer after some changes, and what they have done; as `Program.advance`.

        A row of an earlier program tells what changes and the clock have done, not what new rules have.
        """
        program = self._program
        return program.advance(_own(row, program), changes, now, extra)  # type: ignore[arg-type]  # what is no row is refused

    def diff(
        self,
        rules: Rules | Program,
        data: "Data",
        now: datetime | None = None,
        threads: int | None = None,
    ) -> "Diff":
        """Return what new rules would do to customers, before they are published; as `Program.diff`."""
        return self._program.diff(rules if isinstance(rules, Program) else _ruleset(rules), data, now, threads)

    def publish(self, rules: Rules | Program) -> Program:
        """Put new rules in force, and return their program; where they are wrong, the old ones stay in force.

        rules  a ruleset, best made by `engine.program.ruleset.with_changes(…)`: then only what has changed is compiled;
               or a program over the same schema, such as `engine.program.updated(…)` gives to look at first

        Errors: RulesetError with every problem of the rules; DataError for a program over another schema.
        """
        if isinstance(rules, Program) and not rules.schema.equals(self._program.schema):
            raise other_schema()
        given = rules if isinstance(rules, Program) else _ruleset(rules)
        with self._lock, without_collector():  # which would walk what has just been made, several times
            program = given if isinstance(given, Program) else self._origin.updated(given)
            program.warm_up()
            self._put_in_force(program)
            return program

    def rollback(self, digest: str | None = None) -> Program:
        """Put an earlier program in force again, and return it.

        digest  one of `versions`; the one before the latest if not given

        Errors: DataError if there is no such version.
        """
        with self._lock:
            kept = list(self._versions)
            if digest is None:
                if len(kept) < 2:
                    raise DataError("there is no version to go back to", "nothing has been published yet")
                program = kept[-2]
            else:
                found = [one for one in kept if one.digest == digest]
                if not found:
                    raise DataError(f"there is no version {digest}", f"one of {', '.join(one.digest for one in kept)}")
                program = found[-1]
            while self._versions[-1] is not program:
                self._versions.pop()
            self._versions.pop()
            self._put_in_force(program)
            return program

    def _put_in_force(self, program: Program) -> None:
        self._versions.append(program)
        self._program = program
        self._published = time.monotonic()
        if program.is_compact:
            self._origin = program
        elif self._compaction is None:
            self._compaction = threading.Thread(target=self._compact, name="fasttwitch-compaction", daemon=True)
            self._compaction.start()

    def _compact(self) -> None:
        """Make the program in force one part again, once it is worth it; what is published next starts from it."""
        while True:
            with self._lock:
                program = self._program
                if program.is_compact:
                    self._compaction = None
                    return
                wait = self._published + QUIET_SECONDS - time.monotonic()
            if wait > 0 and program.changed_rules < MANY_CHANGED:
                time.sleep(min(wait, WAKING_SECONDS))
                continue
            program.compact()
            with self._lock:
                self._origin = program


def _ruleset(rules: Rules) -> Ruleset:
    return rules if isinstance(rules, Ruleset) else load_ruleset(rules)


def _own(profile: Profile, program: Program) -> Profile:
    """Return a profile; if it is a row of another program, what that was prepared of, prepared anew."""
    if type(profile) is Row and profile.matcher.program is not program:
        return program.matcher.adopted(profile)
    return profile
