"""What is expected and what is late, on ledgers made by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.status import moment, period_status

CONTRACTS = load_contracts()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def receipt(extract: str, *periods: str, came: str, verdict: str = "accepted") -> Receipt:
    contract = CONTRACTS[extract]
    return Receipt(
        delivery_id=f"{came}-{extract}-{periods}",
        partner=contract.partner,
        extract=extract,
        file_name="x",
        sha256="0",
        bytes=1,
        received_at=at(came),
        periods=[date.fromisoformat(p) for p in periods],
        verdict=verdict,
    )


def states(extract: str, now: str, *receipts: Receipt, last: str | None = None) -> dict[str, str]:
    found = period_status([CONTRACTS[extract]], receipts, at(now), date.fromisoformat(last) if last else None)
    return {str(p.period): p.state for p in found}


def test_a_month_is_due_when_its_days_are_over_and_late_the_day_after():
    april = receipt("dbth_ecds", "2019-04-01", came="2019-06-01")
    assert states("dbth_ecds", "2019-07-17", april) == {
        "2019-04-01": "received", "2019-05-01": "late", "2019-06-01": "not due",
    }  # fmt: skip
    assert states("dbth_ecds", "2019-07-16T23:00", april)["2019-05-01"] == "not due"


def test_what_had_not_begun_is_not_late():
    """Deaths are promised since 2014; this installation begins in 2016."""
    first = receipt("ncc_pcmd_deaths", "2016-01-01", came="2016-02-10")
    assert list(states("ncc_pcmd_deaths", "2016-03-15", first)) == ["2016-01-01", "2016-02-01"]


def test_a_contract_of_which_nothing_came_is_late_from_its_own_start():
    found = states("bdc_housing_hclic", "2019-01-31")
    assert found == {"2018-04-01": "late", "2018-07-01": "late", "2018-10-01": "not due"}


def test_a_quarterly_file_of_months_is_one_promise_a_quarter():
    months = [receipt("ncc_asc_cld", "2019-04-01", "2019-05-01", "2019-06-01", came="2019-07-30")]
    assert states("ncc_asc_cld", "2019-12-15", *months) == {"2019-04-01": "received", "2019-07-01": "late"}


def test_a_register_a_quarter_keeps_its_promise():
    register = [receipt("ccg_gp_population", "2019-06-01", came="2019-07-05")]
    assert states("ccg_gp_population", "2019-09-01", *register) == {"2019-04-01": "received"}


def test_weekly_files_are_expected_week_by_week():
    """A month with three of its four weeks is not whole."""
    weeks = [receipt("emas_handover", f"2019-06-{day}", came="2019-07-01") for day in ("03", "10", "24")]
    found = states("emas_handover", "2019-07-10", *weeks)
    assert found == {
        "2019-06-03": "received late", "2019-06-10": "received late", "2019-06-17": "late",
        "2019-06-24": "received", "2019-07-01": "not due",
    }  # fmt: skip


def test_a_weekly_file_named_by_any_day_covers_its_week():
    """The situation report is named by the day its week ends; the last of a month may end early."""
    early = [receipt("dbth_discharge_sitrep", day, came="2019-07-01") for day in ("2019-06-23", "2019-06-28")]
    assert states("dbth_discharge_sitrep", "2019-07-03", *early) == {
        "2019-06-17": "received", "2019-06-24": "received",
    }  # fmt: skip


def test_a_year_begins_when_the_years_of_the_extract_do():
    school = receipt("ncc_ncmp", "2016-09-01", came="2017-10-18")
    assert states("ncc_ncmp", "2019-12-01", school) == {
        "2016-09-01": "received", "2017-09-01": "late", "2018-09-01": "not due",
    }  # fmt: skip


def test_nothing_is_expected_after_a_feed_has_ended():
    last = receipt("nhse_dtoc_la", "2019-12-01", came="2020-02-13")
    assert list(states("nhse_dtoc_la", "2026-01-01", last)) == ["2019-12-01", "2020-01-01", "2020-02-01"]


def test_no_promise_no_lateness():
    assert states("ohid_fingertips", "2026-01-01") == {}


def test_a_rejected_file_is_told_apart_from_silence():
    good = receipt("dbth_ecds", "2019-04-01", came="2019-06-01")
    bad = receipt("dbth_ecds", "2019-05-01", came="2019-07-01", verdict="rejected")
    assert states("dbth_ecds", "2019-08-31", good, bad) == {
        "2019-04-01": "received", "2019-05-01": "rejected", "2019-06-01": "late", "2019-07-01": "not due",
    }  # fmt: skip


def test_what_came_later_is_not_known_yet():
    good = [receipt("dbth_ecds", m, came="2019-12-01") for m in ("2019-04-01", "2019-05-01")]
    first = receipt("dbth_ecds", "2019-03-01", came="2019-05-01")
    assert states("dbth_ecds", "2019-07-01", first, *good)["2019-04-01"] == "late"
    assert states("dbth_ecds", "2019-12-31", first, *good)["2019-04-01"] == "received late"


LEDGER = [
    receipt("dbth_ecds", "2021-03-01", came="2021-05-12"),
    receipt("emas_handover", "2021-03-29", came="2021-04-07"),
    receipt("active_lives_la", "2020-01-01", came="2021-11-30"),
]
CLOCK = at("2026-11-30")


def judged(environment: str, as_of: datetime | None = None):
    when = moment(CONTRACTS.values(), LEDGER, environment, as_of, CLOCK)
    known = [r for r in LEDGER if as_of is None or r.received_at <= as_of]
    contracts = [CONTRACTS[r.extract] for r in LEDGER]
    return when, Counter(p.state for p in period_status(contracts, known, when.at, when.last))


def test_when_everybody_stops_real_partners_become_late_by_the_clock():
    when, found = judged("real")
    assert (when.at, when.last) == (CLOCK, None) and found["late"] > 300
    assert "clock" in when.words


def test_a_sample_is_judged_as_of_its_newest_delivery_and_says_so():
    when, found = judged("synthetic")
    assert when.at == at("2021-11-30") and when.last == date(2021, 4, 4)
    assert set(found) == {"received"}
    assert "synthetic sample" in when.words and "04 April 2021" in when.words


def test_a_sample_asked_for_as_of_its_newest_delivery_reads_as_if_nothing_was_asked():
    assert judged("synthetic", at("2021-11-30")) == judged("synthetic")


@pytest.mark.parametrize("environment", ["real", "synthetic"])
def test_a_time_that_is_asked_for_is_the_clock(environment):
    when, found = judged(environment, at("2021-07-01"))
    assert (when.at, when.last) == (at("2021-07-01"), None) and found["late"] > 0


def test_within_a_sample_a_partner_who_stops_is_late():
    stopped = receipt("bdc_leisure", "2020-06-01", came="2020-07-05")
    when = moment(CONTRACTS.values(), [*LEDGER, stopped], "synthetic", None, CLOCK)
    found = period_status([CONTRACTS["bdc_leisure"]], [stopped], when.at, when.last)
    assert Counter(p.state for p in found) == {"received": 1, "late": 9}
