"""Accepted rows of the hospital's extracts and published values, in plain pandas.

Nothing here reads a model of the warehouse but the values themselves.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
DISTRICT = "E07000171"
NEWEST = ["_revision_rank", "_received_at", "_file_sha256"]


def newest_rows(accepted: Path, extract: str, table: str = "rows", by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rows of the newest delivery of each month, list or day (and of each value of `by`)."""
    files = sorted((accepted / "hospital" / extract).glob(f"*/{table}.parquet"))
    rows = pd.concat([pd.read_parquet(f) for f in files], ignore_index=True)
    parts = ["_period_start", *by]
    deliveries = rows[[*parts, "_delivery_id", *NEWEST]].drop_duplicates().sort_values(NEWEST)
    newest = deliveries.drop_duplicates(parts, keep="last")[[*parts, "_delivery_id"]]
    return rows.merge(newest, on=[*parts, "_delivery_id"])


def values(built, indicator: str, period_type: str) -> pd.DataFrame:
    """Supplied values of an indicator before disclosure control, with the days of their periods."""
    query = """
        select value.area_code, value.period_id, period_start, period_end, numerator, denominator, value
        from restricted.fct_indicator_value_all as value
        join intermediate.int_period as period using (period_id)
        where indicator_id = ? and period_type = ? and sex = 'persons' and months_supplied = months_needed
        order by period_start, area_code
    """
    return built.warehouse.execute(query, [indicator, period_type]).df()


def networks() -> pd.Series:
    """Network by practice code, closed practices too."""
    return pd.read_csv(SEEDS / "geography" / "gp_practice.csv").set_index("practice_code")["pcn_code"]


def within(days: pd.Series, value: pd.Series) -> pd.Series:
    """Days that lie in the period of a value, both ends included."""
    days = pd.to_datetime(days)
    return (days >= value["period_start"]) & (days <= value["period_end"])
