"""Conditions of SQL select what a database selects."""

from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

import duckdb
import pyarrow as pa
import pytest

import fasttwitch as ft
from fasttwitch.importers import sql
from tests.core.importers.customers import SCHEMA, selections

ROWS = [
    {
        "age": 18,
        "score": 5,
        "ltv": 2.5,
        "country": "DE",
        "city": "Ulm",
        "email": "a.b@x.de",
        "vip": True,
        "seen": datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
        "born": date(2000, 2, 29),
        "price": Decimal("1.10"),
        "address": {"city": "Ulm", "zip": 1},
    },
    {"age": -7, "score": -7, "ltv": -0.5, "country": "de", "city": "de", "vip": False, "email": "100%_sure\\"},
    {"age": 0, "ltv": 1e300, "country": "", "seen": datetime(1969, 12, 31, tzinfo=UTC), "price": Decimal(2)},
    {"score": 0, "born": date(1969, 12, 31), "address": {"city": None}, "email": "A.B@X.DE\nx"},
    {},
]

TEXTS = [
    ("WHERE age >= 18", "age >= 18"),
    ("age >= 18 AND country IN ('DE', 'AT')", 'age >= 18 && country in ["DE", "AT"]'),
    ("SELECT * FROM customers c WHERE c.Age = 18 OR customers.vip", "age == 18 || vip"),
    ("NOT (age > 1 OR vip)", "!(age > 1 || vip)"),
    ("age <> 18", "age != 18"),
    ("18 < age", "age > 18"),
    ("ltv > 5", "ltv > 5.0"),
    ("price = 1.10", "price == 1.1"),
    ("age = -5", "age == -5"),
    ("country NOT IN ('DE')", '!(country in ["DE"])'),
    ("age IN (score, 3)", "age in [3] || age == score"),
    ("age BETWEEN 1 AND 3", "age >= 1 && age <= 3"),
    ("age NOT BETWEEN 1 AND 3", "!(age >= 1 && age <= 3)"),
    ("country IS NULL", "country == null"),
    ("country IS NOT NULL", "country != null"),
    ("(age > 3) IS NULL", "!isKnown(age > 3)"),
    ("age + 1 IS NULL", "!isKnown(age + 1 == age + 1)"),
    ("vip IS TRUE", "isTrue(vip)"),
    ("vip IS NOT FALSE", "!isTrue(!vip)"),
    ("country IS DISTINCT FROM 'DE'", '!isTrue(country == "DE")'),
    ("country IS NOT DISTINCT FROM city", "isTrue(country == city) || country == null && city == null"),
    ("country IS NOT DISTINCT FROM NULL", "country == null"),
    ("country LIKE 'D%'", 'country.startsWith("D")'),
    ("country LIKE '%D'", 'country.endsWith("D")'),
    ("country LIKE '%D%'", 'country.contains("D")'),
    ("country LIKE 'DE'", 'country == "DE"'),
    ("country NOT LIKE 'D_'", r'!country.matches("(?s)^D.$")'),
    ("email LIKE 'a.%@%'", r'email.matches(r"(?s)^a\..*@.*$")'),
    ("email LIKE '100!%!_%' ESCAPE '!'", 'email.startsWith("100%_")'),
    ("country ILIKE 'd%'", 'country.lowerAscii().startsWith("d")'),
    ("regexp_matches(email, '^a')", 'email.matches("^a")'),
    ("starts_with(email, 'a') AND suffix(email, 'e') AND contains(email, city)", None),
    ("CASE WHEN vip THEN age > 3 ELSE ltv > 1 END", "isTrue(vip) ? age > 3 : ltv > 1.0"),
    ("CASE WHEN vip THEN age > 3 WHEN NOT vip THEN ltv > 1 END", "vip ? age > 3 : ltv > 1.0"),
    ("CASE country WHEN 'DE' THEN 1 WHEN 'AT' THEN 2 ELSE 3 END < 3", None),
    ("if(vip, age, score) > 1", "(isTrue(vip) ? age : score) > 1"),
    ("COALESCE(age, score, 0) > 1", "coalesce(age, score, 0) > 1"),
    ("age / 2 > 3", "double(age) / 2.0 > 3.0"),
    ("age // 2 = 9", "age / 2 == 9"),
    ("age % 5 = 3", "age % 5 == 3"),
    ("age + ltv * 2 > 3", "double(age) + ltv * 2.0 > 3.0"),
    ("-age = 7", "-age == 7"),
    ("abs(age) = 7 AND ceil(ltv) = 3 AND round(ltv) = 3", None),
    ("lower(country) = 'de'", 'country.lowerAscii() == "de"'),
    ("upper(country) || '!' = 'DE!'", 'country.upperAscii() + "!" == "DE!"'),
    ("length(country) = 2", "size(country) == 2"),
    ("substr(email, 2, 3) = '.b@'", None),
    ("left(email, 3) = 'a.b' OR right(email, 2) = 'de'", None),
    ("strpos(email, '@') = 4", 'email.indexOf("@") + 1 == 4'),
    ("seen > TIMESTAMP '2025-01-01 00:00:00'", 'seen > timestamp("2025-01-01T00:00:00Z")'),
    ("seen > '2025-06-01 12:30:00+02'", 'seen > timestamp("2025-06-01T12:30:00+02:00")'),
    ("born >= DATE '2000-01-31'", 'born >= date("2000-01-31")'),
    ("born < '2000-01-31'", 'born < date("2000-01-31")'),
    ("born + 1 = DATE '2000-03-01'", 'born + days(1) == date("2000-03-01")'),
    ("seen > TIMESTAMP '2026-01-01' - INTERVAL 30 DAY", None),
    ("year(born) = 2000 AND extract(month FROM born) = 2 AND day(born) = 29", None),
    ("CAST(age AS VARCHAR) = '18'", 'string(age) == "18"'),
    ("age::DOUBLE = 18.0", "double(age) == 18.0"),
    ("address.city = 'Ulm'", 'address.city == "Ulm"'),
    ("(age > 3) = vip", "(age > 3) == vip"),
    ("vip <> TRUE", "vip != true"),
]


