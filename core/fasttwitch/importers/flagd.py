"""Targeting rules of flagd (https://flagd.dev): JsonLogic that gives the name of a variant, and operations of its own.

A rule of this language is true or false, so the question is: does the flag resolve to this variant? For a Boolean flag
that is the variant whose value is true; for others the caller names it.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fasttwitch.importers import trees
from fasttwitch.importers.columns import Operand, Schema, with_article
from fasttwitch.importers.document import Spot, open_document, shortened
from fasttwitch.importers.imported import Imported
from fasttwitch.importers.jsonlogic import Logic
from fasttwitch.importers.versions import completed
from fasttwitch.logic.datatypes import INT, STRING
from fasttwitch.logic.names import nearest
from fasttwitch.syntax.nodes import Expression, Name

_VERSION_OPERATORS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_FLAG_KEYS = {"state", "variants", "defaultVariant", "targeting", "metadata"}
_MOST_BUCKETS = 1_000_000
_DEEPEST = 50


class _Flag(NamedTuple):
    """One flag as far as targeting needs it; `default` is "" where the caller's own default counts."""

    key: str
    wanted: frozenset[str]
    variants: frozenset[str]
    default: str


def read(
    document: object,
    *,
    flag: str = "",
    variant: str = "",
    schema: Schema = None,
    names: Mapping[str, str] | None = None,
    mode: str = "strict",
) -> Imported:
    """Return the rule that is true where a flag resolves to a variant; where it is not, the rule is false or unknown.

    document  a document of flags, as JSON text or what a JSON reader makes of it
    flag      the flag's key; may be left out if there is but one
    variant   the variant's name; may be left out if the flag is Boolean
    schema, names, mode   as for JsonLogic

    Errors: ImporterError, with the path of what cannot be said.
    """
    root = open_document(document)
    if mode not in ("strict", "compat"):
        raise root.refused(f"`mode` is `{mode}`", 'give "strict" or "compat"')
    entries = root.entries("a document of flags")
    if "flags" not in entries:
        raise root.refused("a document of flags has the key `flags`", "for a rule alone use the importer of JsonLogic")
    evaluators = entries["$evaluators"].entries("`$evaluators`") if "$evaluators" in entries else {}
    key, spot = _chosen(entries["flags"], flag)
    reader = _Reader(schema, names, mode == "compat", evaluators)
    try:
        return reader.finish(reader.flag(key, spot, variant))
    except RecursionError:  # each evaluator may be as deep as a document
        raise spot.refused("the evaluators nest too deep", "split the flag") from None


