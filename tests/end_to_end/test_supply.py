"""What status says of the built sample: late is what really did not come; the release says the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.store.current import held_of_home
from bassetlaw_pipeline.status import moment, period_status


def judged(built):
    contracts, receipts = load_contracts(), built.ledger.receipts()
    when = moment(contracts.values(), receipts, "synthetic", None, datetime.now(UTC))
    return period_status(contracts.values(), receipts, when.at, when.last)


def test_nothing_is_late_but_what_really_did_not_come(built):
    found = judged(built)
    delivered = {r.extract for r in built.ledger.receipts()}
    late = {(p.extract, str(p.period)) for p in found if p.state == "late" and p.extract in delivered}
    assert late == set()


def test_the_release_and_status_give_one_answer(built):
    """Every overdue period is missing from the release in each of its months, and nothing else is."""
    told = {
        (extract, str(month)): missing
        for extract, month, missing in built.query(
            "SELECT extract, month_start, periods_missing FROM outcomes.fct_supply WHERE periods_missing > 0"
        )
    }
    expected: dict[tuple[str, str], int] = {}
    for p in judged(built):
        if p.state in ("late", "rejected"):
            for month in _months(p):
                expected[p.extract, month] = expected.get((p.extract, month), 0) + 1
    assert told == expected


def _months(p) -> list[str]:
    first, last = p.period, p.period if (p.period_end - p.period).days < 7 else p.period_end
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    index = [first.year * 12 + first.month - 1 + n for n in range(count)]
    return [f"{i // 12}-{i % 12 + 1:02d}-01" for i in index]


def test_status_says_by_what_time_it_judges(built, monkeypatch):
    monkeypatch.setenv("BASSETLAW_HOME", str(built.settings.home.root))
    shown = CliRunner().invoke(app, ["status"])
    assert shown.exit_code == 0 and "synthetic sample" in shown.stdout.splitlines()[0]
    body = json.loads(CliRunner().invoke(app, ["status", "--json"]).stdout)
    assert body["nothing_expected_after"] and {"period", "due", "state"} <= set(body["periods"][0])
    past = json.loads(CliRunner().invoke(app, ["status", "--json", "--as-of", "2018-06-30"]).stdout)
    assert past["as_of"].startswith("2018-06-30") and past["nothing_expected_after"] is None


def test_no_month_of_social_care_is_a_few_rows(built):
    """Months of the current view have about as many events as the months beside them."""
    months = dict(
        built.warehouse.execute(
            "SELECT date_trunc('month', event_end_date), count(*) "
            "FROM staging.stg_county_council__ncc_asc_cld "
            "WHERE event_end_date IS NOT NULL AND NOT is_open GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )
    inner = list(months.values())[1:-1]
    assert min(inner) > 0.4 * sorted(inner)[len(inner) // 2]


def test_what_the_build_held_is_what_status_lists(built):
    held = held_of_home(built.settings.home, load_contracts(), built.ledger.receipts())
    codes = {
        r.delivery_id for r in built.ledger.receipts() for f in r.findings if f.code == "REPLACEMENT_HELD"
    }
    assert {h.receipt.delivery_id for h in held} <= codes