@pytest.mark.parametrize("negated", [False, True], ids=["as it is", "negated"])
@pytest.mark.parametrize(("condition", "text"), TEXTS, ids=[condition for condition, _ in TEXTS])
def test_a_condition_selects_what_duckdb_selects(condition: str, text: str | None, negated: bool) -> None:
    """Negated, too: so what is unknown is told apart from what is false."""
    imported = sql.read(condition, schema=SCHEMA)
    assert text is None or imported.text == text
    if negated:
        imported = sql.read(f"NOT ({bare(condition)})", schema=SCHEMA)
    table = pa.Table.from_pylist(ROWS, schema=SCHEMA).drop_columns(["tags"])
    connection = duckdb.connect()
    connection.register("customers", table)
    asked = f"NOT ({bare(condition)})" if negated else bare(condition)
    answers = connection.sql(f"SELECT coalesce({asked}, FALSE) FROM customers").to_arrow_table().column(0).to_pylist()
    assert selections([imported], ROWS) == [answers]


def bare(condition: str) -> str:
    """Return what stands behind WHERE, with columns of the table alone."""
    return condition.partition("WHERE ")[2].replace("c.", "") if "WHERE " in condition else condition


NUMBERS = ("age", "score", "ltv", "3", "-7", "2.5", "age + score", "ltv * 2", "abs(age)", "coalesce(age, 1)")
STRINGS = ("country", "city", "'DE'", "''", "lower(country)", "country || city")


def random_condition(random: Random, depth: int) -> str:
    """Return a condition of SQL."""
    if depth == 0:
        make = random.choice((comparison, comparison, membership, like, null_test, between))
        return make(random)
    one, other = random_condition(random, depth - 1), random_condition(random, depth - 1)
    return random.choice(
        (
            f"({one} AND {other})",
            f"({one} OR {other})",
            f"NOT ({one})",
            f"({one}) IS NOT TRUE",
            f"CASE WHEN {one} THEN {other} ELSE vip END",
            f"({one}) IS NULL",
        )
    )


