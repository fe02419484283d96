"""Every defect of the sample is found, in the file where it was put, and nothing else is."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.inbox import scan
from bassetlaw_pipeline.intake.land import land_extract
from bassetlaw_pipeline.intake.reasons import load_reasons, outcome_of
from bassetlaw_pipeline.settings import Settings
from bassetlaw_sample import generate
from bassetlaw_sample.sources import SOURCES

pytestmark = pytest.mark.slow
REASONS = load_reasons()
# Told to the partner, but part of how the files of an extract always are.
USUAL = {"TITLE_ROWS", "TOTAL_ROW", "VALUE_CODE_LOCAL", "VALUE_EXCEL_DATE", "SHEET_EXTRA", "RESUBMISSION"}

# What a defect may bring with it: a practice whose figures are all hidden has fallen to nothing.
FOLLOWS = {"FELL_TO_NOTHING": "D19"}


@pytest.fixture(scope="module")
def damaged(built):
    """Receipts by file and the truth of the sample that all tests share; it has a school year."""
    receipts = {f"{r.partner}/{r.file_name}": r for r in built.ledger.receipts()}
    return receipts, built.truth["deliveries"]


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """The receipts of a sample without defects, of fewer people."""
    settings = Settings(BASSETLAW_HOME=tmp_path_factory.mktemp("clean"))
    sample = {"people": 1500, "start": "2019-09", "end": "2019-09", "defects": False}
    generate(settings.home.landing, settings=settings, **sample)
    arrivals = defaultdict(list)
    for arrival in scan(settings.home, load_contracts()):
        arrivals[arrival.contract.id].append(arrival)
    return [r for extract, own in arrivals.items() for r in land_extract(extract, own, settings)]


def found(receipt) -> dict[str, int]:
    """Findings by defect; those without a defect of the catalogue by reason code; mere notes left out."""
    counts: Counter[str] = Counter()
    for finding in receipt.findings:
        suppressed = finding.code == "VALUE_SUPPRESSED"
        if suppressed or outcome_of(finding, REASONS) != "note":
            counts[REASONS[finding.code].defect or finding.code] += finding.count
    return {what: n for what, n in counts.items() if FOLLOWS.get(what) not in counts}


SAMPLED = sorted(SOURCES)


@pytest.mark.parametrize("extract", SAMPLED)
def test_every_injected_defect_is_found_and_nothing_else(damaged, extract):
    receipts, truth = damaged
    own = {name: entry for name, entry in truth.items() if entry["extract"] == extract}
    assert own
    accepted = [name for name, entry in own.items() if entry["verdict"] == "accepted"]
    injected = {name: {d: v["count"] for d, v in own[name]["defects"].items()} for name in accepted}
    assert {name: found(receipts[name]) for name in accepted} == injected


def test_every_file_has_its_verdict(damaged):
    receipts, truth = damaged
    assert set(receipts) == set(truth)
    rejected = {name for name, receipt in receipts.items() if receipt.verdict == "rejected"}
    assert rejected == {name for name, entry in truth.items() if entry["verdict"] == "rejected"}
    assert rejected
    for name in rejected:
        assert truth[name]["reason"] in {f.code for f in receipts[name].findings}


def test_rows_named_in_the_truth_are_the_rows_named_in_the_receipt(damaged):
    receipts, truth = damaged
    for name, entry in truth.items():
        expected = {d: set(v["rows"]) for d, v in entry["defects"].items()}
        for finding in receipts[name].findings:
            defect = REASONS[finding.code].defect or finding.code
            told = {f"{finding.table}:{r}" for r in finding.rows} | set(finding.rows)
            if finding.rows and expected.get(defect):
                assert told & expected[defect], (name, finding.code)


def test_as_many_rows_are_read_as_were_written(damaged):
    receipts, truth = damaged
    for name, entry in truth.items():
        if entry["verdict"] == "accepted":
            tables = receipts[name].tables.values()
            assert sum(t.accepted + t.quarantined for t in tables) == entry["rows"], name


def test_a_clean_sample_raises_nothing(clean):
    assert {f.code for r in clean for f in r.findings} <= USUAL
    assert {r.verdict for r in clean} == {"accepted"}
