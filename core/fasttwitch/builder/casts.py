"""Values of one type as values of another; a value that has no such form is unknown."""

from typing import Self

from fasttwitch.builder.built import Built, given


class Casts(Built):
    """Conversions, and the parts of a version."""

    __slots__ = ()

    def to_int(self) -> Self:
        """Return a whole number: of a double without its fraction, of an instant in seconds since 1970.

        >>> col("age_text").to_int() >= 18
        Expr(int(age_text) >= 18)
        """
        return self._function("int")

    def to_uint(self) -> Self:
        """Return a whole number that is not negative.

        >>> col("visits").to_uint()
        Expr(uint(visits))
        """
        return self._function("uint")

    def to_double(self) -> Self:
        """Return a number with a fraction.

        >>> col("clicks").to_double() / 7
        Expr(double(clicks) / 7)
        """
        return self._function("double")

    def to_string(self) -> Self:
        """Return the text of a value.

        >>> col("zip").to_string().starts_with("10")
        Expr(string(zip).startsWith("10"))
        """
        return self._function("string")

    def to_bool(self) -> Self:
        """Return the Boolean that a text like "true" or "0" says.

        >>> col("opted_in").to_bool()
        Expr(bool(opted_in))
        """
        return self._function("bool")

    def to_timestamp(self) -> Self:
        """Return an instant: of a text, of seconds since 1970, or the midnight (UTC) of a day.

        >>> col("seen_at_text").to_timestamp() < now
        Expr(timestamp(seen_at_text) < now)
        """
        return self._function("timestamp")

    def to_date(self, zone: str | None = None) -> Self:
        """Return a day: of a text, or the day of an instant in a time zone.

        >>> now.to_date("Europe/Berlin") == col("born_on")
        Expr(date(now, "Europe/Berlin") == born_on)
        """
        return self._function("date", *given(zone))

    def to_duration(self) -> Self:
        """Return the length of time that a text like "90m" says.

        >>> col("session").to_duration() > minutes(5)
        Expr(duration(session) > minutes(5))
        """
        return self._function("duration")

    def major(self) -> Self:
        """Return the first number of a version.

        >>> semver(col("app")).major() >= 3
        Expr(semver(app).major() >= 3)
        """
        return self._method("major")

    def minor(self) -> Self:
        """Return the second number of a version.

        >>> semver(col("app")).minor()
        Expr(semver(app).minor())
        """
        return self._method("minor")

    def patch(self) -> Self:
        """Return the third number of a version.

        >>> semver(col("app")).patch()
        Expr(semver(app).patch())
        """
        return self._method("patch")
