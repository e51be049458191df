"""Buckets compared with a share: `bucket(id, "spring", 100) < 0.1` is one bucket of a hundred, not ten."""

from collections.abc import Iterator

from fasttwitch.lint.findings import Finding
from fasttwitch.lint.subject import Rule, Subject, walk
from fasttwitch.logic.nodes import Apply, Compare, Constant


def bucket_shares(subject: Subject) -> Iterator[Finding]:
    """Yield comparisons of a bucket with a fraction of one."""
    for rule in subject.rules.values():
        for part in walk(rule.tree):
            match part:
                case Compare("<" | "<=" | ">" | ">=", Apply("bucket") as bucket, Constant(float(share))) if (
                    0 < share < 1
                ):
                    yield _finding(rule, part, bucket, share)


def _finding(rule: Rule, part: Compare, bucket: Apply, share: float) -> Finding:
    buckets = bucket.arguments[2]
    assert isinstance(buckets, Constant)
    assert isinstance(buckets.value, int)
    message = f"`{rule.quote(part)}` compares a whole number from 0 to {buckets.value - 1} with a share"
    meant = share * buckets.value
    operator = "<" if part.operator.startswith("<") else ">="
    fix = "use more buckets"
    if round(meant) and abs(meant - round(meant)) < 1e-9:
        fix = f"`{rule.words(bucket)} {operator} {round(meant)}`"
    return rule.finding("bucket-share", message, part, f"{fix} for {share * 100:g} %")
