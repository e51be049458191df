"""Values of constants: what the digits and escapes of a token mean."""

import re

from fasttwitch.errors import Problem
from fasttwitch.syntax.mistakes import RefusedError
from fasttwitch.syntax.nodes import Constant, Span

MAXIMUM_INT = 2**63 - 1
MINIMUM_INT = -(2**63)
MAXIMUM_UINT = 2**64 - 1


def number(token: str, span: Span) -> Constant:
    """Return the constant for a token of digits, with or without a sign before them."""
    if token.isdigit() and len(token) < 19:  # most numbers
        return Constant("int", int(token), span, token)
    if token[-1] in "uU":
        return _uint(token, span)
    if "x" in token or "X" in token:
        return _int(token, int(token, 16), span)
    if token.lstrip("-").isdigit():
        return _int(token, _decimal(token), span)
    value = float(token)
    if value in (float("inf"), float("-inf")):
        raise _refused(f"`{_short(token)}` is too large for a number", span, "the largest double is about `1.8e+308`")
    if len(token) > 9 and _VAST_EXPONENT.search(token):
        raise _refused(f"`{_short(token)}` is too close to 0 for a number", span, "write `0.0`")
    return Constant("double", value, span, token)


# Neither `float` nor `int` minds, but `Decimal`, which keeps what was written for decimal columns, ends at 18 digits.
_VAST_EXPONENT = re.compile(r"[eE][+-]?0*[1-9][0-9]{8}")


def string(token: str, span: Span) -> Constant:
    """Return the constant for a token that begins with a quote or with the prefix of one."""
    quote = token[0]
    if quote in "\"'" and quote == token[-1] and len(token) > 2 and quote != token[1] and "\\" not in token:
        return Constant("string", token[1:-1], span)  # most strings
    body_start = 0
    while token[body_start] not in "\"'":
        body_start += 1
    prefix = token[:body_start].lower()
    quote = token[body_start]
    if token.startswith(quote * 3, body_start):
        quote *= 3
    body_start += len(quote)
    body_end = len(token) - len(quote)
    if body_end < body_start or not _closed(token, body_end, quote, "r" in prefix):
        raise _refused(
            "this string is never closed",
            (span[0], span[0] + body_start),
            f"add {quote} at its end" if len(quote) == 1 else f"add {quote} after its last line",
        )
    body = token[body_start:body_end]
    if "\r" in body:  # a text means the same whether its file was saved on Windows or not
        body = body.replace("\r\n", "\n").replace("\r", "\n")
        span_of_body = None
    else:
        span_of_body = span[0] + body_start
    if "b" in prefix:
        content = body.encode() if "r" in prefix or "\\" not in body else _unescape_bytes(body, span_of_body, span)
        return Constant("bytes", content, span)
    if "\\" in body and "r" not in prefix:
        body = _unescape(body, span_of_body, span)
    return Constant("string", body, span)


def _closed(token: str, body_end: int, quote: str, raw: bool) -> bool:
    """Return whether `token` ends with its quote, and that quote is not an escaped one."""
    if not token.endswith(quote):
        return False
    if raw:
        return True
    backslashes = body_end - len(token[:body_end].rstrip("\\"))
    return backslashes % 2 == 0


def _int(token: str, value: int, span: Span) -> Constant:
    if MINIMUM_INT <= value <= MAXIMUM_INT:
        return Constant("int", value, span, token)
    bound, side = (MAXIMUM_INT, "largest") if value > 0 else (MINIMUM_INT, "smallest")
    fix = f"the {side} int is `{bound}`"
    if "x" not in token.lower() and len(token) < 40:
        fix += f"; for a double write `{token}.0`"
    raise _refused(f"`{_short(token)}` is out of range for an int", span, fix)


