"""First outpatients, prescribing and savings counted again from the accepted packs and prescribing files.

Months are kept to the penny and to a ten-thousandth of a person-year before they are added up: hence 1e-4.
"""

from __future__ import annotations

import pandas as pd
import pytest
from practice_rows import in_area, newest_rows, practices, register, returned, supplied, values, weights


def outpatients(built) -> pd.DataFrame:
    """First attendances after referral by a GP, by practice and month."""
    rows = returned(built.accepted, "op_firsts")
    rows = rows[rows["measure"] == "op_first_gp_ref"].copy()
    rows["month"] = pd.to_datetime("01-" + rows["period"], format="%d-%b-%y")
    return rows


def prescribing(built) -> pd.DataFrame:
    """Cost in pounds by practice and month."""
    rows = newest_rows(built.accepted, "ccg_prescribing").merge(practices(), on="practice_code")
    rows["month"] = pd.to_datetime(rows["year_month"])
    return rows.groupby(["practice_code", "pcn_code", "month"], as_index=False)["actual_cost"].sum()


def lists(built, weigh: bool) -> pd.DataFrame:
    """People, or prescribing units, by practice and snapshot."""
    people = register(built.accepted)
    people["weight"] = weights(people) if weigh else 1.0
    size = people.groupby(["practice_code", "snapshot_date"], as_index=False)["weight"].sum()
    return size.assign(from_month=size["snapshot_date"].dt.to_period("M").dt.to_timestamp())


def held(size: pd.DataFrame, practice: str, month: pd.Timestamp) -> float:
    """The list that holds in a month: the latest up to then, or the first of all."""
    own = size[size["practice_code"] == practice].sort_values("from_month")
    if own.empty:
        return 0.0
    earlier = own[own["from_month"] <= month]
    return (earlier if len(earlier) else own.head(1))["weight"].iloc[-1 if len(earlier) else 0]


def within(rows: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
    months = (rows["month"] >= value["period_start"]) & (rows["month"] <= value["period_end"])
    return rows[months & in_area(rows, value["area_code"])]


def test_first_outpatients(built):
    rows = outpatients(built)
    for _, value in supplied(built, "first_outpatients_total", "quarter").iterrows():
        assert value["value"] == within(rows, value)["numerator"].sum(), (
            value["area_code"],
            value["period_id"],
        )


def test_first_outpatients_rate(built):
    rows, size = outpatients(built), lists(built, weigh=False)
    for _, value in supplied(built, "first_outpatients_rate", "quarter").iterrows():
        here = within(rows, value)
        years = sum(held(size, r.practice_code, r.month) / 12 for r in here.itertuples())
        rate = 1000 * here["numerator"].sum() / years
        assert value["value"] == pytest.approx(rate, rel=1e-4), (value["area_code"], value["period_id"])


def test_prescribing_cost(built):
    rows, size = prescribing(built), lists(built, weigh=True)
    totals = supplied(built, "prescribing_cost_total", "quarter").set_index(["area_code", "period_id"])[
        "value"
    ]
    for _, value in supplied(built, "prescribing_cost", "quarter").iterrows():
        here = within(rows, value)
        cost = here["actual_cost"].sum()
        units = sum(held(size, r.practice_code, r.month) for r in here.itertuples())
        assert value["value"] == pytest.approx(cost / units, rel=1e-4), (
            value["area_code"],
            value["period_id"],
        )
        assert totals[value["area_code"], value["period_id"]] == pytest.approx(cost, abs=0.1)


def test_corrected_cells_are_reported(built):
    """Every cell that a later pack states differently is a row of the list of changes; nothing else is."""
    files = sorted((built.accepted / "ccg" / "ccg_practice_returns").glob("*/rows__op_firsts.parquet"))
    stated = pd.concat([pd.read_parquet(f) for f in files]).sort_values(["_period_start", "_received_at"])
    cells = stated.groupby(["practice_code", "period", "measure"])[["numerator", "denominator"]]
    before = cells.shift()
    again = cells.cumcount() > 0
    changed = again & (stated[["numerator", "denominator"]] != before).any(axis=1)
    query = "select count(*) from staging.stg_ccg__ccg_practice_returns_changes where sheet = 'op_firsts'"
    assert built.warehouse.execute(query).fetchone()[0] == changed.sum()


def test_savings(built):
    """Against 2016/17 where that year was delivered; without it there is no figure."""
    found = values(built, "value_for_money", "quarter")
    baseline = prescribing(built)["month"].min() <= pd.Timestamp("2016-04-01")
    known = found.dropna(subset=["value"])
    assert baseline or known.empty
    lines = [(outpatients(built), "numerator", 151.0), (prescribing(built), "actual_cost", 1.0)]
    admissions = low_grade(built)
    for _, value in known.iterrows():
        saved = sum(saving(rows, column, value) * price for rows, column, price in lines)
        saved += saving(admissions, "admissions", value) * 2232
        assert value["value"] == pytest.approx(saved, abs=0.5), (value["area_code"], value["period_id"])


def saving(rows: pd.DataFrame, column: str, value: pd.Series) -> float:
    """Amount of the same months of 2016/17 minus that of the period."""
    year = 2016 if value["period_start"].month >= 4 else 2017
    back = pd.DateOffset(years=value["period_start"].year - year)
    then = value.copy()
    then["period_start"], then["period_end"] = value["period_start"] - back, value["period_end"] - back
    return float(within(rows, then)[column].sum()) - float(within(rows, value)[column].sum())


def low_grade(built) -> pd.DataFrame:
    """Low-grade emergency admissions by network and month, as the warehouse counts them elsewhere."""
    query = """
        select pcn_code, month_start as month, count(*) as admissions, null as practice_code
        from intermediate.int_admission_spell
        where is_emergency and is_low_grade and pcn_code is not null
        group by all
    """
    return built.warehouse.execute(query).df()
