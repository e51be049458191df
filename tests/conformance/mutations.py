"""Expressions with a small mistake in them: characters and tokens dropped, doubled, swapped, replaced, inserted."""

import re
from collections.abc import Iterator, Sequence
from random import Random

TOKEN = re.compile(r"""[rRbB]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\w+|&&|\|\||[<>=!]=|\s+|.""", re.DOTALL)
CHARACTERS = "abrux019._-+*/%<>=!&|?:,()[]{}\"'\\`@#$ \t\n\u00e9\u2028\U0001f431"
TOKENS = (
    *("(", ")", "[", "]", "{", "}", ",", ":", "?", ".", "+", "-", "*", "/", "%", "!"),
    *("<", "<=", ">", ">=", "==", "!=", "&&", "||", " in ", "=", "&", "|", "++", "--", "!!", "!-", "-!"),
    *("true", "false", "null", "x", "a.b", ".x", "x.`a-b`", "if", "as", "now", "x?y", "a.?b", "a[?0]", "{?a: b}"),
    *("0", "1", "-1", "1u", "-1u", "0x1F", "0xFFu", "1.5", ".5", "5.", "1e3", "1e", "1.e3", "1.5u", "00", "1_000"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615u", "1e400", "0x"),
    *(
        '"a"',
        "'b'",
        'r"\\d"',
        'b"\\xff"',
        '"""c"""',
        '"\\u00e9"',
        '"\\400"',
        '"\\ud800"',
        '"\\q"',
        "'\\x4'",
        '"a',
        "''",
    ),
    *("size(x)", "x.size()", "has(x.y)", "has(x)", "[1].all(v, v > 0)", "x.map(v, v, v)", "x.exists(a.b, true)"),
    *("f(x,)", "[1,]", "[,]", "{1: 2,}", "T{a: 1}", "T{}", "// end", "\n", " "),
)


def mutations(expressions: Sequence[str], random: Random) -> Iterator[str]:
    """Yield changed expressions without end; each has one to three changes."""
    while True:
        text = random.choice(expressions)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            pieces = list(text) if random.random() < 0.4 else TOKEN.findall(text)
            words = CHARACTERS if len(pieces) == len(text) else TOKENS
            text = "".join(changed(pieces, words, random))
        yield text


def changed(pieces: list[str], words: Sequence[str], random: Random) -> list[str]:
    """Return the pieces with one of them dropped, doubled, swapped or replaced, or with one more."""
    place = random.randrange(len(pieces) + 1)
    word = random.choice(words)
    match random.randrange(5):
        case 0:
            return [*pieces[:place], word, *pieces[place:]]
        case 1:
            return [*pieces[:place], word, *pieces[place + 1 :]]
        case 2:
            return pieces[:place] + pieces[place + 1 :]
        case 3:
            return pieces[:place] + pieces[place : place + 1] * 2 + pieces[place + 1 :]
        case _:
            other = random.randrange(len(pieces) + 1)
            first, second = min(place, other), max(place, other)
            swapped = pieces[second : second + 1] + pieces[first + 1 : second] + pieces[first : first + 1]
            return pieces[:first] + swapped + pieces[second + 1 :]
