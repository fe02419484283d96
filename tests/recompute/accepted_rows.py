"""Accepted rows that count, and exact values to hold a recomputation against, in plain pandas.

Nothing here reads a model of the warehouse but the values themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
DISTRICT = "E07000171"
NEWEST = ["_revision_rank", "_received_at", "_file_sha256"]


def received(accepted: Path, extract: str, table: str = "rows") -> pd.DataFrame:
    """Rows of every delivery of an extract."""
    files = sorted(accepted.glob(f"*/{extract}/*/{table}.parquet"))
    return pd.concat([pd.read_parquet(f) for f in files], ignore_index=True)


def of_newest_delivery(rows: pd.DataFrame, parts: Sequence[str]) -> pd.DataFrame:
    """Rows of the newest delivery of each partition."""
    deliveries = rows[[*parts, "_delivery_id", *NEWEST]].drop_duplicates().sort_values(NEWEST)
    newest = deliveries.drop_duplicates(list(parts), keep="last")[[*parts, "_delivery_id"]]
    return rows.merge(newest, on=[*parts, "_delivery_id"])


def newest_of_key(rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The newest row of each key; rows without a full key all stay."""
    whole = rows[list(key)].notna().all(axis=1)
    newest = rows[whole].sort_values([*NEWEST, "_row_number"]).drop_duplicates(list(key), keep="last")
    return pd.concat([newest, rows[~whole]], ignore_index=True)


def values(built, indicator: str, period_type: str) -> pd.DataFrame:
    """Supplied exact values of an indicator, with the days on which their periods begin and end."""
    query = """
        select value.area_code, value.period_id, period_start, period_end, numerator, denominator, value
        from restricted.fct_indicator_value_all as value
        join intermediate.int_period as period using (period_id)
        where indicator_id = ? and period_type = ? and months_supplied = months_needed
        order by period_start, area_code
    """
    return built.warehouse.execute(query, [indicator, period_type]).df()


def lsoas() -> pd.DataFrame:
    """The look-up of LSOAs, by code."""
    return pd.read_csv(SEEDS / "geography" / "lsoa11.csv").set_index("lsoa11_code")


def networks() -> pd.Series:
    """Network by practice code, closed practices too."""
    return pd.read_csv(SEEDS / "geography" / "gp_practice.csv").set_index("practice_code")["pcn_code"]


def areas_of(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Which rows lie in the district, each quintile and each network, by residence or by practice."""
    look_up, network = lsoas(), rows["gp_practice"].map(networks())
    places = {DISTRICT: rows["lsoa11"].isin(look_up.index)}
    for index in (15, 19):
        quintile = rows["lsoa11"].map(f"IMD{index}_Q" + look_up[f"imd{index}_quintile"].astype(str))
        places |= {code: quintile == code for code in quintile.dropna().unique()}
    return places | {code: network == code for code in network.dropna().unique()}


def within(days: pd.Series, value: pd.Series) -> pd.Series:
    """Days that lie in the period of a value, both ends included."""
    days = pd.to_datetime(days)
    return (days >= value["period_start"]) & (days <= value["period_end"])
