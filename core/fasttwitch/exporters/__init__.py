"""Rules of this language, said in the languages of other systems: exactly, or not at all."""

from fasttwitch.exporters import duckdb_sql

__all__ = ["duckdb_sql"]
