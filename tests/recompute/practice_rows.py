"""Accepted rows of what practices send, and the values before disclosure control, in plain pandas.

Nothing here reads a model of the warehouse but the values themselves.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
DISTRICT = "E07000171"
NEWEST = ["_revision_rank", "_received_at", "_file_sha256"]


def newest_rows(accepted: Path, extract: str, table: str = "rows", by: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rows of the newest delivery of each month (and of each value of `by`)."""
    files = sorted((accepted / "ccg" / extract).glob(f"*/{table}.parquet"))
    rows = pd.concat([pd.read_parquet(f) for f in files], ignore_index=True)
    parts = ["_period_start", *by]
    deliveries = rows[[*parts, "_delivery_id", *NEWEST]].drop_duplicates().sort_values(NEWEST)
    newest = deliveries.drop_duplicates(parts, keep="last")[[*parts, "_delivery_id"]]
    return rows.merge(newest, on=[*parts, "_delivery_id"])


def practices() -> pd.DataFrame:
    """Practice code and network, closed practices too."""
    return pd.read_csv(SEEDS / "geography" / "gp_practice.csv")[["practice_code", "pcn_code"]]


def register(accepted: Path) -> pd.DataFrame:
    """People on the lists of Bassetlaw practices by snapshot, each once: where they registered last."""
    rows = newest_rows(accepted, "ccg_gp_population", by=("gp_practice",))
    rows = rows.merge(practices(), how="left", left_on="gp_practice", right_on="practice_code")
    rows = rows.sort_values(
        ["date_of_registration", "gp_practice"], ascending=[False, True], na_position="last"
    )
    known = rows["person_key"].notna()
    once = rows[known].drop_duplicates(["snapshot_date", "person_key"])
    rows = pd.concat([once, rows[~known]])
    rows["snapshot_date"] = pd.to_datetime(rows["snapshot_date"])
    return rows[rows["practice_code"].notna()]


def weights(people: pd.DataFrame) -> pd.Series:
    """Prescribing units of each person; a sex that is not known weighs as the mean of both."""
    units = pd.read_csv(SEEDS / "reference" / "astro_pu_2013.csv")
    weight = pd.Series(0.0, index=people.index)
    for unit in units.itertuples():
        code = {"male": "1", "female": "2"}[unit.sex]
        here = people["age"].between(unit.age_from, unit.age_to)
        weight[here & (people["sex"] == code)] = unit.cost_weight
        weight[here & ~people["sex"].isin(["1", "2"])] += unit.cost_weight / 2
    return weight


def snapshot_of(people: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
    """The last snapshot within the period of a value, in its area."""
    here = people[in_area(people, value["area_code"])]
    days = people["snapshot_date"]
    last = days[(days >= value["period_start"]) & (days <= value["period_end"])].max()
    return here[here["snapshot_date"] == last]


def in_area(rows: pd.DataFrame, area: str) -> pd.Series:
    """Rows of a practice, of a network or of all practices."""
    if area == DISTRICT:
        return rows["pcn_code"].notna()
    return (rows["practice_code"] == area) | (rows["pcn_code"] == area)


def returned(accepted: Path, sheet: str) -> pd.DataFrame:
    """The latest statement of every practice, measure and period label of a sheet."""
    table = "rows" if sheet == "screening" else f"rows__{sheet}"
    rows = newest_rows(accepted, "ccg_practice_returns", table).sort_values("_period_start")
    rows = rows.drop_duplicates(["practice_code", "period", "measure"], keep="last")
    return rows.merge(practices(), how="left", on="practice_code")


def values(built, indicator: str, period_type: str) -> pd.DataFrame:
    """All expected values of an indicator before disclosure control, with the days of their periods."""
    query = """
        select value.area_code, value.period_id, period_start, period_end, value_status,
            numerator, denominator, value
        from restricted.fct_indicator_value_all as value
        join intermediate.int_period as period using (period_id)
        where indicator_id = ? and period_type = ? and sex = 'persons'
        order by period_start, area_code
    """
    return built.warehouse.execute(query, [indicator, period_type]).df()


def supplied(built, indicator: str, period_type: str) -> pd.DataFrame:
    """Of these the ones with a value; at least two areas and three periods."""
    found = values(built, indicator, period_type).dropna(subset=["value"])
    assert found["period_id"].nunique() >= 3 and found["area_code"].nunique() >= 2
    return found
