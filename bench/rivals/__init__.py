"""Other engines that can answer the same question, each used as its own documentation recommends for speed."""

from bench.rivals.arrow_compute import arrow_compute
from bench.rivals.conditions import Rival
from bench.rivals.datafusion_sql import datafusion_sql
from bench.rivals.duckdb_sql import duckdb_sql
from bench.rivals.polars_lazy import polars_lazy

RIVALS: dict[str, Rival] = {
    "Polars": polars_lazy,
    "DuckDB": duckdb_sql,
    "DataFusion": datafusion_sql,
    "pyarrow.compute": arrow_compute,
}

__all__ = ["RIVALS", "Rival", "arrow_compute", "datafusion_sql", "duckdb_sql", "polars_lazy"]
