"""Suicides once more, in plain pandas from the accepted rows."""

from __future__ import annotations

import pandas as pd
import pytest

from bassetlaw_pipeline.settings import DBT_DIR

pytestmark = pytest.mark.slow


def test_suicides_of_residents_by_year_of_registration(built):
    """Counts only: the rate needs ten deaths, which a small sample does not have."""
    files = sorted((built.accepted / "county_council" / "ncc_pcmd_deaths").glob("*/rows.parquet"))
    rows = pd.concat([pd.read_parquet(f) for f in files], ignore_index=True)
    rows = rows.sort_values(["_revision_rank", "_received_at", "_file_sha256", "_row_number"])
    rows = rows.drop_duplicates("registration_key", keep="last")
    lsoas = pd.read_csv(DBT_DIR / "seeds" / "geography" / "lsoa11.csv")["lsoa11_code"]
    cause, age = rows["underlying_cause"].fillna(""), rows["age"]
    self_harm = cause.str[:3].between("X60", "X84") & (age >= 10)
    undetermined = cause.str[:3].between("Y10", "Y34") & (age >= 15)
    ours = rows[(self_harm | undetermined) & rows["lsoa11"].isin(lsoas)]
    registered = pd.to_datetime(ours["reg_date"])
    months = built.warehouse.execute(
        "select month_start, sum(numerator) from intermediate.int_area_month "
        "where indicator_id = 'suicide_rate' and sex = 'persons' group by all"
    ).fetchall()
    expected = registered.dt.to_period("M").value_counts()
    assert {pd.Period(m, "M"): n for m, n in months} == expected.to_dict()
    pools = built.warehouse.execute(
        "select period_start, period_end, numerator, value_status from restricted.fct_indicator_value_all "
        "join intermediate.int_period using (period_id) "
        "where indicator_id = 'suicide_rate' and numerator is not null"
    ).fetchall()
    for start, end, deaths, status in pools:
        assert deaths == registered.between(pd.Timestamp(start), pd.Timestamp(end)).sum()
        assert (status == "not_calculated_small") == (deaths < 10)
