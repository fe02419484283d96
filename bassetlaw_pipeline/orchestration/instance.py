"""The Dagster instance of a data home: its configuration, its recovery, and the UI on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from bassetlaw_pipeline.environment import quieten
from bassetlaw_pipeline.locks import only_one
from bassetlaw_pipeline.settings import PROJECT_DIR, Settings
from bassetlaw_pipeline.storage import write_text

PROCESS_TAG = ".dagster/bassetlaw_process"  # hidden in the UI
INPUTS_TAG = "bassetlaw/inputs"  # what a run was started for: the same inputs are not tried for ever
_UNFINISHED = [
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
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
    # One landing run and one build at a time. What must not overlap is kept apart by file locks (locks.py),
    # which the system frees: there is no pool whose slot a killed run could keep.
    "concurrency": {
        "runs": {
            "max_concurrent_runs": 2,
            "tag_concurrency_limits": [
                {"key": "bassetlaw/stage", "value": {"applyLimitPerUniqueValue": True}, "limit": 1}
            ],
        },
    },
    "run_monitoring": {
        "enabled": True,
        "start_timeout_seconds": 300,
        "cancel_timeout_seconds": 120,
        "max_runtime_seconds": 4 * 3600,
        "poll_interval_seconds": 30,
    },
    "retention": {"schedule": _TICKS, "sensor": _TICKS},
    "code_servers": {"local_startup_timeout": 180},
}


def ensure_instance(settings: Settings) -> DagsterInstance:
    """The instance under `<data home>/dagster`, with our dagster.yaml written and DAGSTER_HOME set."""
    quieten()
    home = settings.home.dagster
    home.mkdir(parents=True, exist_ok=True)
    settings.home.make_private()
    text = "# Written by the pipeline (orchestration/instance.py); changes here are replaced.\n"
    text += yaml.safe_dump(CONFIG, sort_keys=False)
    target = home / "dagster.yaml"
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        write_text(target, text)
    os.environ["DAGSTER_HOME"] = str(home)
    return DagsterInstance.from_config(str(home))


def signature() -> dict[str, str]:
    """The tag of a run that says which process works on it: a killed one is told from a slow one."""
    return {PROCESS_TAG: _process(os.getpid())}


def of_location(name: str) -> dict[str, str]:
    """The tag by which the pages of a job find its runs, also those of the command."""
    return {".dagster/repository": f"__repository__@{name}"}


def sign(context: dg.AssetExecutionContext | dg.OpExecutionContext) -> None:
    """Note on the run that this process works on it."""
    context.instance.add_run_tags(context.run_id, signature())


def recover_abandoned_runs(instance: DagsterInstance, *, unsigned: bool = False) -> list[str]:
    """End runs whose process is gone; returns their ids.

    With `unsigned` also those that nobody signed: before a daemon starts nobody else works on them.
    """
    ended = []
    for run in instance.get_runs(filters=RunsFilter(statuses=_UNFINISHED)):
        signed = run.tags.get(PROCESS_TAG)
        if signed != _process(int(signed.split(":")[0])) if signed else unsigned:
            instance.report_run_failed(run, "The process working on this run has ended.")
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
    """Run web server and daemon on 127.0.0.1 until one of them ends or the user stops them.

    2 when they run already: a second daemon would start everything twice.
    """
    with only_one(settings.home.dagster / ".ui.lock") as alone:
        if alone:
            return _serve(settings, port)
    print("Dagster runs for this data home already; end that one first.", file=sys.stderr)
    return 2


def _serve(settings: Settings, port: int) -> int:
    from bassetlaw_pipeline.warehouse.dbt_project import DbtFailed, DbtPlaces
    from bassetlaw_pipeline.warehouse.parsed_project import prepare

    recover_abandoned_runs(ensure_instance(settings), unsigned=True)
    with suppress(DbtFailed):  # landing works without; the other code location says what is wrong
        prepare(DbtPlaces(settings))
    bin_dir = Path(sys.executable).parent
    workspace = ["-w", str(PROJECT_DIR / "workspace.yaml")]
    commands = [
        [str(bin_dir / "dagster-webserver"), "-h", "127.0.0.1", "-p", str(port), *workspace],
        [str(bin_dir / "dagster-daemon"), "run", *workspace],
    ]
    environment = os.environ | {"BASSETLAW_HOME": str(settings.home.root)}
    log = settings.home.dagster / "ui.log"
    print(f"Dagster: http://127.0.0.1:{port} (ready in about half a minute; Ctrl-C stops it)")
    print(f"What it says meanwhile is in {log}", flush=True)
    with log.open("w") as output:
        quiet: dict[str, Any] = {"stdout": output, "stderr": subprocess.STDOUT, "env": environment}
        return _wait([subprocess.Popen(command, cwd=PROJECT_DIR, **quiet) for command in commands])


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
