"""Constants of versions, as SemVer 2.0 writes them."""

import re

from fasttwitch.library.versions import read_semver
from fasttwitch.logic.instants import Refusal
from fasttwitch.logic.nodes import Value


def read_version(text: str) -> Value | Refusal:
    """Return the version that a text names, or why it names none."""
    version = read_semver(text)
    if version is not None:
        return version
    short = re.fullmatch(r"[vV]?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?P<rest>[-+].*)?", text.strip(), re.ASCII)
    if short is None:
        return Refusal(f'`"{text}"` is no version', 'write it like `"2.10.0"`')
    numbers = ".".join(str(int(part or "0")) for part in short.groups()[:3])
    return Refusal(f'`"{text}"` is no version', f'write all three numbers: `"{numbers}{short["rest"] or ""}"`')
