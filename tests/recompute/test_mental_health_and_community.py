"""Mental health, community and ambulance indicators, counted again in pandas from the accepted rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from trust_rows import (
    DISTRICT,
    assert_published,
    by_area,
    first_of,
    newest_per_key,
    newest_per_period,
    placed,
    received,
    summed,
)

pytestmark = pytest.mark.slow
TRUST, PHQ9, GAD7 = "mental_health_trust", "720433000", "445455005"
SEEN = ["5", "6"]
ADULTS_2017 = 93_149  # residents aged 18 and over, mid-2017, as published


def referrals(built) -> pd.DataFrame:
    rows = newest_per_key(received(built.accepted, TRUST, "nhft_iapt"), "service_request_key")
    return placed(rows).set_index("service_request_key")


def treatments(built) -> pd.DataFrame:
    """First treatment and number of treatments by referral."""
    rows = received(built.accepted, TRUST, "nhft_iapt", "contacts")
    rows = newest_per_key(rows, "service_request_key", "care_contact_key")
    rows = rows[rows["appointment_type"].isin(["02", "03", "05"]) & rows["attended"].isin(SEEN)]
    return rows.groupby("service_request_key")["contact_date"].agg(["min", "count"])


def scores(built) -> pd.DataFrame:
    rows = received(built.accepted, TRUST, "nhft_iapt", "scores")
    rows = newest_per_key(rows, "service_request_key", "tool", "score_date").sort_values("score_date")
    by_tool = rows.groupby(["service_request_key", "tool"])["score"]
    ends = by_tool.agg(["first", "last", "count"]).unstack("tool")
    return ends.set_axis([f"{name} {tool}" for name, tool in ends.columns], axis=1)


@pytest.mark.parametrize(("period_type", "unit"), [("month", "M"), ("quarter", "Q")])
def test_iapt_recovery(built, period_type, unit):
    frame = referrals(built).join(treatments(built)).join(scores(built))
    phq9, gad7 = ({n: frame[f"{n} {tool}"] for n in ("first", "last", "count")} for tool in (PHQ9, GAD7))
    finished = (frame["count"] >= 2) & frame["discharge_date"].notna()
    paired = (phq9["count"] >= 2) & (gad7["count"] >= 2)
    case = paired & ((phq9["first"] >= 10) | (gad7["first"] >= 8))
    frame = frame.assign(
        recovered=(phq9["last"] < 10) & (gad7["last"] < 8),
        one=1,
        month=first_of(frame["discharge_date"], unit),
    )[finished & case]
    expected = by_area(frame, "month", numerator="recovered", denominator="one")
    assert_published(built.warehouse, "iapt_recovery", period_type, expected)


def test_iapt_access(built):
    frame = referrals(built).join(treatments(built))
    frame = frame[frame["min"].notna()].assign(one=1)
    frame["month"] = first_of(frame["min"], "M")
    expected = by_area(frame, "month", numerator="one")
    assert_published(built.warehouse, "iapt_access", "month", expected)
    of_2017 = built.warehouse.execute(
        "select distinct denominator from restricted.fct_indicator_value_all "
        f"where indicator_id = 'iapt_access' and area_code = '{DISTRICT}' and period_id like '2017-%' "
        "and months_supplied = months_needed"
    ).fetchall()
    assert of_2017 == [(pytest.approx(ADULTS_2017 * 0.15 / 12, abs=1e-4),)]


def test_mh_liaison_one_hour(built):
    rows = placed(newest_per_period(received(built.accepted, TRUST, "nhft_mh_contacts")))
    rows = rows[(rows["team_type"] == "A11") & (rows["source_of_referral"] == "H1")]
    one = rows.groupby("service_request_key").agg(
        {"referral_date": "first", "referral_time": "first", "site": "first", "in_district": "max"}
    )
    met = rows[(rows["medium"] == "01") & rows["attended"].isin(SEEN) & rows["contact_date"].notna()]
    met = met.sort_values(["contact_date", "contact_time"], na_position="first")
    met = met.drop_duplicates("service_request_key").set_index("service_request_key")
    one = one.join(met[["contact_date", "contact_time"]])
    wait = moment(one["contact_date"], one["contact_time"]) - moment(
        one["referral_date"], one["referral_time"]
    )
    one = one.assign(
        in_time=wait <= pd.Timedelta(minutes=60), one=1, quarter=first_of(one["referral_date"], "Q")
    )
    one["pcn"] = one["site"]  # the site takes the place of the network
    expected = by_area(one, "quarter", numerator="in_time", denominator="one")
    assert_published(built.warehouse, "mh_liaison_one_hour", "quarter", expected)


def moment(days: pd.Series, times: pd.Series) -> pd.Series:
    return pd.to_datetime(days) + pd.to_timedelta(times.astype(str))


def community(built, team: str) -> pd.DataFrame:
    """Referrals of a team with their first contact, and first visit, to which the patient came."""
    rows = placed(newest_per_period(received(built.accepted, TRUST, "nhft_community")))
    rows = rows[rows["team_type"] == team].assign(
        referred=lambda r: moment(r["referral_date"], r["referral_time"]),
        met=lambda r: moment(r["contact_date"], r["contact_time"]),
    )
    kept = ["referral_date", "referred", "priority", "source_of_referral", "pcn"]
    one = rows.groupby("service_request_key")[kept].first()
    one["in_district"] = rows.groupby("service_request_key")["in_district"].max()
    came = rows[rows["attended"].isin(SEEN) & rows["contact_date"].notna()]
    came = came.sort_values(["contact_date", "met"], na_position="first")
    for name, some in (("first", came), ("visit", came[came["medium"] == "01"])):
        some = some.drop_duplicates("service_request_key").set_index("service_request_key")
        one[f"{name}_day"], one[f"{name}_at"] = some["contact_date"], some["met"]
    return one.assign(one=1, month=first_of(one["referral_date"], "M"))


def test_ucr_two_hour(built):
    one = community(built, "51")
    one = one[one["priority"] == "2"]
    one = one.assign(in_time=(one["visit_at"] - one["referred"]) <= pd.Timedelta(hours=2))
    months = by_area(one, "month", numerator="in_time", denominator="one")
    assert_published(built.warehouse, "ucr_two_hour", "month", months)
    assert_published(built.warehouse, "ucr_two_hour", "quarter", summed(months, "Q"))


def test_reablement_two_day(built):
    one = community(built, "52")
    one = one[one["source_of_referral"] != "06"]
    timed = one["referred"].notna() & one["first_at"].notna()
    days = pd.to_datetime(one["first_day"]) - pd.to_datetime(one["referral_date"])
    by_hour = (one["first_at"] - one["referred"]) <= pd.Timedelta(hours=48)
    one = one.assign(in_time=np.where(timed, by_hour, days <= pd.Timedelta(days=2)))
    months = by_area(one, "month", numerator="in_time", denominator="one")
    assert_published(built.warehouse, "reablement_two_day", "quarter", summed(months, "Q"))


def test_ambulance_handovers(built):
    rows = newest_per_period(received(built.accepted, "ambulance", "emas_handover"))
    rows = rows[rows["handover_time"].notna()]
    minutes = (rows["handover_time"] - rows["arrived_at_hospital"]) / pd.Timedelta(minutes=1)
    rows = rows.assign(
        area_code=rows["destination"],
        month=first_of(rows["arrived_at_hospital"], "M"),
        in_time=minutes <= 15,
        one=1,
        lost=np.maximum(minutes - 15, 0) / 60,
    )
    months = rows.groupby(["area_code", "month"])[["in_time", "one", "lost"]].sum()
    share = months.rename(columns={"in_time": "numerator", "one": "denominator"})[
        ["numerator", "denominator"]
    ]
    assert_published(built.warehouse, "ambulance_handover_15min", "month", share)
    lost = months[["lost"]].rename(columns={"lost": "numerator"})
    assert_published(built.warehouse, "ambulance_handover_hours_lost", "month", lost)


def test_cyp_school_counselling(built):
    cases = newest_per_key(received(built.accepted, "bcvs", "bcvs_social_prescribing"), "case_key")
    cases = cases[cases["service_type"] == "teenage_counselling"]
    cases = cases.assign(child=cases["person_key"].fillna(cases["case_key"]), on=cases["first_contact_date"])
    teams = newest_per_period(received(built.accepted, TRUST, "nhft_mh_contacts"))
    teams = teams[(teams["team_type"] == "D06") & teams["attended"].isin(SEEN)]
    teams = teams.assign(
        child=teams["person_key"].fillna(teams["service_request_key"]), on=teams["contact_date"]
    )
    columns = ["child", "on", "age", "lsoa11", "gp_practice"]
    met = placed(pd.concat([cases[columns], teams[columns]]))
    met = met[met["on"].notna() & met["age"].between(5, 18)]
    met["quarter"] = first_of(met["on"], "Q")
    met = met.groupby(["child", "quarter"]).agg({"in_district": "max", "pcn": "min"}).reset_index()
    expected = by_area(met.assign(one=1), "quarter", numerator="one")
    assert_published(built.warehouse, "cyp_school_counselling", "quarter", expected)


def test_cyp_counselling_improved(built):
    cases = placed(newest_per_key(received(built.accepted, "bcvs", "bcvs_social_prescribing"), "case_key"))
    start, end = cases["ons4_satisfied_start"], cases["ons4_satisfied_end"]
    closed = cases["closed_date"].notna() & (cases["service_type"] == "teenage_counselling")
    cases = cases.assign(
        better=(end - start >= 1).fillna(False).astype(bool), one=1, month=first_of(cases["closed_date"], "M")
    )
    cases = cases[closed & start.notna() & end.notna()]
    months = by_area(cases, "month", numerator="better", denominator="one")
    years = months.reset_index()
    years["start"] = pd.to_datetime(years["month"]).dt.to_period("Y-MAR").dt.start_time
    years = years.groupby(["area_code", "start"])[["numerator", "denominator"]].sum()
    values = built.warehouse.execute(
        "select area_code, numerator, denominator from restricted.fct_indicator_value_all "
        "where indicator_id = 'cyp_counselling_improved' and period_id = 'FY2018-19' and months_supplied = 12"
    ).fetchall()
    assert values
    for area, numerator, denominator in values:
        known = years.reindex([(area, pd.Timestamp("2018-04-01"))]).fillna(0).iloc[0]
        assert (numerator, denominator) == (known["numerator"], known["denominator"])


def supported(built) -> pd.DataFrame:
    """Employment support of people with a condition who were not in work: when it began, when they were."""
    every = received(built.accepted, TRUST, "nhft_iapt")
    told = every.dropna(subset=["employment_status", "employment_status_date"])
    told = newest_per_key(told, "service_request_key", "employment_status_date")
    now = newest_per_key(every, "service_request_key").set_index("service_request_key")
    now = now[now["emp_support_referral_date"].notna()]
    told = told[["service_request_key", "employment_status", "employment_status_date"]]
    told = told.join(
        now[["emp_support_referral_date", "discharge_date"]], on="service_request_key", how="inner"
    )
    on = pd.to_datetime(told["employment_status_date"])
    start, end = (pd.to_datetime(told[c]) for c in ("emp_support_referral_date", "discharge_date"))
    before = told[on <= start].sort_values("employment_status_date")
    late = on > end.fillna(pd.Timestamp("2200-01-01")) + pd.Timedelta(weeks=13)
    works = told[(on > start) & ~late & (told["employment_status"] == "01")]
    therapy = now.assign(
        started=now["emp_support_referral_date"],
        before=before.groupby("service_request_key")["employment_status"].last(),
        works=works.groupby("service_request_key")["employment_status_date"].min(),
        condition=now["ltc"].notna(),
    ).rename_axis("episode")
    cases = newest_per_key(received(built.accepted, "bcvs", "bcvs_social_prescribing"), "case_key")
    cases = cases[cases["referral_reason"].str.contains("employment", na=False)].set_index("case_key")
    cases = cases.assign(
        started=cases["first_contact_date"],
        before=cases["employment_status_start"],
        works=cases["closed_date"].where(cases["employment_status_end"] == "01"),
        condition=False,
    ).rename_axis("episode")
    columns = ["person_key", "started", "before", "works", "condition", "age", "lsoa11", "gp_practice"]
    both = placed(pd.concat([therapy[columns], cases[columns]]).reset_index())
    both = both[
        both["started"].notna() & both["before"].isin(["02", "04", "06"]) & both["age"].between(18, 64)
    ]
    both = both[both["condition"] | both["person_key"].isin(with_condition(built))]
    return both.assign(person=both["person_key"].fillna(both["episode"]), one=1)


def with_condition(built) -> set[str]:
    register = received(built.accepted, "ccg", "ccg_gp_population")
    newest = register.groupby(["_period_start", "gp_practice"])["_delivery_id"].transform("last")
    register = register[(register["_delivery_id"] == newest) & register["person_key"].notna()]
    return set(register.loc[register["ltc_count"] >= 1, "person_key"])


def once_a_year(episodes: pd.DataFrame, on: str) -> pd.DataFrame:
    """The first episode of each person in each financial year, by a date."""
    year = pd.to_datetime(episodes[on]).dt.to_period("Y-MAR")
    return (
        episodes.assign(year=year, quarter=first_of(episodes[on], "Q"))
        .sort_values([on, "episode"])
        .drop_duplicates(["person", "year"])
    )


def test_ltc_supported_into_work(built):
    episodes = supported(built)
    into_work = once_a_year(episodes[episodes["works"].notna()], "works")
    expected = by_area(into_work, "quarter", numerator="one")
    assert_published(built.warehouse, "ltc_supported_into_work", "quarter", expected)
    began = once_a_year(episodes, "started")
    began = began.assign(found=began["works"].notna())
    expected = by_area(began, "quarter", numerator="found", denominator="one")
    assert_published(built.warehouse, "ltc_supported_into_work_share", "quarter", expected)
