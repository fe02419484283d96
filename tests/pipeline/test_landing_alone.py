"""Landing by itself: without dbt, with processes that are killed, with files still being written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from threading import Event, Thread

import dagster as dg
import pytest
from small_pipeline import drop

from bassetlaw_pipeline import definitions, locks
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.orchestration.instance import ensure_instance
from bassetlaw_pipeline.orchestration.run import land
from bassetlaw_pipeline.pipeline import run_pipeline
from bassetlaw_pipeline.planning import PipelineFailed, make_plan, quiet, unread_names

pytestmark = pytest.mark.slow
# None of them fits its contract; that does not matter, a receipt does.
FILES = {
    "dbth_cwt": "hospital/RP5_CWT_201904.csv",
    "dbth_apc": "hospital/RP5_APC_201904_FLEX.txt",
    "ncc_asc_cld": "county_council/NCC_CLD_20180401_20190331.csv",
}


def test_a_slip_in_dbt_stops_the_build_and_no_file(small, small_project):
    """Command, sensor and job of landing work; the release says what is wrong."""
    slip = small_project / "models/marts/slip.sql"
    drop(small, "visits", "201704", "good")
    try:
        slip.write_text("select {{ ref('nowhere' }}")
        with pytest.raises(PipelineFailed):
            run_pipeline(small)
        assert [r.verdict for r in Ledger(small.home).receipts()] == ["accepted"]
        drop(small, "referrals", "201704", "good")
        defs, instance = definitions.landing_defs(small), ensure_instance(small)
        with dg.build_sensor_context(instance=instance) as context:
            [request] = defs.resolve_sensor_def("landing_sensor").evaluate_tick(context).run_requests
        job = defs.resolve_job_def("land")
        assert job.execute_in_process(instance=instance, asset_selection=request.asset_selection).success
        assert len(Ledger(small.home).accepted()) == 2
        with pytest.raises(Exception, match="dbt"):
            definitions.warehouse_defs(small)
    finally:
        slip.unlink()


def test_the_code_location_of_landing_loads_no_dbt(settings):
    look = (
        "import sys; from bassetlaw_pipeline.definitions import landing_defs;"
        "from bassetlaw_pipeline.settings import Settings;"
        "landing_defs(Settings()).get_repository_def();"
        "print(sorted({'dbt', 'dagster_dbt', 'great_expectations'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def drop_real(settings, extract: str):
    target = settings.home.landing / FILES[extract]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("A,B\n1,2\n")


def process_of(instance: dg.DagsterInstance, step: str) -> int:
    """The process that works on a step, once there is one."""
    for _ in range(600):
        for run in instance.get_runs():
            for entry in instance.all_logs(run.run_id):
                event = entry.dagster_event
                if event and event.event_type_value == "STEP_WORKER_STARTED" and event.step_key == step:
                    return int(event.event_specific_data.metadata["pid"].value)
        time.sleep(0.1)
    raise AssertionError(f"{step} never started")


def test_a_landing_process_that_is_killed_stops_no_other(settings):
    """The step waits for its folder until it is killed; the others land, and the next run lands its file."""
    for extract in FILES:
        drop_real(settings, extract)
    plan, instance = make_plan(settings), ensure_instance(settings)
    assert set(plan.arrivals) == set(FILES)
    killed = load_contracts()["dbth_cwt"]
    busy = settings.home.root / ".incoming" / f"{killed.partner}__{killed.id}.lock"

    def kill() -> None:
        process = process_of(instance, killed.id)
        time.sleep(1)
        os.kill(process, signal.SIGKILL)

    with locks.locked(busy):
        killer = Thread(target=kill)
        killer.start()
        receipts, failures = land(plan, settings, instance, quiet)
        killer.join()

    assert sorted(r.extract for r in receipts) == ["dbth_apc", "ncc_asc_cld"]
    assert len(failures) == 1 and "dbth_cwt" in failures[0]
    assert unread_names(settings) == [FILES["dbth_cwt"]]
    again, failures = land(make_plan(settings), settings, instance, quiet)
    assert [r.extract for r in again] == ["dbth_cwt"] and not failures


def stop_while_landing(settings, sent: signal.Signals) -> dg.DagsterInstance:
    """Send a signal to a command whose landing step is at work."""
    drop_real(settings, "dbth_cwt")
    busy = settings.home.root / ".incoming" / "hospital__dbth_cwt.lock"
    instance, command = ensure_instance(settings), (sys.executable, "-m", "bassetlaw_pipeline.cli", "run")
    with locks.locked(busy):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not (instance.get_runs() and _started(instance, "dbth_cwt")):
            assert run.poll() is None
            time.sleep(0.2)
        run.send_signal(sent)
        assert run.wait(timeout=30) != 0
    return instance


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_while_it_lands_builds_nothing(settings, sent):
    instance = stop_while_landing(settings, sent)
    assert [run.job_name for run in instance.get_runs()] == ["land"]
    assert unread_names(settings) == [FILES["dbth_cwt"]] and locks.who_runs(settings.home) is None


def test_a_killed_run_blocks_nobody_and_its_file_is_asked_for_again(settings):
    """kill -9 of the command while it lands: the next look of the sensor ends the run and starts another."""
    instance = stop_while_landing(settings, signal.SIGKILL)
    assert locks.who_runs(settings.home) is None
    assert unread_names(settings) == [FILES["dbth_cwt"]]
    with dg.build_sensor_context(instance=instance) as context:
        sensor = definitions.landing_defs(settings).resolve_sensor_def("landing_sensor")
        [request] = sensor.evaluate_tick(context).run_requests
    assert request.asset_selection == [dg.AssetKey(["hospital", "dbth_cwt"])]
    assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.FAILURE]


def _started(instance: dg.DagsterInstance, step: str) -> bool:
    [run] = instance.get_runs()
    events = (entry.dagster_event for entry in instance.all_logs(run.run_id))
    return any(e and e.event_type_value == "STEP_START" and e.step_key == step for e in events)


def test_a_growing_file_is_taken_by_no_start_of_landing(small, monkeypatch):
    """Command and job leave it and take the others; when it has ended they take all of it."""
    monkeypatch.setenv("BASSETLAW_SETTLE_SECONDS", "1")
    settings = type(small)()
    drop(settings, "referrals", "201704", "good")
    growing, ended = drop(settings, "visits", "201704", "good"), Event()

    def write() -> None:
        while not ended.wait(0.2):
            with growing.open("a") as file:
                file.write("more\n")

    writer = Thread(target=write)
    writer.start()
    try:
        plan = make_plan(settings)
        assert list(plan.arrivals) == ["referrals"] and plan.writing == ["hospital/visits_201704.csv"]
        defs = definitions.landing_defs(settings)
        job = defs.resolve_job_def("land")
        assert job.execute_in_process(instance=ensure_instance(settings)).success
        assert [r.extract for r in Ledger(settings.home).receipts()] == ["referrals"]
    finally:
        ended.set()
        writer.join()
    assert list(make_plan(settings).arrivals) == ["visits"]
