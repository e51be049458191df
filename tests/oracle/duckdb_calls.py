"""Functions of the rule language as DuckDB SQL, where DuckDB can say exactly the same.

A template names its arguments `{0}`, `{1}`, …; instants, durations and days are plain BIGINTs, as in all of this SQL.
"""

from fasttwitch.logic.datatypes import BOOL, DATE, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT, Type
from tests.oracle.functions import FUNCTIONS
from tests.oracle.instants import DAY, FIRST_TIMESTAMP, HOUR, LAST_TIMESTAMP, LONGEST_DURATION, MINUTE, SECOND
from tests.oracle.texts import ESCAPES, SMALL, WHITE_SPACE

IDENTITY = "{0}"
WHOLE_DOUBLE = "CASE WHEN {{0}} {least} AND {{0}} < CAST('{end}' AS DOUBLE) THEN CAST(trunc({{0}}) AS {kind}) END"
DIGITS = "CASE WHEN regexp_full_match({{0}}, '{shape}') THEN TRY_CAST({{0}} AS {kind}) END"
FLOATING = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
DOUBLE_OF_STRING = (
    f"CASE WHEN regexp_full_match({{0}}, '{FLOATING}') AND isfinite(TRY_CAST({{0}} AS DOUBLE)) "
    "THEN TRY_CAST({0} AS DOUBLE) "
    "WHEN lower({0}) IN ('inf', '+inf', 'infinity', '+infinity') THEN CAST('inf' AS DOUBLE) "
    "WHEN lower({0}) IN ('-inf', '-infinity') THEN CAST('-inf' AS DOUBLE) "
    "WHEN lower({0}) = 'nan' THEN CAST('nan' AS DOUBLE) END"
)
TRUTH = (
    "CASE WHEN {0} IN ('1', 't', 'true', 'TRUE', 'True') THEN TRUE WHEN {0} IN ('0', 'f', 'false', 'FALSE', 'False') "
)
SIGN = "CASE WHEN {{0}} > 0 THEN CAST(1 AS {kind}) WHEN {{0}} < 0 THEN CAST({low} AS {kind}) ELSE {{0}} - {{0}} END"
SIGN_OF_DOUBLE = "CASE WHEN isnan({0}) THEN {0} ELSE CAST(sign({0}) AS DOUBLE) END"
DATE_OF_STRING = (
    "CASE WHEN regexp_full_match({0}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') AND NOT starts_with({0}, '0000') "
    "THEN date_diff('day', DATE '1970-01-01', TRY_CAST({0} AS DATE)) END"
)
ROOT = "CASE WHEN isnan({0}) OR {0} >= 0 THEN sqrt({0}) WHEN {0} < 0 THEN CAST('nan' AS DOUBLE) END"


def floored(text: str, unit: int) -> str:
    """Return the number of whole units below a count; DuckDB's `//` goes towards zero."""
    return f"(({text} - ((({text} % {unit}) + {unit}) % {unit})) // {unit})"


def quoted() -> str:
    """Return a string as a string constant, each escape by a replacement of its own; backslashes come first."""
    text = "replace({0}, chr(92), chr(92) || chr(92))"
    for letter, escape in ESCAPES.items():
        if letter != "\\":
            text = f"replace({text}, chr({ord(letter)}), chr(92) || '{escape[1:]}')"
    return f"('\"' || {text} || '\"')"


def within(low: int, high: int, result: str) -> str:
    """Return a result where the argument lies in a range."""
    return f"CASE WHEN {{0}} BETWEEN {low} AND {high} THEN {result} END"


def counted(unit: int) -> str:
    """Return so many units as a duration."""
    most = LONGEST_DURATION // unit
    return within(-most, most, f"{{0}} * {unit}")


def date_parts(instant: str) -> dict[str, str]:
    """Return every part of the date of an instant."""
    return {
        "getFullYear": f"date_part('year', make_timestamp({instant}))",
        "getMonth": f"(date_part('month', make_timestamp({instant})) - 1)",
        "getDayOfMonth": f"(date_part('day', make_timestamp({instant})) - 1)",
        "getDate": f"date_part('day', make_timestamp({instant}))",
        "getDayOfWeek": f"date_part('dow', make_timestamp({instant}))",
        "getDayOfYear": f"(date_part('doy', make_timestamp({instant})) - 1)",
    }


def time_part(size: int, many: int) -> str:
    """Return a part of the time of day of an instant."""
    whole = size * many
    return f"(((({{0}} % {whole}) + {whole}) % {whole}) // {size})"


