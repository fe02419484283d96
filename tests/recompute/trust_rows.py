"""The accepted rows that count, and the values of the restricted schema, as plain pandas.

Written anew from the contracts' words rather than from the SQL, so that both can be wrong only apart.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from bassetlaw_pipeline.settings import DBT_DIR

DISTRICT = "E07000171"
SEEDS = DBT_DIR / "seeds" / "geography"
_NEWEST = ["_revision_rank", "_received_at", "_file_sha256", "_row_number"]


def received(accepted: Path, partner: str, extract: str, table: str = "") -> pd.DataFrame:
    """Every accepted row of an extract, oldest delivery first."""
    name = f"rows__{table}.parquet" if table else "rows.parquet"
    files = sorted((accepted / partner / extract).glob(f"*/{name}"))
    return pd.concat([pd.read_parquet(f) for f in files], ignore_index=True).sort_values(_NEWEST)


def newest_per_period(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the newest delivery of each period."""
    newest = rows.groupby("_period_start")["_delivery_id"].transform("last")
    return rows[rows["_delivery_id"] == newest]


def newest_per_key(rows: pd.DataFrame, *key: str) -> pd.DataFrame:
    """The newest row of each key."""
    return rows.drop_duplicates(list(key), keep="last")


def placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `in_district` by residence and `pcn` by practice."""
    practices = pd.read_csv(SEEDS / "gp_practice.csv").set_index("practice_code")["pcn_code"]
    lsoas = set(pd.read_csv(SEEDS / "lsoa11.csv")["lsoa11_code"])
    return rows.assign(in_district=rows["lsoa11"].isin(lsoas), pcn=rows["gp_practice"].map(practices))


def by_area(rows: pd.DataFrame, period: str, **measures: str) -> pd.DataFrame:
    """Sums of columns, under the names of measures, by area (district, networks) and period."""
    columns = list(measures.values())
    district = rows[rows["in_district"]].assign(area_code=DISTRICT)
    networks = rows[rows["pcn"].notna()].assign(area_code=rows["pcn"])
    both = pd.concat([district, networks]).groupby(["area_code", period])[columns].sum()
    return both.rename(columns={v: k for k, v in measures.items()})


def first_of(days: pd.Series, unit: str) -> pd.Series:
    """First days of months (M) or quarters (Q)."""
    return pd.to_datetime(days).dt.to_period(unit).dt.start_time


def summed(months: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Monthly sums by area as sums of months (M) or quarters (Q)."""
    frame = months.reset_index()
    frame["start"] = first_of(frame.pop(months.index.names[1]), unit)
    return frame.groupby(["area_code", "start"]).sum()


def assert_published(
    warehouse: duckdb.DuckDBPyConnection, indicator: str, period_type: str, expected: pd.DataFrame
) -> None:
    """Every supplied value of the areas computed here has exactly these counts; areas without counts have 0.

    `expected`: indexed by area_code and first day of the period, columns numerator and perhaps denominator.
    Looks at two areas and three periods at least, where there are so many.
    """
    values = warehouse.execute(
        """
        select value.area_code, period.period_start as start, value.numerator, value.denominator
        from restricted.fct_indicator_value_all as value
        inner join outcomes.dim_period as period using (period_id)
        where value.indicator_id = ? and period.period_type = ? and value.numerator is not null
        """,
        [indicator, period_type],
    ).df()
    networks = pd.read_csv(SEEDS / "gp_practice.csv")["pcn_code"].dropna()
    areas = {DISTRICT, *networks, *expected.index.get_level_values(0)}
    known = values[values["area_code"].isin(areas)]
    known = known.assign(start=pd.to_datetime(known["start"])).set_index(["area_code", "start"])
    assert len(known.index.unique(1)) >= 3
    columns = list(expected.columns)
    ours = expected.reindex(known.index).fillna(0).astype(float)
    pd.testing.assert_frame_equal(
        known[columns].sort_index(), ours.sort_index(), check_exact=False, atol=5e-4
    )
