"""Strings that are worth testing: names, numbers, versions, moments, lists and what only looks like them."""

import string
from random import Random

# Between the two halves of this list lie the traps: order of UTF-16, combining accents, four-byte characters, NUL.
WORDS = (
    *(
        "",
        " ",
        "a",
        "A",
        "b",
        "ab",
        "abc",
        "aB",
        "b a",
        "gold",
        "Gold",
        "GOLD",
        "platinum",
        "DE",
        "FR",
        "de",
        "0",
        "42",
    ),
    *("M\u00fcnchen", "m\u00fcnchen", "M\u00dcNCHEN", "\u00e9", "e\u0301", "\u65e5\u672c\u8a9e", "\uffff"),
    *("\U00010000", "\U0001f600", "a\U0001f600b", 'say "no"', "it's", "back\\slash", "tab\there", "line\nbreak"),
    *("a\x00b", "?", "a.c", "\u0130", "\u00df", "\u212a", "  padded\u00a0", "\u2003wide\u3000", "\x1cnot padded"),
)
NUMBERS = (
    *("0", "-0", "+5", "007", "42", "-17", "9223372036854775807", "9223372036854775808", "-9223372036854775808"),
    *("18446744073709551615", "18446744073709551616", "1.5", "-2.25", ".5", "5.", "1e3", "1E-7", "1e400", "-1e-400"),
    *("inf", "+Inf", "-infinity", "NaN", "nan", "12 ", " 12", "1_000", "0x10", "1,5", "--1", "", "\u0664", "1e", "e5"),
    *("100.0", "3.4028235e38", "4.9e-324", "2.4e-324", "0.1", "123456789012345678901234567890"),
)
TRUTHS = ("true", "false", "True", "False", "TRUE", "FALSE", "t", "f", "1", "0", "yes", "TrUe", "", "T")
VERSIONS = (
    *("1.0.0", "2.10.0", "2.9.0", "2.9.10", "0.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta"),
    *("1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0+build.5", "1.0.0-rc.1+exp.sha", "1.0.0--", "1.0.0-0a"),
    *("99999999999999999999.0.0", "1.0.9223372036854775807", "1.0.0-1000000000000000000000"),
)
NO_VERSIONS = (
    "1",
    "1.0",
    "v1.0.0",
    "01.0.0",
    "1.0.0-",
    "1.0.0-01",
    "1.0.0+",
    "1.0.0-a..b",
    "1.0.0 ",
    "",
    "1.0.0.0",
    "a.b.c",
)
MOMENTS = (
    *("2024-02-29T12:00:00Z", "2024-02-30T12:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.123456789Z"),
    *("2024-03-31T03:30:00+02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2024-01-01T24:00:00Z"),
    *("0001-01-01T00:00:00+00:01", "10000-01-01T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01 10:11:12-09:30"),
    *("2024-02-29", "2023-02-29", "0000-01-01", "1970-01-01", "9999-12-31", "24-01-01", "2024-1-1", "today", ""),
)
LENGTHS = (
    *("0", "1h", "90m", "1h30m", "-1.5s", "250ms", "3us", "-1ns", "999ns", "1d", "1 h", "", "s", "1.s", ".5s", "+2h"),
    *("315576000000s", "-315576000001s", "1h-5m", "0.000001s", "100000h"),
)
PIECES = (
    *("a,b,c", ",", "a,,b", "ann@example.com", "@", "no at", "x;y", "a-b-c-d", "  a , b ", "k=v;k2=v2", "aaaa", "abab"),
    *("\u00fc,\U0001f600,e\u0301", "DE-BE", "sku-000123", "", "one"),
)
FLAVOURS = (WORDS, WORDS, NUMBERS, TRUTHS, VERSIONS + NO_VERSIONS, MOMENTS, LENGTHS, PIECES)


def words(random: Random, size: int) -> tuple[str, ...]:
    """Return so many strings for one column: of one flavour for the most part, sometimes of all."""
    flavour = random.choice(FLAVOURS)
    mixed = random.random() < 0.2
    return tuple(word(random, random.choice(FLAVOURS) if mixed else flavour) for _ in range(size))


def word(random: Random, flavour: tuple[str, ...]) -> str:
    """Return a string: mostly of the flavour, else a key-like or a random one."""
    match random.randrange(8 if flavour is not WORDS else 4):
        case 0:
            return f"c{random.randint(0, 999):06d}"
        case 1:
            return "".join(random.choice(string.ascii_letters) for _ in range(random.randint(0, 12)))
        case 2 if flavour is NUMBERS:
            return random.choice((str(random.randint(-200, 200)), str(round(random.uniform(-5, 5), 3))))
        case 2 if flavour is VERSIONS + NO_VERSIONS:
            return ".".join(str(random.randint(0, 12)) for _ in range(3))
        case 3 if flavour is MOMENTS:
            return f"{random.randint(1, 9999):04d}-{random.randint(1, 13):02d}-{random.randint(1, 28):02d}"
        case _:
            return random.choice(flavour)
