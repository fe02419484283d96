"""Runs from landing to release: what happens when something is bad, broken, old or killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import dagster as dg
import duckdb
import pytest
from small_pipeline import SECRET, drop

from bassetlaw_pipeline import definitions
from bassetlaw_pipeline.orchestration import published
from bassetlaw_pipeline.orchestration.instance import PROCESS_TAG, ensure_instance, recover_abandoned_runs
from bassetlaw_pipeline.pipeline import run_pipeline
from bassetlaw_pipeline.planning import PipelineFailed

pytestmark = pytest.mark.slow
VISITS, REFERRALS = dg.AssetKey(["hospital", "visits"]), dg.AssetKey(["bcvs", "referrals"])


def _check(instance, key, name):
    records = instance.event_log_storage.get_latest_asset_check_execution_by_key(
        [dg.AssetCheckKey(key, name)]
    )
    [record] = records.values()
    return record.event.asset_check_evaluation


def _everything_stored(home) -> str:
    """All text Dagster keeps: events, run tags, metadata."""
    files = [p for p in home.dagster.rglob("*") if p.is_file() and p.suffix in (".db", ".db-wal", ".yaml")]
    return "".join(p.read_bytes().decode("latin-1") for p in files)


def test_one_run_lands_what_is_good_and_says_what_is_not(small):
    """A rejected file, a crashing partner and a good one: good data are published all the same."""
    drop(small, "visits", "201704", "good")
    drop(small, "visits", "201706", "good")
    drop(small, "visits", "201707", "bad")
    drop(small, "referrals", "201704", "crash")

    result = run_pipeline(small)

    assert sorted(r.verdict for r in result.receipts) == ["accepted", "accepted", "rejected"]
    assert result.published
    [failure] = result.failures
    assert failure.startswith("Landing referrals stopped: ValueError")
    instance = ensure_instance(small)
    # The month of the rejected file and the month nobody sent stay open.
    assert instance.get_materialized_partitions(VISITS) == {"2017-04-01", "2017-06-01"}
    assert instance.get_materialized_partitions(REFERRALS) == set()
    check = _check(instance, VISITS, "accepted")
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert check.metadata["reasons"].value == "HEADER_MISSING_COLUMN 1"
    assert _check(instance, VISITS, "rows_few").passed
    runs = {run.job_name: run.status.value for run in instance.get_runs()}
    assert runs == {"land": "FAILURE", "build_warehouse": "SUCCESS"}
    [landing] = [run for run in instance.get_runs() if run.job_name == "land"]
    assert landing.tags["bassetlaw/rejected"] == "yes"
    assert landing.tags[".dagster/repository"] == "__repository__@landing"  # by it the job's page finds it
    rejected = instance.fetch_observations(VISITS, limit=9).records
    assert [record.partition_key for record in rejected] == ["2017-07-01"]
    assert SECRET not in _everything_stored(small.home)

    with duckdb.connect(str(small.home.outcomes), read_only=True) as con:
        rows = con.execute(
            "select verdict, count(*) from outcomes.fct_delivery group by all order by 1"
        ).fetchall()
    assert rows == [("accepted", 2), ("rejected", 1)]


def test_nothing_new_does_nothing_and_needs_no_dagster(small):
    """The second run answers at once; in a process of its own it does not even import Dagster."""
    drop(small, "visits", "201704", "good")
    first = run_pipeline(small)

    second = run_pipeline(small)

    assert (second.built, second.published, second.receipts) == (False, False, ())
    assert second.release_id == first.release_id
    assert len(ensure_instance(small).get_runs()) == 2
    heavy = (
        "import sys, bassetlaw_pipeline.pipeline as p;"
        "print(sorted({'dagster', 'dbt', 'great_expectations'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_as_of_shows_the_past_and_a_plain_run_returns_to_the_newest_release(small):
    for month, received in (("201704", datetime(2017, 5, 8)), ("201705", datetime(2017, 6, 8))):
        moment = received.replace(tzinfo=UTC).timestamp()
        os.utime(drop(small, "visits", month, "good"), (moment, moment))
    newest = run_pipeline(small)

    def published() -> tuple[int, str]:
        with duckdb.connect(str(small.home.outcomes), read_only=True) as con:
            (deliveries,) = con.execute("select count(*) from fct_delivery").fetchone()
        return deliveries, json.loads((small.home.published / "manifest.json").read_text())["release_id"]

    assert published() == (2, newest.release_id)
    past = run_pipeline(small, as_of=datetime(2017, 5, 31, tzinfo=UTC))
    assert past.published and published() == (1, past.release_id)
    back = run_pipeline(small)
    assert back.published and published() == (2, newest.release_id)


def test_failed_critical_check_publishes_nothing(small, monkeypatch):
    """The last release keeps serving, and the reason is said."""
    from bassetlaw_pipeline.intake.model import CheckResult

    drop(small, "visits", "201704", "good")
    first = run_pipeline(small)
    bad = CheckResult(code="MART-EMPTY", type="x", severity="critical", success=False, unexpected=1)
    monkeypatch.setattr(published, "suite_names", lambda: ["fct_delivery"])
    monkeypatch.setattr(
        "bassetlaw_pipeline.orchestration.warehouse_part.suite_names", lambda: ["fct_delivery"]
    )
    monkeypatch.setattr(published, "_validate", lambda places: {"fct_delivery": [bad]})
    drop(small, "visits", "201705", "good")

    with pytest.raises(PipelineFailed, match="critical checks failed on outcomes/fct_delivery"):
        run_pipeline(small)

    manifest = json.loads((small.home.published / "manifest.json").read_text())
    assert manifest["release_id"] == first.release_id


def test_failed_build_keeps_the_warehouse(small, small_project, monkeypatch):
    """A model in error replaces nothing, and the message names it."""
    drop(small, "visits", "201704", "good")
    run_pipeline(small)
    before = small.home.warehouse.stat().st_ino
    model = small_project / "models/marts/fct_delivery.sql"
    text = model.read_text()
    drop(small, "visits", "201705", "good")
    try:
        model.write_text(text.replace("partner,", "error('no') as partner,"))
        with pytest.raises(PipelineFailed, match="fct_delivery"):
            run_pipeline(small)
    finally:
        model.write_text(text)

    assert small.home.warehouse.stat().st_ino == before
    instance = ensure_instance(small)
    [latest] = instance.fetch_materializations(dg.AssetKey(["outcomes", "fct_delivery"]), limit=1).records
    assert latest.run_id == instance.get_runs()[2].run_id  # the first build's, not the failed one's


def test_a_killed_run_is_ended_by_the_next_and_holds_no_slot(small):
    """Nothing claims a slot, so that none can be left behind; what must not overlap is under a lock."""
    instance = ensure_instance(small)
    assert instance.run_monitoring_enabled
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    run = instance.create_run_for_job(
        dg.GraphDefinition(name="build_warehouse").to_job(),
        status=dg.DagsterRunStatus.STARTED,
        tags={PROCESS_TAG: f"{gone.pid}:1"},
    )

    assert recover_abandoned_runs(instance) == [run.run_id]

    assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
    ops = [op for job in definitions.build_defs(small).resolve_all_job_defs() for op in job.nodes]
    assert {op.definition.pool for op in ops} == {None}


def test_a_run_that_is_working_is_left_alone(small):
    """Our own process is alive: its runs are not ended."""
    from bassetlaw_pipeline.orchestration.instance import _process

    instance = ensure_instance(small)
    run = instance.create_run_for_job(
        dg.GraphDefinition(name="slow").to_job(),
        status=dg.DagsterRunStatus.STARTED,
        tags={PROCESS_TAG: _process(os.getpid())},
    )

    assert recover_abandoned_runs(instance) == []
    assert not instance.get_run_by_id(run.run_id).is_finished
