"""Adult social care indicators once more, in plain pandas from the accepted rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bassetlaw_pipeline.settings import DBT_DIR

pytestmark = pytest.mark.slow
DISTRICT = "E07000171"
REABLING = "Short term support: ST-Max"
CARE_HOMES = ["Long term support: Nursing care", "Long term support: Residential care"]
TEMPORARY = ["Short term residential care", "Short term nursing care"]
SELF_FUNDED = "NFA: Self-funded client or under 12wk disregard"
ELSEWHERE = [
    "NFA: Support declined",
    SELF_FUNDED,
    "NFA: Responsibility moved",
    "NFA: Referral to NHS services including NHS funded continuing healthcare",
]
NEWEST = ["_revision_rank", "_received_at", "_file_sha256"]
OPEN = pd.Timestamp("2200-01-01")


def received(accepted: Path, partner: str, extract: str) -> pd.DataFrame:
    """Every accepted row, the newest delivery last; dates as timestamps."""
    files = sorted((accepted / partner / extract).glob("*/rows.parquet"))
    rows = pd.concat([pd.read_parquet(f) for f in files], ignore_index=True)
    for column in rows.columns:
        if column.endswith(("_date", "_start", "_end", "_month")):
            rows[column] = pd.to_datetime(rows[column])
    return rows.sort_values([*NEWEST, "_row_number"], ignore_index=True)


def current(rows: pd.DataFrame) -> pd.DataFrame:
    """For every month, the rows of the newest delivery that has any of it."""
    newest = rows.groupby("_period_start")["_delivery_id"].last()
    return rows[rows["_delivery_id"] == rows["_period_start"].map(newest)]


def places(frame: pd.DataFrame) -> pd.DataFrame:
    """With `pcn` of the practice and `resident`, whether the LSOA lies in the district."""
    practices = pd.read_csv(DBT_DIR / "seeds" / "geography" / "gp_practice.csv").set_index("practice_code")
    lsoas = pd.read_csv(DBT_DIR / "seeds" / "geography" / "lsoa11.csv")["lsoa11_code"]
    return frame.assign(
        pcn=frame["gp_practice"].map(practices["pcn_code"]), resident=frame["lsoa11"].isin(lsoas)
    )


@pytest.fixture(scope="module")
def events(built) -> pd.DataFrame:
    """Events of service users, open services given a far end; forgotten services cropped."""
    rows = received(built.accepted, "county_council", "ncc_asc_cld")
    now = current(rows)
    is_open = (rows["event_type"] == "Service") & rows["event_end_date"].isna()
    known = set(zip(now["client_key"], now["service_type"], now["event_start_date"], strict=True))
    older = rows[is_open]
    keys = zip(older["client_key"], older["service_type"], older["event_start_date"], strict=True)
    lost = older[[key not in known for key in keys]]
    lost = lost.assign(event_end_date=lost["reporting_period_end"])
    whole = pd.concat([now, lost]).sort_values([*NEWEST, "_row_number"])
    same = ["client_key", "client_type", "event_start_date", "service_type", "service_component"]
    services = whole[whole["event_type"] == "Service"].drop_duplicates(same, keep="last")
    whole = pd.concat([services, whole[whole["event_type"] != "Service"]])
    clients = whole.groupby("client_key")
    whole = whole.assign(
        person_key=whole["client_key"].map(clients["person_key"].max()),
        death_month=whole["client_key"].map(clients["death_month"].min()),
        event_end_date=whole["event_end_date"].fillna(OPEN),
    )
    whole["person"] = whole["person_key"].fillna(whole["client_key"])
    return places(whole[whole["client_type"] == "Service user"])


@pytest.fixture(scope="module")
def spells(events) -> pd.DataFrame:
    """Spells of reablement, one after another for each person."""
    found = []
    reabled = events[events["service_type"] == REABLING].sort_values(
        ["event_start_date", "event_end_date", "event_outcome"]
    )
    for person, own in reabled.groupby("person"):
        last = None
        for row in own.itertuples():
            if last is None or (row.event_start_date - last["end"]).days > 7:
                last = {"person": person, "person_key": row.person_key, "start": row.event_start_date,
                        "end": row.event_end_date, "outcome": row.event_outcome, "death": row.death_month,
                        "reablement": False, "pcn": row.pcn, "resident": row.resident}  # fmt: skip
                found.append(last)
            if row.event_end_date >= last["end"]:
                last |= {"end": row.event_end_date, "outcome": row.event_outcome}
            last["reablement"] |= row.service_component == "Reablement"
    return pd.DataFrame(found)


def counts(frame: pd.DataFrame, month: pd.Series, counted: pd.Series) -> pd.DataFrame:
    """Numerator and denominator by area and month."""
    base = pd.DataFrame({"month": month.dt.to_period("M"), "counted": counted.astype(int), "one": 1})
    parts = [
        base.assign(area=DISTRICT)[frame["resident"]],
        base.assign(area=frame["pcn"])[frame["pcn"].notna()],
    ]
    return pd.concat(parts).groupby(["area", "month"])[["counted", "one"]].sum().reset_index()


def compare(built, indicator: str, expected: pd.DataFrame, rate: bool = False) -> None:
    """Every supplied value of the indicator against the counts of its months."""
    values = built.warehouse.execute(
        "select area_code, period_id, period_start, period_end, numerator, denominator, value "
        "from restricted.fct_indicator_value_all join intermediate.int_period using (period_id) "
        "where indicator_id = $1 and sex = 'persons' and age_band = 'all' and value_status = 'shown' "
        "order by all",
        [indicator],
    ).df()
    assert values["area_code"].nunique() >= 2 and values["period_id"].nunique() >= 3
    for value in values.itertuples():
        months = pd.period_range(value.period_start, value.period_end, freq="M")
        own = expected[(expected["area"] == value.area_code) & expected["month"].isin(months)]
        assert value.numerator == own["counted"].sum(), value
        if rate:
            assert value.value == pytest.approx(100_000 * value.numerator / value.denominator)
        else:
            assert value.denominator == own["one"].sum(), value
            assert value.value == pytest.approx(100 * own["counted"].sum() / own["one"].sum())


def test_older_people_at_home_91_days_after_leaving_hospital(built, events, spells):
    stays = current(received(built.accepted, "hospital", "dbth_apc"))
    stays = stays.drop_duplicates(["provider", "spell_key", "episode_number"], keep="last")
    stays = stays.sort_values("episode_number", kind="stable").drop_duplicates(
        ["provider", "spell_key"], keep="last"
    )
    stays = stays[stays["discharge_date"].notna() & stays["person_key"].notna()]
    by_person = dict(list(stays.groupby("person_key")))
    services = dict(list(events[events["event_type"] == "Service"].groupby("person_key")))
    ends = [events["reporting_period_end"].max(), stays["discharge_date"].max() + pd.offsets.MonthEnd(0)]
    found = []
    for spell in spells[spells["reablement"] & spells["person_key"].isin(by_person)].itertuples():
        own, support = by_person[spell.person_key], services[spell.person_key]
        left = own[
            own["discharge_date"].between(
                spell.start - pd.Timedelta(days=7), spell.start + pd.Timedelta(days=3)
            )
        ]
        left = left[(left["admission_date"] <= spell.start) & ~left["discharge_method"].isin(["4", "5"])]
        left = left[~left["admission_method"].isin(["31", "32", "82", "83"])].sort_values(
            ["discharge_date", "spell_key"], ascending=[True, False]
        )
        homes = support[support["service_type"].isin(CARE_HOMES)]
        if (
            left.empty
            or _on(homes, left.iloc[-1]["admission_date"])
            or left.iloc[-1]["age_on_admission"] < 65
        ):
            continue
        day = left.iloc[-1]["discharge_date"] + pd.Timedelta(days=91)
        if left.iloc[-1]["discharge_date"] + pd.offsets.MonthEnd(0) + pd.Timedelta(days=91) > min(ends):
            continue
        dead = own[own["discharge_method"].isin(["4", "5"])]["discharge_date"]
        away = (
            (pd.notna(spell.death) and spell.death <= day)
            or dead.between(left.iloc[-1]["discharge_date"], day).any()
            or ((own["admission_date"] <= day) & (own["discharge_date"] > day)).any()
            or _on(support[support["service_component"].isin(TEMPORARY)], day)
            or _on(homes, day)
        )
        found.append(
            {
                "left": left.iloc[-1]["discharge_date"],
                "home": not away,
                "pcn": spell.pcn,
                "resident": spell.resident,
            }
        )
    cohort = pd.DataFrame(found)
    compare(built, "reablement_at_home_91_days", counts(cohort, cohort["left"], cohort["home"]))


def _on(services: pd.DataFrame, day: pd.Timestamp) -> bool:
    """Whether any of the services goes on on a day."""
    return bool(((services["event_start_date"] <= day) & (services["event_end_date"] >= day)).any())


def test_new_clients_without_ongoing_support(built, events, spells):
    until = events["reporting_period_end"].max()
    services = events[(events["event_type"] == "Service") & (events["service_type"] != REABLING)]
    by_person = dict(list(services.groupby("person")))
    found = []
    for spell in spells[spells["end"] + pd.Timedelta(days=7) <= until].itertuples():
        own = by_person.get(spell.person, services.head(0))
        long_term = own["service_type"].fillna("").str.startswith("Long term")
        before = (own["event_start_date"] < spell.start) & (
            (spell.start - own["event_end_date"]).dt.days < 91
        )
        after = own["event_start_date"].between(spell.start, spell.end + pd.Timedelta(days=7)) & (
            own["event_end_date"] > spell.end
        )
        if (before & long_term).any() or spell.outcome in ("NFA: Deceased", "Admitted to hospital"):
            continue
        if (after & long_term).any():
            good = False
        elif (after & ~long_term & own["service_type"].notna()).any():
            good = True
        elif spell.outcome in ELSEWHERE or not str(spell.outcome).startswith("NFA:"):
            continue
        else:
            good = True
        found.append({"end": spell.end, "good": good, "pcn": spell.pcn, "resident": spell.resident})
    cohort = pd.DataFrame(found)
    compare(built, "reablement_no_ongoing_support", counts(cohort, cohort["end"], cohort["good"]))


def test_new_admissions_to_care_homes(built, events):
    found = []
    for _, own in events[events["service_type"].isin(CARE_HOMES)].groupby("person"):
        for start, same in own.groupby("event_start_date"):
            before = own[own["event_start_date"] < start]
            recent = before["event_end_date"] >= start - pd.DateOffset(months=12)
            outcomes = same["event_outcome"].dropna()
            if not recent.any() and not (len(outcomes) and (outcomes == SELF_FUNDED).all()):
                found.append(
                    {
                        "start": start,
                        "age": same["age"].min(),
                        "pcn": same["pcn"].dropna().min(),
                        "resident": same["resident"].any(),
                    }
                )
    admitted = pd.DataFrame(found)
    admitted = admitted[admitted["age"] >= 65]
    compare(
        built,
        "long_term_care_admissions_65plus",
        counts(admitted, admitted["start"], admitted["age"] > 0),
        rate=True,
    )