def comparison(random: Random) -> str:
    kind = random.choice((NUMBERS, STRINGS))
    operator = random.choice(("=", "<>", "<", "<=", ">", ">="))
    return f"{random.choice(kind)} {operator} {random.choice(kind)}"


def membership(random: Random) -> str:
    word = random.choice(("IN", "NOT IN"))
    return random.choice((f"age {word} (18, 0, score)", f"country {word} ('DE', '')", f"ltv {word} (1, 2.5)"))


def like(random: Random) -> str:
    pattern = random.choice(("D%", "%e", "%", "", "_", "D_", "%_%", "d%e"))
    return f"{random.choice(('country', 'city'))} {random.choice(('LIKE', 'NOT LIKE'))} '{pattern}'"


def null_test(random: Random) -> str:
    operand = random.choice(("age", "country", "age + score", "address.city", "vip"))
    return f"{operand} IS {random.choice(('', 'NOT '))}NULL"


def between(random: Random) -> str:
    return f"{random.choice(NUMBERS)} BETWEEN {random.choice(NUMBERS)} AND {random.choice(NUMBERS)}"


@pytest.mark.parametrize("seed", range(8))
def test_random_conditions_select_what_duckdb_selects(seed: int) -> None:
    random = Random(seed)
    conditions = [random_condition(random, random.randrange(4)) for _ in range(25)]
    table = pa.Table.from_pylist(ROWS, schema=SCHEMA).drop_columns(["tags"])
    connection = duckdb.connect()
    connection.register("customers", table)
    expected = [
        connection.sql(f"SELECT coalesce({each}, FALSE) FROM customers").to_arrow_table().column(0).to_pylist()
        for each in conditions
    ]
    found = selections([sql.read(each, schema=SCHEMA) for each in conditions], ROWS)
    assert [pair for pair in zip(conditions, found, expected, strict=True) if pair[1] != pair[2]] == []


WITHOUT_SCHEMA = [
    ("age > 3 AND name = 'x' AND a.b < 2.5", 'age > 3 && name == "x" && a.b < 2.5'),
    ("d >= DATE '2026-01-31'", 'd >= "2026-01-31"'),
    ("ts > now() - INTERVAL 7 DAYS", "ts > now - days(7)"),
    ("ts > CURRENT_TIMESTAMP - INTERVAL '2' HOUR", "ts > now - hours(2)"),
    ("ts > now() - INTERVAL 90 SECOND", 'ts > now - duration("90s")'),
    ("d = CURRENT_DATE", "d == date(now)"),
]


@pytest.mark.parametrize(("condition", "text"), WITHOUT_SCHEMA, ids=[one[0] for one in WITHOUT_SCHEMA])
def test_without_a_schema_constants_keep_their_type(condition: str, text: str) -> None:
    assert sql.read(condition).text == text


DIALECTS = [
    ("postgres", "email ~ '^a' AND age / 2 = 9", 'email.matches("^a") && age / 2 == 9'),
    ("postgres", "email ~* '^a'", 'email.matches("(?i)^a")'),
    ("mysql", "`age` > 3 AND country <=> 'DE'", 'age > 3 && isTrue(country == "DE")'),
    ("bigquery", "`age` > 3 AND STARTS_WITH(email, 'a')", 'age > 3 && email.startsWith("a")'),
    ("snowflake", "age > 3 AND country ILIKE 'd%'", 'age > 3 && country.lowerAscii().startsWith("d")'),
]


@pytest.mark.parametrize(("dialect", "condition", "text"), DIALECTS, ids=[one[1] for one in DIALECTS])
def test_dialects_are_those_of_sqlglot(dialect: str, condition: str, text: str) -> None:
    assert sql.read(condition, dialect, schema=SCHEMA).text == text


