"""Conditions of SQL, as they stand behind WHERE."""

from fasttwitch.importers.sql.entry import read

__all__ = ["read"]
