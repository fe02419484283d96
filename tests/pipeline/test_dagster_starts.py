"""When runs start by themselves: settled files, due releases, the monthly schedule, chosen months."""

from __future__ import annotations

import dagster as dg
import pytest
from small_pipeline import CONTRACTS, drop, land

from bassetlaw_pipeline import definitions
from bassetlaw_pipeline.intake.inbox import scan
from bassetlaw_pipeline.orchestration.instance import ensure_instance
from bassetlaw_pipeline.orchestration.watching import Watch

VISITS = dg.AssetKey(["hospital", "visits"])
slow = pytest.mark.slow


def test_a_growing_file_is_left_alone_until_it_settles():
    watch = Watch(None)
    assert watch.observe({"hospital/a.csv": (1, 10)}, 9) == []
    watch = Watch(watch.cursor)
    assert watch.observe({"hospital/a.csv": (2, 11)}, 9) == []
    assert watch.observe({"hospital/a.csv": (2, 11)}, 9) == ["hospital/a.csv"]


def test_a_file_is_handed_out_once_and_again_after_it_changed():
    watch = Watch(None)
    for _ in range(2):
        ready = watch.observe({"a": (1, 1)}, 9)
    watch.take(*ready)
    assert watch.observe({"a": (1, 1)}, 9) == []
    watch.observe({"a": (1, 2)}, 9)
    assert watch.observe({"a": (1, 2)}, 9) == ["a"]


def test_many_files_are_taken_a_few_at_a_time_and_none_is_forgotten():
    files = {f"{n:03d}": (1, 1) for n in range(25)}
    watch, taken = Watch(None), []
    for _ in range(5):
        ready = watch.observe(files, 10)
        for path in ready:
            watch.take(path)
        taken += ready
    assert taken == sorted(files)


def _tick(defs: dg.Definitions, name: str, instance: dg.DagsterInstance, cursor: str | None):
    with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        data = defs.resolve_sensor_def(name).evaluate_tick(context)
    return data.run_requests or [], data.cursor


@slow
def test_landing_sensor_asks_for_one_run_per_extract_and_a_second_try_is_possible(small):
    instance = ensure_instance(small)
    defs = definitions.build_defs(small)
    drop(small, "visits", "201704", "good")
    drop(small, "visits", "201705", "good")
    drop(small, "referrals", "201704", "good")
    first, cursor = _tick(defs, "landing_sensor", instance, None)
    requests, cursor = _tick(defs, "landing_sensor", instance, cursor)
    again, _ = _tick(defs, "landing_sensor", instance, cursor)

    assert first == []
    assert [r.job_name for r in requests] == ["land_referrals", "land_visits"]
    assert requests[1].run_config["ops"]["visits"]["config"]["files"] == [
        "hospital/visits_201704.csv",
        "hospital/visits_201705.csv",
    ]
    assert again == []
    # The run was lost: with the cursor reset the same files get a run again, under another key.
    instance.create_run_for_job(dg.GraphDefinition(name="land_visits").to_job(), tags=dict(requests[1].tags))
    _, cursor = _tick(defs, "landing_sensor", instance, None)
    retried, _ = _tick(defs, "landing_sensor", instance, cursor)
    keys = {r.job_name: r.run_key for r in retried}
    assert keys["land_referrals"] == requests[0].run_key  # nothing was started: Dagster drops the repetition
    assert keys["land_visits"] == requests[1].run_key.removesuffix(":1") + ":2"


@slow
def test_content_that_is_known_starts_nothing(small):
    instance = ensure_instance(small)
    defs = definitions.build_defs(small)
    drop(small, "visits", "201704", "good")
    land(scan(small.home, CONTRACTS)[0], small)
    _, cursor = _tick(defs, "landing_sensor", instance, None)

    requests, _ = _tick(defs, "landing_sensor", instance, cursor)

    assert requests == []


@slow
def test_release_sensor_builds_once_per_state_of_the_ledger_and_waits_for_landing(small):
    instance = ensure_instance(small)
    defs = definitions.build_defs(small)
    assert _tick(defs, "release_sensor", instance, None)[0] == []  # nothing has landed yet
    drop(small, "visits", "201704", "good")
    land(scan(small.home, CONTRACTS)[0], small)
    busy = instance.create_run_for_job(
        dg.GraphDefinition(name="land_visits").to_job(),
        status=dg.DagsterRunStatus.STARTED,
        tags={"bassetlaw/stage": "landing"},
    )
    assert _tick(defs, "release_sensor", instance, None)[0] == []
    instance.report_run_canceled(busy)

    requests, cursor = _tick(defs, "release_sensor", instance, None)
    again, _ = _tick(defs, "release_sensor", instance, cursor)

    assert len(requests) == 1
    assert again == []


@slow
def test_months_chosen_in_the_ui_show_what_the_ledger_holds(small):
    """A backfill over a range is one run; a month nobody sent stays missing."""
    instance = ensure_instance(small)
    drop(small, "visits", "201704", "good")
    drop(small, "visits", "201706", "good")
    for arrival in scan(small.home, CONTRACTS):
        land(arrival, small)
    job = definitions.build_defs(small).resolve_job_def("land_visits")
    months = {"start": "2017-04-01", "end": "2017-06-01"}

    result = job.execute_in_process(
        instance=instance, tags={f"dagster/asset_partition_range_{k}": v for k, v in months.items()}
    )

    assert result.success
    assert instance.get_materialized_partitions(VISITS) == {"2017-04-01", "2017-06-01"}


@slow
def test_schedule_runs_on_the_eighth_in_local_time(small):
    schedule = definitions.build_defs(small).resolve_schedule_def("monthly_refresh")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 8 * *", "Europe/London")