WAYS: dict[tuple[str, tuple[Type, ...]], str] = {
    ("int", (UINT,)): "TRY_CAST({0} AS BIGINT)",
    ("int", (DOUBLE,)): WHOLE_DOUBLE.format(
        least="> CAST('-9223372036854775808' AS DOUBLE)", end="9223372036854775808", kind="BIGINT"
    ),
    ("int", (STRING,)): DIGITS.format(shape="[+-]?[0-9]+", kind="BIGINT"),
    ("int", (TIMESTAMP,)): floored("{0}", SECOND),
    ("uint", (INT,)): "TRY_CAST({0} AS UBIGINT)",
    ("uint", (DOUBLE,)): WHOLE_DOUBLE.format(least=">= 0", end="18446744073709551616", kind="UBIGINT"),
    ("uint", (STRING,)): DIGITS.format(shape="[0-9]+", kind="UBIGINT"),
    ("double", (INT,)): "CAST({0} AS DOUBLE)",
    ("double", (UINT,)): "CAST({0} AS DOUBLE)",
    ("double", (STRING,)): DOUBLE_OF_STRING,
    ("string", (INT,)): "CAST({0} AS VARCHAR)",
    ("string", (UINT,)): "CAST({0} AS VARCHAR)",
    ("string", (BOOL,)): "CAST({0} AS VARCHAR)",
    ("string", (DATE,)): "CAST(CAST(make_timestamp({0} * 86400000000) AS DATE) AS VARCHAR)",
    ("bool", (STRING,)): f"{TRUTH}THEN FALSE END",
    ("timestamp", (INT,)): within(FIRST_TIMESTAMP // SECOND, LAST_TIMESTAMP // SECOND, f"{{0}} * {SECOND}"),
    ("timestamp", (DATE,)): f"({{0}} * {DAY})",
    ("date", (STRING,)): DATE_OF_STRING,
    ("date", (TIMESTAMP,)): floored("{0}", DAY),
    ("days", (INT,)): counted(DAY),
    ("hours", (INT,)): counted(HOUR),
    ("minutes", (INT,)): counted(MINUTE),
    ("size", (STRING,)): "length({0})",
    ("startsWith", (STRING, STRING)): "starts_with({0}, {1})",
    ("endsWith", (STRING, STRING)): "ends_with({0}, {1})",
    ("contains", (STRING, STRING)): "contains({0}, {1})",
    ("matches", (STRING, STRING)): "regexp_matches({0}, {1})",
    ("lowerAscii", (STRING,)): f"translate({{0}}, '{SMALL.upper()}', '{SMALL}')",
    ("upperAscii", (STRING,)): f"translate({{0}}, '{SMALL}', '{SMALL.upper()}')",
    ("trim", (STRING,)): f"trim({{0}}, '{WHITE_SPACE}')",
    ("charAt", (STRING, INT)): "CASE WHEN {1} BETWEEN 0 AND length({0}) THEN substring({0}, {1} + 1, 1) END",
    ("substring", (STRING, INT)): "CASE WHEN {1} BETWEEN 0 AND length({0}) THEN substring({0}, {1} + 1) END",
    ("substring", (STRING, INT, INT)): (
        "CASE WHEN 0 <= {1} AND {1} <= {2} AND {2} <= length({0}) THEN substring({0}, {1} + 1, {2} - {1}) END"
    ),
    ("indexOf", (STRING, STRING)): "CASE WHEN {0} IS NULL THEN NULL WHEN {1} = '' THEN 0 ELSE strpos({0}, {1}) - 1 END",
    ("math.abs", (INT,)): "TRY(abs({0}))",
    ("math.abs", (UINT,)): IDENTITY,
    ("math.abs", (DOUBLE,)): "abs({0})",
    ("math.sign", (INT,)): SIGN.format(kind="BIGINT", low=-1),
    ("math.sign", (UINT,)): SIGN.format(kind="UBIGINT", low=0),
    ("math.ceil", (DOUBLE,)): "ceil({0})",
    ("math.floor", (DOUBLE,)): "floor({0})",
    ("math.trunc", (DOUBLE,)): "trunc({0})",
    ("math.round", (DOUBLE,)): "round({0})",
    ("math.sqrt", (DOUBLE,)): ROOT,
    ("math.sqrt", (UINT,)): "sqrt(CAST({0} AS DOUBLE))",
    ("math.sqrt", (INT,)): ROOT.replace("{0}", "CAST({0} AS DOUBLE)"),
    ("math.sign", (DOUBLE,)): SIGN_OF_DOUBLE,
    ("strings.quote", (STRING,)): quoted(),
    ("math.isNaN", (DOUBLE,)): "isnan({0})",
    ("math.isInf", (DOUBLE,)): "isinf({0})",
    ("math.isFinite", (DOUBLE,)): "isfinite({0})",
    **{("math.bitAnd", (kind, kind)): "({0} & {1})" for kind in (INT, UINT)},
    **{("math.bitOr", (kind, kind)): "({0} | {1})" for kind in (INT, UINT)},
    **{("math.bitXor", (kind, kind)): "xor({0}, {1})" for kind in (INT, UINT)},
    **{("math.bitNot", (kind,)): "(~{0})" for kind in (INT, UINT)},
    **{(name, (TIMESTAMP,)): text for name, text in date_parts("{0}").items()},
    **{(name, (DATE,)): text for name, text in date_parts(f"{{0}} * {DAY}").items()},
    ("getHours", (TIMESTAMP,)): time_part(HOUR, 24),
    ("getMinutes", (TIMESTAMP,)): time_part(MINUTE, 60),
    ("getSeconds", (TIMESTAMP,)): time_part(SECOND, 60),
    ("getMilliseconds", (TIMESTAMP,)): time_part(SECOND // 1000, 1000),
    ("getHours", (DURATION,)): f"({{0}} // {HOUR})",
    ("getMinutes", (DURATION,)): f"({{0}} // {MINUTE})",
    ("getSeconds", (DURATION,)): f"({{0}} // {SECOND})",
    ("getMilliseconds", (DURATION,)): f"(({{0}} % {SECOND}) // 1000)",
}
WAYS |= {(kind.name, (kind,)): IDENTITY for kind in (BOOL, INT, UINT, DOUBLE, STRING, TIMESTAMP, DATE, DURATION)}

assert all(any(way.takes == takes for way in FUNCTIONS[name]) for name, takes in WAYS)
