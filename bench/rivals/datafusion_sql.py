"""DataFusion: one SELECT of sums over record batches in memory.

Its documentation says: as many partitions as cores, batches of some thousand rows; dictionaries are read as they are.
`sum(CAST(… AS INT))`, which shares common sub-expressions, took 447 ms where `count(*) FILTER (WHERE …)` took 1,251
(100 segments, 500,000 customers, plain).
"""

from collections.abc import Mapping

import datafusion
import pyarrow as pa

from bench.rivals.conditions import Condition, Count
from bench.rivals.sql import counts_query

BATCH_ROWS = 8_192  # DataFusion's own default batch size


def datafusion_sql(table: pa.Table, segments: Mapping[str, Condition]) -> Count:
    """Return a function that counts each segment with DataFusion."""
    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(2))
    half = table.num_rows // 2
    halves = (table.slice(0, half), table.slice(half))
    context.register_record_batches("customers", [part.to_batches(max_chunksize=BATCH_ROWS) for part in halves])
    query = counts_query(segments, "sum(CAST({} AS INT))")

    def count() -> dict[str, int]:
        (result,) = context.sql(query).collect()
        return {name: result.column(i)[0].as_py() or 0 for i, name in enumerate(segments)}

    return count
