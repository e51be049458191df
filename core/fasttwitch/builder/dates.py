"""Parts of instants, days and lengths of time."""

from typing import Self

from fasttwitch.builder.built import Built, given


class Dates(Built):
    """What a calendar and a clock show; `zone` is a name like "Europe/Berlin" or an offset like "+02:00", else UTC."""

    __slots__ = ()

    def get_full_year(self, zone: str | None = None) -> Self:
        """Return the year.

        >>> col("born_on").get_full_year() < 2000
        Expr(born_on.getFullYear() < 2000)
        """
        return self._method("getFullYear", *given(zone))

    def get_month(self, zone: str | None = None) -> Self:
        """Return the month, 0 for January.

        >>> now.get_month("Europe/Berlin") == 11
        Expr(now.getMonth("Europe/Berlin") == 11)
        """
        return self._method("getMonth", *given(zone))

    def get_day_of_month(self, zone: str | None = None) -> Self:
        """Return the day of the month, 0 for the first; `get_date` counts from 1.

        >>> col("born_on").get_day_of_month() == 0
        Expr(born_on.getDayOfMonth() == 0)
        """
        return self._method("getDayOfMonth", *given(zone))

    def get_date(self, zone: str | None = None) -> Self:
        """Return the day of the month, 1 for the first.

        >>> col("born_on").get_date() == 31
        Expr(born_on.getDate() == 31)
        """
        return self._method("getDate", *given(zone))

    def get_day_of_week(self, zone: str | None = None) -> Self:
        """Return the day of the week, 0 for Sunday.

        >>> now.get_day_of_week("Europe/Berlin").is_in([0, 6])
        Expr(now.getDayOfWeek("Europe/Berlin") in [0, 6])
        """
        return self._method("getDayOfWeek", *given(zone))

    def get_day_of_year(self, zone: str | None = None) -> Self:
        """Return the day of the year, 0 for the first of January.

        >>> col("born_on").get_day_of_year() < 31
        Expr(born_on.getDayOfYear() < 31)
        """
        return self._method("getDayOfYear", *given(zone))

    def get_hours(self, zone: str | None = None) -> Self:
        """Return the hour of the day; of a length of time, all its whole hours.

        >>> now.get_hours("Europe/Berlin").between(9, 17)
        Expr(now.getHours("Europe/Berlin") >= 9 && now.getHours("Europe/Berlin") <= 17)
        """
        return self._method("getHours", *given(zone))

    def get_minutes(self, zone: str | None = None) -> Self:
        """Return the minute of the hour; of a length of time, all its whole minutes.

        >>> (now - col("seen_at")).get_minutes() < 5
        Expr((now - seen_at).getMinutes() < 5)
        """
        return self._method("getMinutes", *given(zone))

    def get_seconds(self, zone: str | None = None) -> Self:
        """Return the second of the minute; of a length of time, all its whole seconds.

        >>> col("seen_at").get_seconds() == 0
        Expr(seen_at.getSeconds() == 0)
        """
        return self._method("getSeconds", *given(zone))

    def get_milliseconds(self, zone: str | None = None) -> Self:
        """Return the milliseconds of the second.

        >>> col("seen_at").get_milliseconds() == 0
        Expr(seen_at.getMilliseconds() == 0)
        """
        return self._method("getMilliseconds", *given(zone))
