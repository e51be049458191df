"""What personalization needs and CEL does not have: versions of an app, and buckets of customers."""

from collections.abc import Mapping

from fasttwitch.library import bucketing, versions
from fasttwitch.logic.catalogue.signatures import FUNCTION, METHOD, Function, Overload, plain, same
from fasttwitch.logic.datatypes import BOOL, INT, SEMVER, STRING, UINT
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.nodes import Value

MOST_BUCKETS = 1_000_000


def _constant_salt(_: Value) -> Refusal | None:
    return None


def _constant_count(value: Value) -> Refusal | None:
    if isinstance(value, int) and 1 <= value <= MOST_BUCKETS:
        return None
    return Refusal(f"`bucket` makes 1 to {MOST_BUCKETS:,} buckets, not {value}", 'e.g. `bucket(id, "salt", 100) < 10`')


PRODUCTS: Mapping[str, Function] = {
    "semver": Function(
        FUNCTION,
        'semver("2.10.0")',
        plain(((SEMVER,), SEMVER, same), ((STRING,), SEMVER, versions.read_semver)),
        "is no version",
    ),
    "isSemver": Function(FUNCTION, "isSemver(x)", plain(((STRING,), BOOL, versions.is_semver))),
    "major": Function(METHOD, "semver(x).major()", plain(((SEMVER,), INT, versions.major))),
    "minor": Function(METHOD, "semver(x).minor()", plain(((SEMVER,), INT, versions.minor))),
    "patch": Function(METHOD, "semver(x).patch()", plain(((SEMVER,), INT, versions.patch))),
    "bucket": Function(
        FUNCTION,
        'bucket(customer_id, "salt", 100)',
        tuple(
            Overload((kind, STRING, INT), INT, bucketing.bucket, {1: _constant_salt, 2: _constant_count})
            for kind in (STRING, INT, UINT)
        ),
    ),
}
