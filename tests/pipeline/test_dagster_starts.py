"""When runs start by themselves: settled files, due releases, the monthly schedule, chosen months."""

from __future__ import annotations

import time

import dagster as dg
import pytest
from small_pipeline import CONTRACTS, drop, land

from bassetlaw_pipeline import definitions
from bassetlaw_pipeline.intake.discover.inbox import scan
from bassetlaw_pipeline.orchestration import sensors
from bassetlaw_pipeline.orchestration.instance import INPUTS_TAG, PROCESS_TAG, ensure_instance
from bassetlaw_pipeline.pipeline import run_pipeline

VISITS, REFERRALS = dg.AssetKey(["hospital", "visits"]), dg.AssetKey(["bcvs", "referrals"])
pytestmark = pytest.mark.slow


def _tick(defs: dg.Definitions, name: str, instance: dg.DagsterInstance, cursor: str | None = None):
    with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        data = defs.resolve_sensor_def(name).evaluate_tick(context)
    return data.run_requests or [], data.cursor or cursor


def _run(instance: dg.DagsterInstance, request: dg.RunRequest, status: dg.DagsterRunStatus) -> dg.DagsterRun:
    """A run as the daemon would start it, signed by a process that has ended."""
    return instance.create_run_for_job(
        dg.GraphDefinition(name="land").to_job(),
        status=status,
        tags={**request.tags, PROCESS_TAG: "999999:1", "bassetlaw/stage": "landing"},
    )


def test_a_landing_run_takes_every_extract_with_new_files_and_only_those(small):
    instance = ensure_instance(small)
    defs = definitions.landing_defs(small)
    assert _tick(defs, "landing_sensor", instance)[0] == []
    drop(small, "visits", "201704", "good")
    drop(small, "visits", "201705", "good")
    [request], _ = _tick(defs, "landing_sensor", instance)
    assert request.asset_selection == [VISITS]
    drop(small, "referrals", "201704", "good")
    [request], _ = _tick(defs, "landing_sensor", instance)
    assert request.asset_selection == [REFERRALS, VISITS]


def test_a_killed_landing_run_is_asked_for_again_by_the_ledger(small):
    """The next look ends the run of the dead process and asks for another; after three it says so."""
    instance = ensure_instance(small)
    defs = definitions.landing_defs(small)
    drop(small, "visits", "201704", "good")
    [first], cursor = _tick(defs, "landing_sensor", instance)
    keys = {first.run_key}
    for _ in range(2):
        killed = _run(instance, first, dg.DagsterRunStatus.STARTED)
        [again], cursor = _tick(defs, "landing_sensor", instance, cursor)
        assert instance.get_run_by_id(killed.run_id).status == dg.DagsterRunStatus.FAILURE
        keys.add(again.run_key)
    assert len(keys) == 3
    _run(instance, first, dg.DagsterRunStatus.STARTED)
    assert _tick(defs, "landing_sensor", instance, cursor)[0] == []


def test_a_file_still_being_written_is_left_and_the_cursor_stays_small(small, monkeypatch):
    monkeypatch.setenv("BASSETLAW_SETTLE_SECONDS", "10")
    settings = type(small)()
    instance = ensure_instance(settings)
    defs = definitions.landing_defs(settings)
    for month in range(1, 13):
        drop(settings, "visits", f"2018{month:02d}", "good")
    requests, cursor = _tick(defs, "landing_sensor", instance)
    assert requests == [] and not cursor, "they were written a moment ago"
    monkeypatch.setattr(sensors, "SETTLED", 0)
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 11)
    [request], cursor = _tick(defs, "landing_sensor", instance)
    assert request.asset_selection == [VISITS]
    for arrival in scan(settings.home, CONTRACTS):
        land(arrival, settings)
    requests, cursor = _tick(defs, "landing_sensor", instance, cursor)
    assert requests == [] and len(cursor) < 100
    assert _tick(defs, "landing_sensor", instance, cursor) == ([], cursor)


