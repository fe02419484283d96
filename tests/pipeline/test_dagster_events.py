"""What Dagster is told: months, checks and errors, without any run."""

from __future__ import annotations

from datetime import UTC, date, datetime

import dagster as dg
import pytest
from small_pipeline import CONTRACTS, RULE, SECRET

from bassetlaw_pipeline.contracts.model import PeriodSpec
from bassetlaw_pipeline.intake.model import Finding, Receipt, TableCounts
from bassetlaw_pipeline.intake.store.months import months_covered
from bassetlaw_pipeline.orchestration.failures import without_values
from bassetlaw_pipeline.orchestration.landing_events import check_results, shown_name, waiting_for_correction
from bassetlaw_pipeline.orchestration.partitions import MONTHLY
from bassetlaw_pipeline.quality.result import CheckResult

VISITS = CONTRACTS["visits"]
KEY = dg.AssetKey(VISITS.asset_key)


def receipt(day: int, verdict: str = "accepted", period: date = date(2017, 4, 1), **changes) -> Receipt:
    name = changes.pop("file_name", "visits_201704.csv")
    received = datetime(2017, 5, day, tzinfo=UTC)
    return Receipt(
        delivery_id=f"{received:%Y%m%dT%H%M%SZ}-{day:012x}",
        partner="hospital",
        extract="visits",
        file_name=name,
        sha256=f"{day:064x}",
        bytes=1,
        received_at=received,
        verdict=verdict,
        periods=[period],
        **changes,
    )


@pytest.mark.parametrize(
    ("grain", "months"),
    [
        ("month", ["2017-04-01"]),
        ("week", ["2017-04-01"]),
        ("quarter", ["2017-04-01", "2017-05-01", "2017-06-01"]),
        ("year", [f"2017-{m:02d}-01" for m in range(4, 13)] + [f"2018-{m:02d}-01" for m in range(1, 4)]),
    ],
)
def test_a_delivery_fills_the_months_it_covers(grain, months):
    extract = VISITS.model_copy(update={"period": PeriodSpec(grain=grain)})
    assert (
        list(months_covered(extract, [receipt(1, period=date(2017, 4, 3 if grain == "week" else 1))]))
        == months
    )


def test_a_rejected_delivery_fills_nothing():
    assert months_covered(VISITS, [receipt(1, "rejected")]) == {}


def test_months_go_from_2016_to_the_current_one_for_every_extract():
    """A job takes assets of one definition of months only."""
    keys = MONTHLY.get_partition_keys()
    assert keys[0] == "2016-01-01"
    assert keys[-1] == f"{datetime.now():%Y-%m}-01"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("visits_201704.csv", "visits_201704.csv"),
        ("2024-05-13_indicators.csv", "2024-05-13_indicators.csv"),
        ("notes 999 123 4567.docx", "notes ….docx"),
        ("9991234567", "…"),
    ],
)
def test_the_name_of_an_unrecognised_file_is_shown_without_long_numbers(name, shown):
    assert shown_name(name) == shown


def test_a_rejected_file_waits_until_it_is_made_good():
    bad = receipt(2, "rejected")
    earlier, same_name = receipt(1), receipt(3, period=date(2017, 6, 1))
    other_name = receipt(3, file_name="visits_corrected.csv")
    elsewhere = receipt(3, file_name="visits_201706.csv", period=date(2017, 6, 1))
    assert waiting_for_correction([earlier, bad]) == [bad]
    assert waiting_for_correction([bad, elsewhere]) == [bad]
    assert waiting_for_correction([bad, same_name]) == []
    assert waiting_for_correction([bad, other_name]) == []


def results(receipts, ledger):
    return {r.check_name: r for r in check_results(VISITS, KEY, receipts, ledger)}


def test_checks_count_rows_and_files_and_name_codes_only():
    rule = CheckResult(
        code=RULE.code, type=RULE.type, severity="critical", success=False, evaluated=9, unexpected=4
    )
    counts = {"rows": TableCounts(rows_in=10, accepted=9, quarantined=1)}
    good = receipt(1, tables=counts, checks=[rule], findings=[Finding(code="AGE_INVALID", count=1)])
    bad = receipt(2, "rejected", findings=[Finding(code="COLUMN_MISSING")])

    found = results([good, bad], [good, bad])

    assert not found["accepted"].passed
    assert found["accepted"].severity == dg.AssetCheckSeverity.ERROR
    assert found["no_rows_quarantined"].severity == dg.AssetCheckSeverity.WARN
    assert found["no_rows_quarantined"].metadata["rows quarantined"].value == 1
    assert found["rows_few"].metadata["rows unexpected"].value == 4
    assert found["accepted"].metadata["reasons"].value == "COLUMN_MISSING 1"


def test_a_run_that_accepts_nothing_repeats_what_holds():
    rule = CheckResult(code=RULE.code, type=RULE.type, severity="critical", success=True, evaluated=9)
    good = receipt(1, checks=[rule], tables={"rows": TableCounts(rows_in=9, accepted=9, quarantined=0)})
    assert results([], [good])["rows_few"].passed
    assert results([], []) == {}


def test_errors_lose_their_values_but_keep_their_place():
    with pytest.raises(dg.Failure) as caught, without_values("Landing stopped"):
        int(f"{SECRET}x")
    text = f"{caught.value.description} {caught.value.metadata} {caught.value.__context__}"
    assert "ValueError" in caught.value.description
    assert caught.value.__suppress_context__
    assert SECRET not in f"{caught.value.description} {caught.value.metadata}"
    assert SECRET in text  # only in the context, which is suppressed and which Dagster does not store
