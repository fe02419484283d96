"""Cancer waits counted again from the accepted rows."""

from __future__ import annotations

import pandas as pd
import pytest
from hospital_rows import DISTRICT, networks, newest_rows, values, within

KINDS = {
    "cancer_62_day": ("treatment_start", 62),
    "cancer_two_week_wait": ("date_first_seen", 14),
    "cancer_faster_diagnosis": ("fdp_end_date", 28),
}


def ended_waits(rows: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Waits that count: the day each ended, its days, and the network of the practice."""
    ended, _ = KINDS[indicator]
    key = ["pathway_key", "ppi_issuer", "treatment_event"]
    rows = rows.sort_values("_delivery_id").drop_duplicates(key, keep="last")
    first = rows["treatment_event"].isna()
    kept = {
        "cancer_62_day": (rows["treatment_event"] == "01") & (rows["tww_type"] != "16"),
        "cancer_two_week_wait": first & (rows["tww_type"] != "16"),
        "cancer_faster_diagnosis": first & rows["fdp_end_reason"].isin(["01", "02"]),
    }[indicator] & (rows["priority_type"] == "3")
    rows = rows[kept].dropna(subset=["crtp_start", ended])
    days = (pd.to_datetime(rows[ended]) - pd.to_datetime(rows["crtp_start"])).dt.days
    days = days - rows["wait_adj_first_seen"].fillna(0)
    if indicator == "cancer_62_day":
        days = days - rows["wait_adj_treatment"].fillna(0)
    return pd.DataFrame({"ended": rows[ended], "days": days, "pcn": rows["gp_practice"].map(networks())})


@pytest.mark.parametrize("indicator", KINDS)
def test_waits_are_those_of_the_files(built, indicator):
    waits = ended_waits(newest_rows(built.accepted, "dbth_cwt"), indicator)
    found = values(built, indicator, "quarter")
    assert found["period_id"].nunique() >= 3 and found["area_code"].nunique() >= 2
    for _, value in found.iterrows():
        here = waits["pcn"].notna() if value["area_code"] == DISTRICT else waits["pcn"] == value["area_code"]
        counted = waits[here & within(waits["ended"], value)]
        in_time = int((counted["days"] <= KINDS[indicator][1]).sum())
        told = (value["numerator"], value["denominator"])
        assert told == (in_time, len(counted)) or len(counted) == 0, (value["area_code"], value["period_id"])
        if len(counted):
            assert value["value"] == pytest.approx(100 * in_time / len(counted))
