"""Strategies, constraints and segments of Unleash (https://docs.getunleash.io), gradual rollout included.

Unleash knows two truth values and a context of texts. A missing value is in no list, so `NOT_IN` holds for it; what is
inverted is `!isTrue(…)`. Gradual rollout is `bucket`, which hashes as Unleash does: the same customers are in.
"""

from collections.abc import Mapping

from fasttwitch.importers import trees
from fasttwitch.importers.columns import Schema
from fasttwitch.importers.document import Spot, open_document, shortened
from fasttwitch.importers.imported import Imported
from fasttwitch.importers.unleash_constraints import Constraints
from fasttwitch.syntax.nodes import Expression

_ROLLOUTS = {"gradualRolloutUserId": "userId", "gradualRolloutSessionId": "sessionId"}
_NOT_SAYABLE = {
    "gradualRolloutRandom": "draws anew at each request, so nobody is in it or not",
    "remoteAddress": "asks for the address of a request",
    "applicationHostname": "asks for the name of a server",
}
_STRATEGY_KEYS = {
    "name",
    "parameters",
    "constraints",
    "segments",
    "disabled",
    "id",
    "title",
    "sortOrder",
    "featureName",
}
_SEGMENT_KEYS = {"constraints", "id", "name", "description", "createdAt", "createdBy", "project"}
_FEATURE_KEYS = {
    "name",
    "enabled",
    "strategies",
    "description",
    "type",
    "project",
    "stale",
    "impressionData",
    "createdAt",
}


def read(
    document: object, *, feature: str = "", schema: Schema = None, names: Mapping[str, str] | None = None
) -> Imported:
    """Return the rule of a constraint, a list of them, a segment, a strategy or a feature.

    document  JSON text, or what a JSON reader makes of one; with `features` and `segments`, as clients get them, too
    feature   the name of the feature; gradual rollout hashes by it where there is no `groupId`
    schema    columns with their types: values get the type of their column
    names     context fields to columns, where they differ (`{"userId": "customer_id"}`)

    Errors: ImporterError, with the path of what cannot be said.
    """
    reader = _Reader(schema, names)
    return reader.finish(reader.any_document(open_document(document), feature))


