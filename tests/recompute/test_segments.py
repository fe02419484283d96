"""Segments of the population formed again from the register, and what they used from the hospital's rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from accepted_rows import lsoas, networks, newest_of_key, of_newest_delivery, received
from practice_rows import newest_rows, practices, weights

PLACE = ["segment", "pcn_code", "imd_quintile"]


@pytest.fixture(scope="module")
def people(built):
    """Everybody in every snapshot, with segment, network and quintile."""
    rows = of_newest_delivery(received(built.accepted, "ccg_gp_population"), ["_period_start", "gp_practice"])
    rows = rows.sort_values(["date_of_registration", "gp_practice"], ascending=[False, True])
    twice = rows["person_key"].notna() & rows.duplicated(["snapshot_date", "person_key"])
    rows = rows[~twice].copy()
    on = rows["qof_registers"].fillna("").str.split("|")
    older, index = rows["age"] >= 65, rows["efi_score"]
    tests = {
        "end_of_life": on.map(lambda registers: "PC" in registers),
        "children": rows["age"] < 18,
        "dementia": on.map(lambda registers: "DEM" in registers),
        "frailty_severe": older & (index > 0.36),
        "frailty_moderate": older & (index > 0.24),
        "frailty_mild": older & (index > 0.12),
        "long_term_conditions": rows["ltc_count"] >= 1,
    }
    rows["segment"] = np.select([t.fillna(False) for t in tests.values()], list(tests), "mostly_healthy")
    rows["pcn_code"] = rows["gp_practice"].map(networks()).fillna("unknown")
    quintile = rows["lsoa11"].map(lsoas()["imd19_quintile"])
    rows["imd_quintile"] = ("IMD19_Q" + quintile.astype("Int64").astype(str)).where(
        quintile.notna(), "unknown"
    )
    rows["snapshot_date"] = pd.to_datetime(rows["snapshot_date"])
    return rows


def exact(built, measure: str) -> pd.DataFrame:
    """Exact quantities of a measure, all years."""
    query = "select * from restricted.rst_segment where measure = ? and is_supplied"
    return built.warehouse.execute(query, [measure]).df()


def compare(found: pd.DataFrame, counted: pd.Series, year: str) -> None:
    """Every cell of a year, zeros included."""
    cells = found[found["period_id"] == year].set_index(PLACE)["quantity"]
    assert counted.sum() == cells.sum()
    assert (cells == counted.reindex(cells.index, fill_value=0)).all()


def test_people_of_each_year(built, people):
    found = exact(built, "people")
    years = sorted(found["period_id"].unique())
    assert len(years) >= 2
    for year in years:
        end = pd.Timestamp(int(year[2:6]) + 1, 3, 31)
        last = people.loc[people["snapshot_date"] <= end, "snapshot_date"].max()
        counted = people[people["snapshot_date"] == last].groupby(PLACE).size()
        compare(found, counted, year)


def test_attendances_of_each_year(built, people):
    """Each counts for the newest snapshot before its month, else for the first one."""
    rows = of_newest_delivery(received(built.accepted, "dbth_ecds"), ["_period_start"])
    rows = newest_of_key(rows, ["provider", "attendance_key"])
    rows = rows[(rows["attendance_category"] == "1") & rows["department_type"].isin(["01", "02", "03", "04"])]
    month = pd.to_datetime(rows["arrival_date"]).dt.to_period("M").dt.to_timestamp()
    events = pd.DataFrame({"person_key": rows["person_key"], "month": month, "id": range(len(rows))})
    known = people[people["person_key"].notna()][["person_key", "snapshot_date", *PLACE]]
    pairs = events.merge(known, on="person_key", how="left").sort_values("snapshot_date")
    before = pairs[pairs["snapshot_date"] < pairs["month"]].drop_duplicates("id", keep="last")
    after = pairs[~pairs["id"].isin(before["id"])].drop_duplicates("id", keep="first")
    placed = pd.concat([before, after])
    unknown = {"segment": "not_on_a_list", "pcn_code": "unknown", "imd_quintile": "unknown"}
    placed = placed.fillna(unknown)
    assert len(placed) == len(events)
    start = placed["month"].dt.year - (placed["month"].dt.month < 4)
    found = exact(built, "ae_attendances")
    assert not found.empty
    for year in found["period_id"].unique():
        compare(found, placed[start == int(year[2:6])].groupby(PLACE).size(), year)


def test_prescribing_cost_of_each_year_is_shared_out_by_age_and_sex(built, people):
    """In whole pounds; what is shared out is all that was prescribed."""
    rows = newest_rows(built.accepted, "ccg_prescribing").merge(practices(), on="practice_code")
    months = pd.to_datetime(rows["year_month"])
    listed = people[people["gp_practice"].isin(practices()["practice_code"])]
    listed = listed.assign(weight=weights(listed).where(listed["age"].notna(), 1.0))
    found = exact(built, "prescribing_cost_apportioned")
    assert not found.empty
    for year in found["period_id"].unique():
        start = pd.Timestamp(int(year[2:6]), 4, 1)
        cost = rows[(months >= start) & (months < start + pd.DateOffset(years=1))]
        cost = cost.groupby("practice_code")["actual_cost"].sum()
        last = listed.loc[listed["snapshot_date"] < start + pd.DateOffset(years=1), "snapshot_date"].max()
        here = listed[listed["snapshot_date"] == last]
        share = here["weight"] / here.groupby("gp_practice")["weight"].transform("sum")
        pounds = (share * here["gp_practice"].map(cost)).groupby([here[name] for name in PLACE]).sum()
        cells = found[found["period_id"] == year].set_index(PLACE)["quantity"]
        assert cells.sum() == pytest.approx(cost.sum(), abs=len(cells))
        assert (cells - pounds.reindex(cells.index, fill_value=0)).abs().drop(
            ("not_on_a_list", "unknown", "unknown"), errors="ignore"
        ).max() <= 1


def test_what_is_published_is_the_exact_count_through_the_gate(built):
    published = (
        built.warehouse.execute("select * from outcomes.fct_segment").df().set_index(["period_id", *PLACE])
    )
    for measure in (
        "people",
        "emergency_admissions",
        "ae_attendances",
        "bed_days",
        "prescribing_cost_apportioned",
    ):
        rows = exact(built, measure).set_index(["period_id", *PLACE])
        shown = published.loc[rows.index, measure]
        hidden = rows["quantity"].between(1, 7) | rows["people"].between(1, 7)
        assert shown[hidden].isna().all()
        seen = shown.notna()
        assert (shown[seen] == 5 * ((rows.loc[seen, "quantity"] + 2) // 5)).all()