def test_a_release_is_built_once_for_deliveries_that_are_in_none(small):
    instance = ensure_instance(small)
    defs = definitions.build_defs(small)
    assert _tick(defs, "release_sensor", instance)[0] == []  # nothing has landed yet
    drop(small, "visits", "201704", "good")
    land(scan(small.home, CONTRACTS)[0], small)
    busy = instance.create_run_for_job(
        dg.GraphDefinition(name="land").to_job(),
        status=dg.DagsterRunStatus.STARTED,
        tags={"bassetlaw/stage": "landing"},
    )
    assert _tick(defs, "release_sensor", instance)[0] == []
    instance.report_run_canceled(busy)
    [request], _ = _tick(defs, "release_sensor", instance)
    cancelled = instance.create_run_for_job(
        dg.GraphDefinition(name="build_warehouse").to_job(), tags=request.tags
    )
    instance.report_run_canceled(cancelled)
    assert _tick(defs, "release_sensor", instance)[0] == [], "somebody stopped it on purpose"


def test_files_that_come_together_are_one_release(small):
    """No build while one of them has yet to land; a file that never ends holds it up for an hour only."""
    instance = ensure_instance(small)
    defs = definitions.build_defs(small)
    drop(small, "visits", "201704", "good")
    land(scan(small.home, CONTRACTS)[0], small)
    drop(small, "visits", "201705", "good")
    requests, cursor = _tick(defs, "release_sensor", instance)
    assert requests == [] and cursor
    long_ago = str(float(cursor) - sensors.LONGEST_WAIT)
    assert len(_tick(defs, "release_sensor", instance, long_ago)[0]) == 1


def test_a_killed_build_is_due_again_and_one_that_failed_is_not(small):
    instance = ensure_instance(small)
    defs = definitions.build_defs(small)
    drop(small, "visits", "201704", "good")
    land(scan(small.home, CONTRACTS)[0], small)
    [first], _ = _tick(defs, "release_sensor", instance)
    tags = {**first.tags, PROCESS_TAG: "999999:1"}
    build = dg.GraphDefinition(name="build_warehouse").to_job()
    instance.create_run_for_job(build, status=dg.DagsterRunStatus.STARTED, tags=tags)
    [again], _ = _tick(defs, "release_sensor", instance)
    assert again.run_key != first.run_key

    @dg.op
    def breaks():
        raise ValueError

    @dg.job
    def failing():
        breaks()

    failing.execute_in_process(instance=instance, raise_on_error=False, tags=first.tags)
    assert _tick(defs, "release_sensor", instance)[0] == []


def test_a_change_of_the_code_releases_nothing_by_itself(small, monkeypatch):
    """Whoever wants it released runs the command; the sensor waits for deliveries."""
    from bassetlaw_pipeline.publication import fingerprint

    instance = ensure_instance(small)
    defs = definitions.build_defs(small)
    drop(small, "visits", "201704", "good")
    run_pipeline(small)
    monkeypatch.setattr(fingerprint, "code_sha256", lambda: "another")
    with dg.build_sensor_context(instance=instance) as context:
        data = defs.resolve_sensor_def("release_sensor").evaluate_tick(context)
    assert not data.run_requests and "the code" in data.skip_message
    drop(small, "visits", "201705", "good")
    land(scan(small.home, CONTRACTS)[-1], small)
    [request], _ = _tick(defs, "release_sensor", instance)
    assert INPUTS_TAG in request.tags


def test_months_chosen_in_the_ui_show_what_the_ledger_holds(small):
    """A backfill over a range is one run; a month nobody sent stays missing."""
    instance = ensure_instance(small)
    drop(small, "visits", "201704", "good")
    drop(small, "visits", "201706", "good")
    for arrival in scan(small.home, CONTRACTS):
        land(arrival, small)
    job = definitions.build_defs(small).resolve_job_def("land")
    months = {"start": "2017-04-01", "end": "2017-06-01"}

    result = job.execute_in_process(
        instance=instance,
        tags={f"dagster/asset_partition_range_{k}": v for k, v in months.items()},
        asset_selection=[VISITS],
    )

    assert result.success
    assert instance.get_materialized_partitions(VISITS) == {"2017-04-01", "2017-06-01"}


def test_schedule_runs_on_the_eighth_in_local_time(small):
    schedule = definitions.build_defs(small).resolve_schedule_def("monthly_refresh")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 8 * *", "Europe/London")
