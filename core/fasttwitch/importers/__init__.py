"""Rules of other systems, turned into rules of this language: every decision noted, nothing silently dropped."""

from fasttwitch.importers import flagd, growthbook, jsonlogic, react_querybuilder, sql, unleash
from fasttwitch.importers.imported import Imported, Note

__all__ = ["Imported", "Note", "flagd", "growthbook", "jsonlogic", "react_querybuilder", "sql", "unleash"]
