"""What a condition of GrowthBook means, as its documentation says it; attributes have the types of our columns."""

import re
from collections.abc import Mapping
from typing import Any

Groups = Mapping[str, list[Any]]


def holds(condition: Mapping[str, Any], row: Mapping[str, Any], groups: Groups) -> bool:
    """Return whether a condition holds for a row."""
    for key, value in condition.items():
        match key:
            case "$and":
                true = all(holds(each, row, groups) for each in value)
            case "$or":
                true = not value or any(holds(each, row, groups) for each in value)
            case "$nor":
                true = bool(value) and not any(holds(each, row, groups) for each in value)
            case "$not":
                true = not holds(value, row, groups)
            case _:
                true = matches(value, attribute(row, key), groups)
        if not true:
            return False
    return True


def attribute(row: Mapping[str, Any], path: str) -> Any:
    """Return the attribute at a dotted path, or None."""
    found: Any = row
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def matches(condition: Any, value: Any, groups: Groups) -> bool:
    """Return whether a value is what a condition wants of it."""
    if isinstance(condition, dict):
        return all(applies(operator, value, wanted, groups) for operator, wanted in condition.items())
    return bool(value == condition)


def applies(operator: str, value: Any, wanted: Any, groups: Groups) -> bool:
    """Return whether one operator holds."""
    match operator:
        case "$eq":
            return bool(value == wanted)
        case "$ne":
            return bool(value != wanted)
        case "$lt" | "$lte" | "$gt" | "$gte":
            if value is None and isinstance(wanted, str):
                return False  # null becomes 0 beside a number, and NaN beside a text
            return ordered(operator[1:], 0 if value is None else value, wanted)
        case "$in":
            return value in wanted
        case "$nin":
            return value not in wanted
        case "$ini" | "$nini":
            folded = [one.lower() if isinstance(one, str) else one for one in wanted]
            found = (value.lower() if isinstance(value, str) else value) in folded
            return found is (operator == "$ini")
        case "$exists":
            return (value is not None) is wanted
        case "$not":
            return not matches(wanted, value, groups)
        case "$regex":
            return value is not None and re.search(wanted, value) is not None
        case "$regexi":
            return value is not None and re.search(wanted, value, re.IGNORECASE) is not None
        case "$inGroup":
            return value in groups[wanted]
        case "$notInGroup":
            return value not in groups[wanted]
        case "$veq" | "$vne" | "$vlt" | "$vlte" | "$vgt" | "$vgte":
            return ordered(operator[2:], padded(value), padded(wanted))
    raise AssertionError(operator)


def ordered(relation: str, left: Any, right: Any) -> bool:
    """Return whether two values stand so to each other."""
    relations: dict[str, bool] = {
        "lt": left < right, "lte": left <= right, "gt": left > right, "gte": left >= right,
        "eq": left == right, "ne": left != right,
    }  # fmt: skip
    return relations[relation]


def padded(version: str | None) -> str:
    """Return a version as a text that orders like it: numbers of one width, releases behind their candidates."""
    parts = re.split("[-.]", re.sub(r"^v|\+.*$", "", version or "0"))
    parts += ["~"] if len(parts) == 3 else []
    return "-".join(part.rjust(5) if part.isdigit() else part for part in parts)
