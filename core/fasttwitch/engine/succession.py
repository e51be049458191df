"""From a program and a changed ruleset to the next program: only what the change touches is looked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from fasttwitch.engine.compile import check_segments, compile_ruleset, scope_of
from fasttwitch.engine.program import Program
from fasttwitch.engine.tail import Tail
from fasttwitch.garbage import uncollected, without_collector
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
    def dependents(self) -> Mapping[str, tuple[str, ...]]:
        """The segments that ask for a segment, if there are any."""
        found: dict[str, list[str]] = {}
        for name, definition in self._ruleset.segments.items():
            for needed, _ in definition.references:
                found.setdefault(needed, []).append(name)
        return {name: tuple(dict.fromkeys(dependents)) for name, dependents in found.items()}

    def step_to(self, ruleset: Ruleset) -> "Step":
        """Return what sets another ruleset apart from this one."""
        old, new = self._ruleset.segments, ruleset.segments
        rewritten: dict[str, SegmentDefinition] = {}
        removed, is_other_set = [], False
        for name in self._ruleset.differing(ruleset):
            before, after = old.get(name), new.get(name)
            is_other_set |= (before is None) != (after is None)
            if after is None:
                if before is not None:
                    removed.append(name)
            elif before is None or (before is not after and before.when != after.when):
                rewritten[name] = after
        if ruleset.lists != self._ruleset.lists:
            rewritten |= {name: one for name, one in new.items() if "list" in one.when}
        scope = replace(self.scope, lists=ruleset.lists)
        return Step(rewritten, removed, replace(scope, segments=frozenset(new)) if is_other_set else scope)

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


@dataclass(frozen=True, slots=True)
class Step:
    """What sets a ruleset apart from an earlier one.

    rewritten  the segments that the earlier one lacks, or whose rules may mean something else now
    removed    the segments that only the earlier one has
    scope      what rules may name now
    """

    rewritten: Mapping[str, SegmentDefinition]
    removed: Sequence[str]
    scope: Scope


def succeed(origin: Program, ruleset: Ruleset) -> Program:
    """Return the program of a changed ruleset over the schema of one before it, which is compact.

    Errors: RulesetError with every problem of every segment that has changed.
    """
    if len(origin.trees) < len(origin.ruleset.segments):  # a draft knows but a part
        return compile_ruleset(ruleset, origin.schema)
    with without_collector():
        ancestor = origin.ancestor
        step = ancestor.step_to(ruleset)
        orphans = [name for gone in step.removed for name in ancestor.dependents.get(gone, ())]
        suspects = {**step.rewritten, **{name: ruleset.segments[name] for name in orphans if name in ruleset.segments}}
        found = schema_problems(ruleset.attributes, origin.schema)
        trees = {**origin.trees, **check_segments(suspects.values(), step.scope, found)}
        for name in step.removed:
            del trees[name]
        touched = ancestor.touched([*step.rewritten, *step.removed], ruleset)
        names = list(dict.fromkeys([*step.rewritten, *touched]))
        if len(names) > max(MOST_IN_TAIL, len(ruleset.segments) // SHARE_IN_TAIL):
            return Program(ruleset, origin.schema, trees)
        needed = dependency_order(ruleset.segments, of=names)
        tail = Tail(origin, names, needed, trees)
        return Program(ruleset, origin.schema, uncollected(trees), tail=tail)