class _Reader(Logic):
    __slots__ = ("current", "evaluators", "open_references")

    current: _Flag

    def __init__(
        self, schema: Schema, names: Mapping[str, str] | None, compat: bool, evaluators: Mapping[str, Spot]
    ) -> None:
        super().__init__(schema, names, compat)
        self.evaluators = evaluators
        self.open_references: list[str] = []

    def flag(self, key: str, spot: Spot, variant: str) -> Expression:
        """Return where a flag resolves to a variant."""
        entries = spot.entries("a flag")
        for name, each in entries.items():
            if name not in _FLAG_KEYS:
                self.note(each, "not a part of the format, so it was not read")
        self.current = _described(key, spot, entries, variant)
        if "state" not in entries or entries["state"].text("`state`") not in ("ENABLED", "DISABLED"):
            raise spot.refused("`state` must be `ENABLED` or `DISABLED`")
        if entries["state"].value == "DISABLED":
            self.note(entries["state"], "the flag is disabled: it resolves to nothing, so this is false for everybody")
            return trees.FALSE
        if "targeting" not in entries or entries["targeting"].value in (None, {}):
            return self.resolved(self.current.default)
        return self.resolves(entries["targeting"])

    def resolved(self, name: str) -> Expression:
        """Return whether a variant's name is the one that was asked for."""
        return trees.TRUE if name in self.current.wanted else trees.FALSE

    def resolves(self, spot: Spot) -> Expression:
        """Return where a part of the targeting gives the variant; it is never unknown."""
        self.step(spot)
        match spot.value:
            case None:
                return self.resolved(self.current.default)
            case bool() as value:
                return self.named("true" if value else "false", spot)
            case str() as name:
                return self.named(name, spot)
            case dict():
                return self.operation_resolves(spot)
        raise spot.refused(f"{spot.kind} is not the name of a variant")

    def named(self, name: str, spot: Spot) -> Expression:
        """Return whether a variant's name is the one asked for; raises if the flag has no such variant."""
        if name not in self.current.variants:
            meant = nearest(name, self.current.variants)
            fix = f"did you mean `{meant}`?" if meant else "name one of its variants"
            raise spot.refused(f"the flag has no variant `{shortened(name)}`", fix)
        return self.resolved(name)

    def operation_resolves(self, spot: Spot) -> Expression:
        """Return where an operation gives the variant."""
        name, arguments = self.operator_of(spot)
        match name:
            case "if" | "?:":
                pairs, last = arguments[: len(arguments) // 2 * 2], arguments[len(arguments) // 2 * 2 :]
                tree = self.resolves(last[0]) if last else self.resolved(self.current.default)
                for index in range(len(pairs) - 2, -1, -2):
                    condition = trees.is_true(self.truth(pairs[index]))
                    tree = trees.choice(condition, self.resolves(pairs[index + 1]), tree)
                return tree
            case "fractional":
                return self.fractional(spot, arguments)
            case "$ref":
                return self.referred(spot, arguments, self.resolves)
        if not self.is_boolean(spot):
            raise spot.refused(f"`{name}` computes the name of a variant", "choose by `if`")
        return trees.choice(trees.is_true(self.truth(spot)), self.named("true", spot), self.named("false", spot))

    def unknown_operation(self, name: str, spot: Spot) -> Exception:
        """Return the error for an operation that cannot be said, or not here."""
        if name == "fractional":
            fix = 'choose by `if`: `{"if": [condition, {"fractional": […]}, "off"]}`'
            return spot.refused("`fractional` gives a variant, and here stands a condition", fix)
        return super().unknown_operation(name, spot)

    def truth_readers(self) -> Mapping[str, Callable[[Spot, list[Spot]], Expression]]:
        """Return the operations of JsonLogic and flagd's own."""
        return {
            **super().truth_readers(),
            "starts_with": lambda spot, arguments: self.text_test("startsWith", spot, arguments),
            "ends_with": lambda spot, arguments: self.text_test("endsWith", spot, arguments),
            "sem_ver": self.version_test,
            "$ref": lambda spot, arguments: self.referred(spot, arguments, self.truth),
        }

    def variable(self, spot: Spot, arguments: list[Spot]) -> Operand:
        """Return a column, or what flagd itself puts into the context."""
        name = arguments[0].value if arguments else None
        if name == "$flagd.flagKey":
            return Operand(trees.text_constant(self.current.key), STRING)
        if name == "$flagd.timestamp":
            self.note(spot, "the time of the evaluation is the instant of the run")
            return Operand(trees.call("int", Name("now", trees.NOWHERE)), INT)
        return super().variable(spot, arguments)

    def text_test(self, function: str, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return `starts_with` or `ends_with`."""
        if len(arguments) != 2:
            raise spot.refused(f"this takes two texts, not {len(arguments)} arguments")
        text, part = (self.value(each, STRING) for each in arguments)
        for operand, each in ((text, arguments[0]), (part, arguments[1])):
            self.string(operand, each)
        return trees.method(text.tree, function, part.tree)

    def version_test(self, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return `sem_ver`: a comparison, or `~` for the same minor and `^` for the same major version."""
        if len(arguments) != 3:
            raise spot.refused("`sem_ver` takes a version, an operator and a version")
        operator = arguments[1].text("the operator of `sem_ver`")
        text = arguments[2].text("the version to compare with")
        if completed(text) != text:
            self.note(arguments[2], f"`{shortened(text)}` is read as `{shortened(completed(text))}`")
        wanted = self.version(completed(text), arguments[2])
        operand = trees.call("semver", self.string(self.value(arguments[0], STRING), arguments[0]))
        if operator in _VERSION_OPERATORS:
            return trees.binary(_VERSION_OPERATORS[operator], operand, wanted)
        if operator not in ("~", "^"):
            raise arguments[1].refused(f"there is no operator `{shortened(operator)}`", "one of = != < <= > >= ~ ^")
        numbers = completed(text).partition("-")[0].partition("+")[0].split(".")
        if any(len(number) > 18 for number in numbers):
            raise arguments[2].refused("this version has a number that is too large")
        major = trees.binary("==", trees.method(operand, "major"), trees.whole(int(numbers[0])))
        if operator == "^":
            return major
        return trees.both(major, trees.binary("==", trees.method(operand, "minor"), trees.whole(int(numbers[1]))))

    def referred(self, spot: Spot, arguments: list[Spot], follow: Callable[[Spot], Expression]) -> Expression:
        """Return what a shared evaluator says."""
        name = arguments[0].text("the name of an evaluator") if len(arguments) == 1 else ""
        if name not in self.evaluators:
            meant = nearest(name, self.evaluators)
            raise spot.refused(
                f"there is no evaluator `{shortened(name)}`", f"did you mean `{meant}`?" if meant else ""
            )
        if name in self.open_references:
            raise spot.refused(
                f"the evaluator `{shortened(name)}` refers to itself", "take one reference out of the circle"
            )
        if len(self.open_references) == _DEEPEST:
            message = f"evaluators refer to each other more than {_DEEPEST} levels deep"
            raise spot.refused(message, "write what they say in one place")
        self.open_references.append(name)
        tree = follow(self.evaluators[name])
        self.open_references.pop()
        return tree

    def fractional(self, spot: Spot, arguments: list[Spot]) -> Expression:
        """Return the share of customers that gets the variant."""
        if not arguments:
            raise spot.refused("`fractional` needs variants with their weights")
        shares = arguments if isinstance(arguments[0].value, list) else arguments[1:]
        by = self.column("targetingKey", spot) if shares is arguments else self.bucketed_by(arguments[0])
        if by.type not in (None, STRING):
            raise spot.refused(f"`fractional` divides by a text, not by {with_article(by.type)}", "name a text")
        start, wanted = 0, []
        for share in shares:
            name, weight = self.share(share)
            if self.named(name, share) is trees.TRUE and weight:
                wanted.append((start, start + weight))
            start += weight
        if not 1 <= start <= _MOST_BUCKETS:
            raise spot.refused(f"the weights add up to {start:,}", f"give 1 to {_MOST_BUCKETS:,}")
        self.note(spot, "each variant keeps its share, but other customers get it: `bucket` is not flagd's hash")
        drawn = trees.call("bucket", by.tree, trees.text_constant(self.current.key), trees.whole(start))
        ranges = [_within(drawn, low, high, start) for low, high in wanted]
        tree = trees.is_true(trees.either(*ranges))
        if self.current.default in self.current.wanted:  # without anything to divide by, flagd gives the default
            return trees.either(trees.is_null(by.tree), tree)
        return tree

    def bucketed_by(self, spot: Spot) -> Operand:
        """Return the column that `fractional` divides by; the flag's key beside it is the salt anyway."""
        name, arguments = self.operator_of(spot)
        if name == "cat":
            arguments = [each for each in arguments if each.value != {"var": "$flagd.flagKey"}]
            if len(arguments) == 1:
                spot = arguments[0]
                name, arguments = self.operator_of(spot)
        if name != "var" or len(arguments) != 1:
            raise spot.refused("customers are divided by one variable", 'write {"var": "targetingKey"}')
        return self.column(arguments[0].text("the name of a variable"), spot)

    def share(self, spot: Spot) -> tuple[str, int]:
        """Return the name of a variant and its weight, which is 1 if it is left out."""
        pair = spot.items("a variant with its weight")
        if not 1 <= len(pair) <= 2:
            raise spot.refused("a share is a variant and its weight")
        weight = pair[1].value if len(pair) == 2 else 1
        if isinstance(weight, float) and weight.is_integer():
            weight = int(weight)
        if isinstance(weight, bool) or not isinstance(weight, int) or not 0 <= weight <= _MOST_BUCKETS:
            raise spot.refused("a weight is a whole number that is not negative", "multiply all of them, e.g. by 10")
        return pair[0].text("the name of a variant"), weight


def _chosen(flags: Spot, key: str) -> tuple[str, Spot]:
    """Return the flag that was asked for, or the only one."""
    entries = flags.entries("`flags`")
    if not key and len(entries) == 1:
        return next(iter(entries.items()))
    if key in entries:
        return key, entries[key]
    some = ", ".join(f"`{shortened(name)}`" for name in list(entries)[:8])
    if not key:
        raise flags.refused(f"there are {len(entries)} flags", f'say which one: `flag="…"`, one of {some}')
    raise flags.refused(f"there is no flag `{shortened(key)}`", f"one of {some}")


def _described(key: str, spot: Spot, entries: Mapping[str, Spot], variant: str) -> _Flag:
    """Return a flag with the variants that are asked for."""
    if "variants" not in entries:
        raise spot.refused("a flag needs `variants`")
    variants = entries["variants"].entries("`variants`")
    default = ""
    if "defaultVariant" in entries and entries["defaultVariant"].value is not None:
        default = entries["defaultVariant"].text("`defaultVariant`")
        if default not in variants:
            raise entries["defaultVariant"].refused(f"the flag has no variant `{shortened(default)}`")
    if variant and variant not in variants:
        raise entries["variants"].refused(f"the flag has no variant `{shortened(variant)}`")
    wanted = {variant} if variant else {name for name, value in variants.items() if value.value is True}
    if not wanted:
        some = ", ".join(f"`{shortened(name)}`" for name in list(variants)[:8])
        raise entries["variants"].refused("no variant is true", f'say which one is meant: `variant="…"`, one of {some}')
    return _Flag(key, frozenset(wanted), frozenset(variants), default)


def _within(drawn: Expression, low: int, high: int, total: int) -> Expression:
    parts = [] if low == 0 else [trees.binary(">=", drawn, trees.whole(low))]
    if high < total or not parts:
        parts.append(trees.binary("<", drawn, trees.whole(high)))
    return trees.both(*parts)