def _uint(token: str, span: Span) -> Constant:
    digits = token[:-1]
    if digits.isdigit():
        value = _decimal(digits)
    elif digits[:2] in ("0x", "0X"):
        value = int(digits, 16)
    else:
        raise _refused(f"`{_short(token)}` is no uint: an unsigned integer has no fraction", span, f"write `{digits}`")
    if value > MAXIMUM_UINT:
        raise _refused(f"`{_short(token)}` is out of range for a uint", span, f"the largest uint is `{MAXIMUM_UINT}u`")
    return Constant("uint", value, span, token)


def _decimal(digits: str) -> int:
    """Return the value of decimal digits, or one that is out of range if they are too many for `int` to read."""
    # Python refuses to convert more than 4,300 digits, and takes quadratic time below that.
    if len(digits) <= 40:
        return int(digits)
    sign, magnitude = ("-", digits[1:]) if digits[0] == "-" else ("", digits)
    return int(sign + (magnitude.lstrip("0") or "0")[:40])


def _short(token: str) -> str:
    return token if len(token) <= 40 else f"{token[:20]}…{token[-10:]}"


_ESCAPE = re.compile(r"\\(?:[xX]([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-3][0-7]{2})|(?s:(.)))")
_SIMPLE = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "'": "'",
    "`": "`",
    "?": "?",
}


def _unescape(body: str, start: int | None, span: Span) -> str:
    """Return the text that `body` stands for; `start` is its place in the rule, if its characters stand there."""

    def character(match: re.Match[str]) -> str:
        byte, short, long, octal, simple = match.groups()
        if simple is not None:
            return _simple(match, start, span)
        code = int(octal, 8) if octal else int(byte or short or long, 16)
        if 0xD800 <= code <= 0xDFFF:
            raise _refused(
                f"`{match[0]}` is half of a character",
                _place(match, start, span),
                "write the character itself, or its `\\U` escape with eight digits",
            )
        if code > 0x10FFFF:
            raise _refused(
                f"`{match[0]}` is beyond the last character",
                _place(match, start, span),
                "the last one is `\\U0010FFFF`",
            )
        return chr(code)

    return _ESCAPE.sub(character, body)


def _unescape_bytes(body: str, start: int | None, span: Span) -> bytes:
    """Return the bytes that `body` stands for: characters as UTF-8, `\\x` and octal escapes as single bytes."""
    pieces = []
    end = 0
    for match in _ESCAPE.finditer(body):
        byte, short, long, octal, simple = match.groups()
        if short or long:
            raise _refused(
                f"`{match[0]}` cannot stand in bytes", _place(match, start, span), "write its bytes as `\\x…`"
            )
        pieces.append(body[end : match.start()].encode())
        end = match.end()
        if simple is not None:
            pieces.append(_simple(match, start, span).encode())
        else:
            pieces.append(bytes([int(octal, 8) if octal else int(byte, 16)]))
    pieces.append(body[end:].encode())
    return b"".join(pieces)


def _simple(match: re.Match[str], start: int | None, span: Span) -> str:
    letter = match[5]
    value = _SIMPLE.get(letter)
    if value is not None:
        return value
    digits = _DIGITS_WANTED.get(letter)
    if digits:
        raise _refused(f"`\\{letter}` needs {digits}", _place(match, start, span), "for a backslash write `\\\\`")
    raise _refused(
        f"`\\{letter}` is not an escape",
        _place(match, start, span),
        f'for a backslash write `\\\\{letter}`, or put `r` before the string: `r"…"`',
    )


_DIGITS_WANTED = {
    "x": "two hexadecimal digits",
    "X": "two hexadecimal digits",
    "u": "four hexadecimal digits",
    "U": "eight hexadecimal digits",
} | dict.fromkeys("0123", "three octal digits")


def _place(match: re.Match[str], start: int | None, span: Span) -> Span:
    return span if start is None else (start + match.start(), start + match.end())


def _refused(message: str, span: Span, fix: str) -> RefusedError:
    return RefusedError(Problem(message, span, fix))
