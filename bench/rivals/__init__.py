"""Other engines that can answer the same question, each used as its own documentation recommends for speed."""

from collections.abc import Callable, Mapping

import pyarrow as pa

from bench.rivals.arrow_compute import arrow_compute
from bench.rivals.conditions import Count, Rival
from bench.rivals.datafusion_sql import datafusion_sql
from bench.rivals.duckdb_functions import duckdb_functions
from bench.rivals.duckdb_sql import duckdb_sql
from bench.rivals.polars_functions import polars_functions
from bench.rivals.polars_lazy import polars_lazy

RIVALS: dict[str, Rival] = {
    "Polars": polars_lazy,
    "DuckDB": duckdb_sql,
    "DataFusion": datafusion_sql,
    "pyarrow.compute": arrow_compute,
}

# Of rules with functions, whose texts they carry over themselves.
FUNCTION_RIVALS: dict[str, Callable[[pa.Table, Mapping[str, str]], Count]] = {
    "Polars": polars_functions,
    "DuckDB": duckdb_functions,
}

__all__ = ["FUNCTION_RIVALS", "RIVALS", "Rival", "arrow_compute", "datafusion_sql", "duckdb_sql", "polars_lazy"]
