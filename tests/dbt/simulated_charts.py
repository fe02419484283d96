"""Series with a known behaviour, charted by the project's own models: no delivery, no counts, only points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
from sql_models import build

CHARTS = (
    "rst_chart_phase",
    "rst_chart_level",
    "rst_chart_season",
    "rst_chart",
    "rst_rare_event",
    "fct_indicator_spc",
)
_FACTS = {"method": "proportion", "aggregation": "sum", "unit": "%", "better_when": "increase"}


def charted(
    values: Mapping[str, np.ndarray],
    happened: date | None = None,
    first: int = 2016 * 12 + 3,
    complete: int | None = None,
    **facts: str,
) -> duckdb.DuckDBPyConnection:
    """Months of each series by name, from April 2016 on, charted; `happened` is a drawn annotation's day.

    Of each series the first `complete` months are complete.
    """
    con = duckdb.connect(config={"threads": 1})
    facts = _FACTS | facts
    rows = [
        {"area_code": name, "place": first + i, "value": float(value), "n": i}
        for name, series in values.items()
        for i, value in enumerate(series)
    ]
    con.register("given", pa.Table.from_pylist(rows))
    con.execute(
        f"""
        CREATE TABLE rst_chart_point AS
        SELECT 'x' AS indicator_id, area_code, 'month' AS period_type, area_code || place AS period_id,
            make_date(place // 12, place % 12 + 1, 1) AS period_start, value, n < ? AS is_complete,
            '{facts["method"]}' AS method, NULL::VARCHAR AS precision,
            '{facts["aggregation"]}' AS aggregation, FALSE AS is_yearly,
            NULL::DOUBLE AS target_value, '{facts["unit"]}' AS unit, '{facts["better_when"]}' AS better_when,
            0 AS segment, CASE WHEN n < ? THEN value END AS judged, FALSE AS is_suspended, place,
            0 AS lowest_possible, CASE WHEN '{facts["unit"]}' = '%' THEN 100 END AS highest_possible
        FROM given""",
        [complete or len(rows)] * 2,
    )
    con.execute("""
        CREATE TABLE int_annotation_indicator (
            indicator_id VARCHAR, area_code VARCHAR, starts_on DATE, ends_on DATE, draw BOOLEAN,
            suspend_verdict BOOLEAN)""")
    if happened:
        entry = "('x', NULL, ?, ?, TRUE, FALSE)"
        con.execute(f"INSERT INTO int_annotation_indicator VALUES {entry}", [happened] * 2)
    build(con, *CHARTS)
    return con
