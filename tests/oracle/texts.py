"""What the functions on strings do. Positions count code points; None where a position lies outside the string."""

SMALL = "abcdefghijklmnopqrstuvwxyz"
TO_SMALL = str.maketrans(SMALL.upper(), SMALL)
TO_CAPITAL = str.maketrans(SMALL, SMALL.upper())
WHITE_SPACE = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
ESCAPES |= {"\\": "\\\\", '"': '\\"'}


def char_at(text: str, position: int) -> str | None:
    """Return one letter, and nothing just after the last one."""
    return text[position : position + 1] if 0 <= position <= len(text) else None


def index_of(text: str, part: str, start: int = 0) -> int | None:
    """Return where the part first stands at `start` or later, or -1."""
    return text.find(part, start) if 0 <= start <= len(text) else None


def last_index_of(text: str, part: str, start: int | None = None) -> int | None:
    """Return where the part last stands at `start` or earlier, or -1."""
    if start is None:
        start = len(text)
    if not 0 <= start <= len(text):
        return None
    places = [place for place in range(start + 1) if text[place : place + len(part)] == part]
    return places[-1] if places else -1


def substring(text: str, begin: int, end: int | None = None) -> str | None:
    """Return the letters from `begin` up to `end`, which is not included."""
    if end is None:
        end = len(text)
    return text[begin:end] if 0 <= begin <= end <= len(text) else None


def replace(text: str, old: str, new: str, limit: int = -1) -> str:
    """Return the text with the first `limit` occurrences replaced, all if that is negative.

    An empty string occurs before every letter and at the end.
    """
    done = ""
    while limit != 0:
        if old == "":
            done += new + text[:1]
            if text == "":
                return done
            text = text[1:]
        else:
            before, found, after = text.partition(old)
            if not found:
                break
            done += before + new
            text = after
        limit -= 1
    return done + text


def split(text: str, separator: str, limit: int = -1) -> tuple[str, ...]:
    """Return the pieces, at most `limit` of them if that is not negative; an empty separator gives single letters."""
    if limit == 0:
        return ()
    pieces = list(text) if separator == "" else text.split(separator)
    if 0 < limit < len(pieces):
        pieces[limit - 1 :] = [separator.join(pieces[limit - 1 :])]
    return tuple(pieces)


def join(parts: tuple[str, ...], separator: str = "") -> str:
    """Return all parts in one string."""
    return separator.join(parts)


def trim(text: str) -> str:
    """Return the text without white space at its ends, as Unicode defines that."""
    return text.strip(WHITE_SPACE)


def reverse(text: str) -> str:
    """Return the letters backwards."""
    return "".join(reversed(text))


def quote(text: str) -> str:
    """Return the text as a string constant."""
    return '"' + "".join(ESCAPES.get(letter, letter) for letter in text) + '"'


def element(values: tuple[str, ...], position: int) -> str | None:
    """Return the element at a position of a list."""
    return values[position] if 0 <= position < len(values) else None
