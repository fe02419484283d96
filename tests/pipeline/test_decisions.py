"""Commands with which a person decides about a delivery, through Dagster and the release."""

from __future__ import annotations

import json

import pytest
from small_pipeline import CONTRACTS, drop
from typer.testing import CliRunner

from bassetlaw_pipeline import pipeline, planning, rehearsal
from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.contracts import load
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.pipeline import run_pipeline
from bassetlaw_pipeline.planning import make_plan
from bassetlaw_pipeline.publication import archive
from bassetlaw_pipeline.publication.fingerprint import published_manifest

pytestmark = pytest.mark.slow


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def told(settings) -> dict[str, dict]:
    return {d["delivery_id"]: d for d in published_manifest(settings.home)["deliveries"]}


def as_released(settings, release: str):
    """What `publish --verify` builds a release from."""
    found, missing = rehearsal._receipts(settings, archive.find(settings.home, release))
    assert not missing
    return found


def test_a_withdrawal_is_an_event_that_a_release_follows(small):
    drop(small, "visits", "201704", "good")
    result = run_pipeline(small)
    first, [receipt] = result.release_id, result.receipts
    assert run("withdraw", "2999", "--reason", "x").exit_code == 2
    assert run("withdraw", receipt.delivery_id, "--reason", " ").exit_code == 2
    assert run("withdraw", receipt.delivery_id, "--undo", "--reason", "x").exit_code == 2
    done = run("withdraw", receipt.delivery_id, "--reason", "sent by mistake", "--by", "analyst")
    assert done.exit_code == 0 and "Next: bassetlaw run" in done.stdout
    twice = run("withdraw", receipt.delivery_id, "--reason", "x")
    assert twice.exit_code == 2 and "withdrawn already" in twice.stderr

    shown = run("status").stdout
    assert "is withdrawn since" in shown and "by analyst: sent by mistake" in shown
    assert "hospital/visits: missing and overdue: 2017-04" in shown
    assert json.loads(run("status", "--json").stdout)["withdrawn"][0]["reason"] == "sent by mistake"
    assert "Withdrawn on" in run("receipt", receipt.delivery_id).stdout
    [page] = (small.home.receipts / "hospital").glob("*.html")
    assert "sent by mistake" in page.read_text()

    assert make_plan(small).reason, "a release is due"
    assert run_pipeline(small).published
    assert "withdrawn_at" in told(small)[receipt.delivery_id]
    assert make_plan(small).reason is None
    assert [r.counts for r in as_released(small, first)] == [True]
    assert [r.counts for r in as_released(small, published_manifest(small.home)["release_id"])] == [False]
    assert run("withdraw", receipt.delivery_id, "--undo", "--reason", "it was right").exit_code == 0
    assert run_pipeline(small).release_id == first, "the same deliveries again"


def test_an_event_between_build_and_publication_is_for_the_next_build(small):
    drop(small, "visits", "201704", "good")
    [receipt] = run_pipeline(small).receipts
    assert run("withdraw", receipt.delivery_id, "--reason", "x").exit_code == 0
    pipeline.publish_again(small)
    assert "withdrawn_at" not in told(small)[receipt.delivery_id]
    assert make_plan(small).reason, "a release is still due"


def test_files_land_again_after_a_change_of_the_contract(small, monkeypatch):
    drop(small, "visits", "201704", "drifted")
    drop(small, "visits", "201705", "good")
    [refused] = [r for r in run_pipeline(small).receipts if r.verdict == "rejected"]
    assert run("land").exit_code == 2
    assert run("land", "--again", "--extract", "unknown").exit_code == 2
    assert run("land", "--again", "2999").exit_code == 2
    nothing = run("land", "--again")
    assert nothing.exit_code == 0 and "Nothing to land again" in nothing.stdout

    changed = CONTRACTS | {"visits": CONTRACTS["visits"].model_copy(update={"version": "1.1.0"})}
    for module in (load, planning):
        monkeypatch.setattr(module, "load_contracts", lambda: changed)
    done = run("land", "--again", refused.delivery_id)
    assert done.exit_code == 0, done.stdout
    assert "visits_201704.csv: 9 rows accepted, before: rejected" in done.stdout
    assert "Next: bassetlaw run" in done.stdout
    [landed] = [r for r in Ledger(small.home).receipts() if r.again]
    assert landed.again.replaces == refused.delivery_id and landed.contract_version == "1.1.0"
    assert "was landed again on" in run("status").stdout
    [page] = (small.home.receipts / "hospital").glob(f"*--{refused.delivery_id}.html")
    assert f"as {landed.delivery_id}; use that one" in page.read_text()
    run_pipeline(small)
    assert "landed_again_at" in told(small)[landed.delivery_id]
    assert "replaced_at" in told(small)[refused.delivery_id]

    (small.home.landing / "hospital" / "visits_201705.csv").unlink()
    gone = run("land", "--again", "--extract", "visits")
    assert gone.exit_code == 1 and "no longer in landing" in gone.stderr