class _Reader(Constraints):
    __slots__ = ("segments",)

    segments: Mapping[object, Spot]

    def any_document(self, root: Spot, feature: str) -> Expression:
        """Return whatever of Unleash the document is."""
        self.segments = {}
        if isinstance(root.value, list):
            return self.all_of(root)
        entries = root.entries("a rule of Unleash")
        if "features" in entries:
            spots = entries["segments"].items("`segments`") if "segments" in entries else []
            self.segments = {_identity(each): each for each in spots}
            return self.feature(_chosen(entries["features"], feature))
        if "strategies" in entries:
            return self.feature(root)
        if "parameters" in entries or "segments" in entries:
            return self.strategy(root, feature)
        if "constraints" in entries:
            # Both segments and strategies have constraints and a name; only a strategy's name means something.
            return self.strategy(root, feature) if self.is_strategy(entries) else self.segment(root)
        if "contextName" in entries or "operator" in entries:
            return self.constraint(root)
        raise root.refused(
            "this is no constraint, segment, strategy or feature of Unleash",
            "give an object with `constraints`, `strategies` or `features`",
        )

    def is_strategy(self, entries: Mapping[str, Spot]) -> bool:
        """Return whether an object with constraints bears the name of a known strategy."""
        known = ("default", "flexibleRollout", "userWithId", *_ROLLOUTS, *_NOT_SAYABLE)
        return "name" in entries and entries["name"].value in known

    def segment(self, spot: Spot) -> Expression:
        """Return all constraints of a segment."""
        entries = spot.entries("a segment")
        self.check_keys(entries, _SEGMENT_KEYS)
        if "constraints" not in entries:
            raise spot.refused("a segment needs `constraints`")
        return self.all_of(entries["constraints"])

    def all_of(self, spot: Spot) -> Expression:
        """Return constraints that must hold together; none of them holds for everybody."""
        return trees.both(*(self.constraint(each) for each in spot.items("`constraints`")))

    def feature(self, spot: Spot) -> Expression:
        """Return where one of a feature's strategies holds."""
        entries = spot.entries("a feature")
        name = entries["name"].text("`name`") if "name" in entries else ""
        if "enabled" in entries and not entries["enabled"].truth("`enabled`"):
            self.note(entries["enabled"], "the feature is switched off: false for everybody")
            return trees.FALSE
        if "dependencies" in entries and entries["dependencies"].items("`dependencies`"):
            raise entries["dependencies"].refused("one feature cannot depend on another here", "import both, join them")
        self.check_keys(entries, _FEATURE_KEYS | {"dependencies"})
        strategies = entries["strategies"].items("`strategies`") if "strategies" in entries else []
        if not strategies:
            self.note(spot, "no strategies: everybody gets the feature")
            return trees.TRUE
        return trees.either(*(self.strategy(each, name) for each in strategies))

    def strategy(self, spot: Spot, feature: str) -> Expression:
        """Return where a strategy holds: its constraints, its segments, its own condition."""
        entries = spot.entries("a strategy")
        if "disabled" in entries and entries["disabled"].value is True:
            self.note(spot, "this strategy is disabled: it holds for nobody")
            return trees.FALSE
        self.check_keys(entries, _STRATEGY_KEYS)
        name = entries["name"].text("`name`") if "name" in entries else "default"
        if name in _NOT_SAYABLE:
            raise spot.refused(f"`{name}` {_NOT_SAYABLE[name]}", "leave this strategy out")
        parts = [self.all_of(entries["constraints"])] if "constraints" in entries else []
        for each in entries["segments"].items("`segments`") if "segments" in entries else []:
            parts.append(self.segment(self.segment_by_id(each)))
        parameters = entries["parameters"].entries("`parameters`") if "parameters" in entries else {}
        match name:
            case "default":
                if trees.both(*parts) == trees.TRUE:
                    self.note(spot, "without constraints, everybody is in")
            case "userWithId":
                parts.append(self.user_with_id(spot, parameters))
            case "flexibleRollout":
                parts.append(self.rollout(spot, parameters, feature))
            case _ if name in _ROLLOUTS:
                share, group = _percentage(spot, parameters, "percentage"), _group(spot, parameters, feature)
                parts.append(self.share(spot, [_ROLLOUTS[name]], group, share))
            case _:
                raise spot.refused(f"`{shortened(name)}` is a strategy that only its owner knows", "leave it out")
        return trees.both(*parts)

    def segment_by_id(self, spot: Spot) -> Spot:
        """Return a segment of the document."""
        found = self.segments.get(spot.value) if isinstance(spot.value, int | str) else None
        if found is None:
            raise spot.refused(f"there is no segment {spot.shown}", "import the document with its `segments`")
        return found

    def user_with_id(self, spot: Spot, parameters: Mapping[str, Spot]) -> Expression:
        """Return `userId in [ids]`."""
        if "userIds" not in parameters:
            raise spot.refused("`userWithId` needs the parameter `userIds`")
        ids = parameters["userIds"]
        texts = [Spot(one.strip(), ids.place) for one in ids.text("`userIds`").split(",") if one.strip()]
        column = self.column("userId", ids)
        return trees.listed(column.tree, self.constants(texts, column.type))

    def rollout(self, spot: Spot, parameters: Mapping[str, Spot], feature: str) -> Expression:
        """Return the share of a flexible rollout."""
        share, group = _percentage(spot, parameters, "rollout"), _group(spot, parameters, feature)
        stickiness = parameters["stickiness"].text("`stickiness`") if "stickiness" in parameters else "default"
        if stickiness == "random" and 0 < share < 100:
            raise parameters["stickiness"].refused("random stickiness draws anew each time", "choose a field")
        if stickiness in ("default", "random"):
            if share == 100:
                return trees.TRUE
            self.note(spot, "whoever has neither userId nor sessionId is never in; Unleash draws them anew each time")
            known = [one for one in ("userId", "sessionId") if self.has_column(one)]
            return self.share(spot, known or ["userId"], group, share)
        return self.share(spot, [stickiness], group, share)

    def has_column(self, field: str) -> bool:
        """Return whether there is a column for a context field, as far as that is known."""
        return not isinstance(self.columns.find(field), tuple)

    def share(self, spot: Spot, fields: list[str], group: str, share: int) -> Expression:
        """Return whether the first of some fields falls into a share of all."""
        if share == 0:
            return trees.FALSE
        found = [self.column(field, spot).tree for field in fields]
        by = trees.call("coalesce", *found) if len(found) > 1 else found[0]
        drawn = trees.call("bucket", by, trees.text_constant(group), trees.whole(100))
        return trees.binary("<", drawn, trees.whole(share))


def _identity(spot: Spot) -> object:
    """Return the id of a segment."""
    entries = spot.entries("a segment")
    if "id" not in entries or not isinstance(entries["id"].value, int | str):
        raise spot.refused("a segment of a document needs an `id`")
    return entries["id"].value


def _chosen(features: Spot, name: str) -> Spot:
    """Return the feature that was asked for, or the only one."""
    spots = features.items("`features`")
    if not name and len(spots) == 1:
        return spots[0]
    names = [each.entries("a feature").get("name", Spot("", "")).value for each in spots]
    if name in names:
        return spots[names.index(name)]
    some = ", ".join(f"`{shortened(str(each))}`" for each in names[:8])
    if name:
        raise features.refused(f"there is no feature `{shortened(name)}`", f"one of {some}")
    raise features.refused(f"there are {len(spots)} features", f'say which one: `feature="…"`, one of {some}')


def _percentage(spot: Spot, parameters: Mapping[str, Spot], name: str) -> int:
    """Return a share in percent; Unleash writes it as text."""
    if name not in parameters:
        raise spot.refused(f"a gradual rollout needs the parameter `{name}`")
    value = parameters[name].value
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise parameters[name].refused(f"{parameters[name].shown} is no whole number from 0 to 100")
    return int(text)


def _group(spot: Spot, parameters: Mapping[str, Spot], feature: str) -> str:
    """Return what the hash begins with."""
    group = parameters["groupId"].text("`groupId`") if "groupId" in parameters else feature
    if not group:
        raise spot.refused("a gradual rollout without `groupId` hashes by the feature's name", 'give `feature="…"`')
    return group