REFUSED = [
    ("age = NULL", "a comparison with NULL is never true", "line 1, column 1"),
    ("age = 'old'", '`"old"` does not fit an int', "line 1, column 7"),
    ("agee > 1", "there is no column `agee`", "line 1, column 1"),
    ("age > 1 AND\n  vip > 3", "`3` does not fit a bool", "line 2, column 9"),
    ("age NOT IN (1, NULL)", "NULL in a list is never found, and makes NOT IN never true", "line 1, column 1"),
    ("age IN (SELECT 1)", "rules cannot ask other tables", "line 1, column 1"),
    ("EXISTS (SELECT 1)", "rules cannot ask other tables", "line 1, column 16"),
    ("count(*) > 1", "a rule looks at one row at a time", "line 1, column 1"),
    ("age > $1", "a placeholder has no value", "line 1, column 1"),
    ("age > ?", "a placeholder has no value", "line 1, column 1"),
    ("seen > now() - INTERVAL 1 MONTH", "a month has no fixed length here", "line 1, column 8"),
    ("CASE WHEN vip THEN age > 3 END", "a CASE without ELSE may be NULL", "line 1, column 11"),
    ("soundex(country) = 'x'", "rules have no SOUNDEX", "line 1, column 1"),
    ("frobnicate(country) = 'x'", "rules have no function `frobnicate`", "line 1, column 1"),
    ("greatest(age, 3) > 1", "rules have no GREATEST", "line 1, column 1"),
    ("country LIKE city", "the pattern of LIKE must be a constant text", "line 1, column 1"),
    ("country LIKE 'a\\%'", "dialects differ in what a backslash means here", "line 1, column 1"),
    ("CAST(ltv AS INTEGER) = 2", "SQL rounds here, and the language cuts off", "line 1, column 6"),
    ("SELECT * FROM a JOIN b USING (x) WHERE age > 1", "a rule has no JOINS", "line 1, column 22"),
    ("SELECT * FROM a WHERE age > 1 LIMIT 3", "a rule has no LIMIT", "line 1, column 37"),
    ("SELECT * FROM a", "without WHERE, everybody would match", "line 1, column 8"),
    ("DELETE FROM a WHERE age > 1", "this is no condition", "line 1, column 13"),
    ("age > 1; age > 2", "the text holds 2 statements", "line 1"),
    ("", "the text holds 0 statements", "line 1"),
    ("age", "a condition is needed here, and `age` is an int", "line 1, column 1"),
    ("tags = 'x'", "`tags` is a list(string), not a single value", "line 1, column 1"),
]


@pytest.mark.parametrize(("condition", "message", "place"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_cannot_be_said_is_refused_with_its_place(condition: str, message: str, place: str) -> None:
    with pytest.raises(ft.ImporterError) as error:
        sql.read(condition, schema=SCHEMA)
    assert (error.value.message, error.value.place) == (message, place)


def test_an_error_shows_the_line_with_carets() -> None:
    with pytest.raises(ft.ImporterError) as error:
        sql.read("vip\n  AND countri = 'DE'", schema=SCHEMA)
    assert str(error.value) == (
        "there is no column `countri`\n"
        " --> sql:2:7\n"
        "2 |   AND countri = 'DE'\n"
        "  |       ^^^^^^^\n"
        "  = fix: did you mean `country`?"
    )


def test_notes_tell_where_sql_and_the_language_differ() -> None:
    imported = sql.read("lower(country) = 'de' AND seen > TIMESTAMP '2026-01-01 08:00:00'", schema=SCHEMA)
    assert [str(note) for note in imported.notes] == [
        "line 1, column 1: only the letters A to Z change their case",
        "line 1, column 44: an instant without a time zone is one of UTC",
    ]


def test_an_unknown_dialect_is_told_those_that_there_are() -> None:
    with pytest.raises(ft.DataError, match="sqlglot knows no dialect `klingon`"):
        sql.read("age > 1", "klingon")
