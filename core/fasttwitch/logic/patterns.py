"""Regular expressions in RE2's syntax, which is what `matches` takes."""

from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from fasttwitch.logic.instants import Refusal

# RE2's words for what authors of Perl expressions trip over, and what to do instead.
ADVICE = {
    "invalid perl operator: (?=": "there is no look-ahead: join two `matches` with `&&`",
    "invalid perl operator: (?!": "there is no look-ahead: write `!x.matches(…)`",
    "invalid perl operator: (?<": "there is no look-behind: join two `matches` with `&&`",
    "missing ]": "close the bracket, or write `\\\\[` for the character itself",
    "missing )": "close the parenthesis, or write `\\\\(` for the character itself",
    "unexpected )": "open the parenthesis, or write `\\\\)` for the character itself",
    "no argument for repetition operator: *": "any text is `.*`, not `*`",
}


@lru_cache(maxsize=4096)
def read_pattern(pattern: str) -> Refusal | None:
    """Return why a regular expression is refused, or None when it is sound."""
    try:
        pc.match_substring_regex(_NOTHING, pattern)
    except pa.ArrowException as error:
        reason = str(error).removeprefix("Invalid regular expression: ").split("\n")[0]
        fix = next((advice for start, advice in ADVICE.items() if reason.startswith(start)), "")
        reason = reason.removesuffix(f": {pattern}")
        return Refusal(f"this is no regular expression: {reason}", fix)
    return None


def matches(text: str, pattern: str) -> bool:
    """Return whether the pattern is found anywhere in the text."""
    return bool(pc.match_substring_regex(pa.array([text], pa.string()), pattern)[0].as_py())


_NOTHING = pa.array([""], pa.string())
