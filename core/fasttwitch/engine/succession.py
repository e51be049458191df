"""From a program and a changed ruleset to the next program: only what the change touches is looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from fasttwitch.engine.compile import check_segments, compile_ruleset, scope_of
from fasttwitch.engine.program import Program
from fasttwitch.engine.tail import Tail
from fasttwitch.garbage import without_collector
from fasttwitch.logic.scope import Scope
from fasttwitch.ruleset import Ruleset, SegmentDefinition, dependency_order, schema_problems

# Above this share of the rules, and this many, all are compiled anew: a customer would be coded twice for nothing.
MOST_IN_TAIL, SHARE_IN_TAIL = 64, 8


class Ancestor:
    """What a program knows of its rules for the sake of those that follow it; made when first asked for."""

    def __init__(self, program: Program) -> None:
        self._ruleset = program.ruleset
        self._schema = program.schema

    @cached_property
    def scope(self) -> Scope:
        """What the rules may name."""
        return scope_of(self._ruleset, self._schema)

    @cached_property
    def definitions(self) -> frozenset[int]:
        """The identities of all definitions, which live as long as this."""
        return frozenset(map(id, self._ruleset.segments.values()))

    @cached_property
    def dependents(self) -> Mapping[str, tuple[str, ...]]:
        """The segments that ask for a segment, if there are any."""
        found: dict[str, list[str]] = {}
        for name, definition in self._ruleset.segments.items():
            for needed, _ in definition.references:
                found.setdefault(needed, []).append(name)
        return {name: tuple(dict.fromkeys(dependents)) for name, dependents in found.items()}

    def scope_after(self, ruleset: Ruleset) -> Scope:
        """Return what the rules of another ruleset may name."""
        if ruleset.segments.keys() == self._ruleset.segments.keys():
            return replace(self.scope, lists=ruleset.lists)
        return replace(self.scope, segments=frozenset(ruleset.segments), lists=ruleset.lists)

    def rewritten(self, ruleset: Ruleset) -> list[SegmentDefinition]:
        """Return the segments of another ruleset that this one lacks, or whose rules may mean something else there."""
        old = self._ruleset.segments
        known = self.definitions
        fresh = [one for one in ruleset.segments.values() if id(one) not in known]
        found = [one for one in fresh if one.name not in old or old[one.name].when != one.when]
        if ruleset.lists != self._ruleset.lists:
            seen = {one.name for one in found}
            found += [one for one in ruleset.segments.values() if "list" in one.when and one.name not in seen]
        return found

    def removed(self, ruleset: Ruleset) -> list[str]:
        """Return the segments that another ruleset lacks."""
        return list(self._ruleset.segments.keys() - ruleset.segments.keys())

    def touched(self, names: Iterable[str], ruleset: Ruleset) -> list[str]:
        """Return the segments of another ruleset that ask for some, directly or not."""
        found: dict[str, None] = {}
        ahead = list(names)
        while ahead:
            for name in self.dependents.get(ahead.pop(), ()):
                if name not in found and name in ruleset.segments:
                    found[name] = None
                    ahead.append(name)
        return list(found)


def succeed(origin: Program, ruleset: Ruleset) -> Program:
    """Return the program of a changed ruleset over the schema of one before it, which is compact.

    Errors: RulesetError with every problem of every segment that has changed.
    """
    if len(origin.trees) < len(origin.ruleset.segments):  # a draft knows but a part
        return compile_ruleset(ruleset, origin.schema)
    with without_collector():
        ancestor = origin.ancestor
        rewritten = {one.name: one for one in ancestor.rewritten(ruleset)}
        removed = ancestor.removed(ruleset)
        orphans = [name for gone in removed for name in ancestor.dependents.get(gone, ()) if name in ruleset.segments]
        suspects = {**rewritten, **{name: ruleset.segments[name] for name in orphans}}
        found = schema_problems(ruleset.attributes, origin.schema)
        checked = check_segments(suspects.values(), ancestor.scope_after(ruleset), found)
        trees = {**origin.trees, **checked}
        for name in removed:
            del trees[name]
        names = list(dict.fromkeys([*rewritten, *ancestor.touched([*rewritten, *removed], ruleset)]))
        if len(names) > max(MOST_IN_TAIL, len(ruleset.segments) // SHARE_IN_TAIL):
            return Program(ruleset, origin.schema, trees)
        needed = dependency_order(ruleset.segments, of=names)
        return Program(ruleset, origin.schema, trees, tail=Tail(origin, names, needed, trees))
