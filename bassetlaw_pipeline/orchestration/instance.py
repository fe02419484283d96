"""The Dagster instance of a data home: its configuration, its recovery, and the UI on it.

Belongs here: dagster.yaml, DAGSTER_HOME, freeing what a killed run held, starting web server and
daemon. Does not belong here: assets and jobs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import yaml
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from bassetlaw_pipeline.orchestration.environment import quieten
from bassetlaw_pipeline.settings import PROJECT_DIR, Settings

PROCESS_TAG = ".dagster/bassetlaw_process"  # hidden in the UI
_UNFINISHED = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
_TICKS = {"purge_after_days": {"skipped": 2, "success": 30, "failure": 90, "started": 30}}

CONFIG = {
    "telemetry": {"enabled": False},
    "nux": {"enabled": False},
    # Captured stdout and stderr could quote data; structured logs carry counts and keys only.
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    },
    "run_coordinator": {"module": "dagster._core.run_coordinator", "class": "QueuedRunCoordinator"},
    # Every pool has one slot: one writer of the warehouse, one landing run per extract. Builds do not
    # overlap at all, so that what is checked is what is published.
    "concurrency": {
        "runs": {
            "max_concurrent_runs": 2,
            "tag_concurrency_limits": [{"key": "bassetlaw/stage", "value": "build", "limit": 1}],
        },
        "pools": {"default_limit": 1, "granularity": "op"},
    },
    # A cancelled or crashed run would hold its slot for ever, and every later run would wait for it.
    "run_monitoring": {
        "enabled": True,
        "start_timeout_seconds": 300,
        "cancel_timeout_seconds": 120,
        "max_runtime_seconds": 4 * 3600,
        "poll_interval_seconds": 30,
        "free_slots_after_run_end_seconds": 60,
    },
    "retention": {"schedule": _TICKS, "sensor": _TICKS},
    "code_servers": {"local_startup_timeout": 180},
}


def ensure_instance(settings: Settings) -> DagsterInstance:
    """The instance under `<data home>/dagster`, with our dagster.yaml written and DAGSTER_HOME set."""
    quieten()
    home = settings.home.dagster
    home.mkdir(parents=True, exist_ok=True)
    text = "# Written by the pipeline (orchestration/instance.py); changes here are replaced.\n"
    text += yaml.safe_dump(CONFIG, sort_keys=False)
    target = home / "dagster.yaml"
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        temporary = home / f".dagster.yaml.{os.getpid()}"
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(target)
    os.environ["DAGSTER_HOME"] = str(home)
    return DagsterInstance.from_config(str(home))


def sign(context: dg.AssetExecutionContext | dg.OpExecutionContext) -> None:
    """Note on the run which process works on it, so that a killed one can be told from a slow one."""
    context.instance.add_run_tags(context.run_id, {PROCESS_TAG: _process(os.getpid())})


def recover_abandoned_runs(instance: DagsterInstance) -> list[str]:
    """End runs whose process is gone and free the pool slots they held; returns their ids."""
    ended = []
    for run in instance.get_runs(filters=RunsFilter(statuses=_UNFINISHED)):
        signature = run.tags.get(PROCESS_TAG)
        if signature and signature != _process(int(signature.split(":")[0])):
            instance.report_run_failed(run, "The process working on this run has ended.")
            instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
            ended.append(run.run_id)
    return ended


def _process(pid: int) -> str:
    """A process by number and start time, because numbers are used again; empty when it is gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return f"{pid}:"
    stat = Path(f"/proc/{pid}/stat")
    started = stat.read_text().rpartition(")")[2].split()[19] if stat.exists() else ""
    return f"{pid}:{started}"


def serve(settings: Settings, port: int) -> int:
    """Run web server and daemon on 127.0.0.1 until one of them ends or the user stops them."""
    from bassetlaw_pipeline.orchestration.dbt_project import DbtPlaces
    from bassetlaw_pipeline.orchestration.parsed_project import prepare

    recover_abandoned_runs(ensure_instance(settings))
    prepare(DbtPlaces(settings))
    bin_dir = Path(sys.executable).parent
    workspace = ["-w", str(PROJECT_DIR / "workspace.yaml")]
    commands = [
        [bin_dir / "dagster-webserver", "-h", "127.0.0.1", "-p", str(port), *workspace],
        [bin_dir / "dagster-daemon", "run", *workspace],
    ]
    environment = os.environ | {"BASSETLAW_HOME": str(settings.home.root)}
    log = settings.home.dagster / "ui.log"
    print(f"Dagster: http://127.0.0.1:{port} (ready in about half a minute; Ctrl-C stops it)")
    print(f"What it says meanwhile is in {log}", flush=True)
    with log.open("w") as output:
        quiet = {"stdout": output, "stderr": subprocess.STDOUT, "env": environment, "cwd": PROJECT_DIR}
        return _wait([subprocess.Popen(command, **quiet) for command in commands])


def _wait(processes: list[subprocess.Popen]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while all(p.poll() is None for p in processes):
            time.sleep(0.5)
        return next(p.returncode for p in processes if p.returncode is not None)
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
