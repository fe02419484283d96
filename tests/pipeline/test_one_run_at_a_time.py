"""Two runs on one data home, and what a killed or waiting one leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from bassetlaw_pipeline import locks

HOLD = """
import sys, time
from bassetlaw_pipeline import locks
from bassetlaw_pipeline.settings import Settings
with locks.running(Settings().home, "bassetlaw run"):
    print("at work", flush=True)
    time.sleep(60)
"""
RUN = (sys.executable, "-m", "bassetlaw_pipeline.cli", "run")


@pytest.fixture
def holder(settings):
    """A run at work in another process."""
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "at work\n"
    yield process
    process.kill()
    process.wait()


def waiting_run(**process) -> tuple[subprocess.Popen, str]:
    """A second run, and what it says about its waiting."""
    process = subprocess.Popen(RUN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **process)
    return process, process.stderr.readline()


def test_who_is_at_work_is_known_until_it_is_killed(settings, holder):
    assert locks.who_runs(settings.home).pid == holder.pid
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert locks.who_runs(settings.home) is None
    with locks.running(settings.home, "the next"), locks.running(settings.home, "a part of it"):
        assert locks.who_runs(settings.home) is None, "nobody else"
    assert locks.start_running(settings.home, "one more")
    locks.stop_running(settings.home)


def _at_rest() -> None:
    """Signals as in a terminal: an earlier test of this process may have left them ignored."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _blocked() -> None:
    _at_rest()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})


@pytest.mark.parametrize("before", [_at_rest, _blocked], ids=["free", "blocked by whoever starts it"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_waiting_run_says_for_whom_and_stops_at_once(settings, holder, sent, before):
    process, said = waiting_run(preexec_fn=before)
    assert f"for bassetlaw run (process {holder.pid}, since" in said
    asked = time.monotonic()
    process.send_signal(sent)
    process.wait(timeout=10)
    assert time.monotonic() - asked < 2
    assert process.returncode != 0 and "Traceback" not in process.stderr.read()
    assert locks.who_runs(settings.home).pid == holder.pid


def test_a_waiting_run_goes_on_when_the_first_is_killed(settings, holder):
    process, _ = waiting_run()
    os.kill(holder.pid, signal.SIGKILL)
    told, _ = process.communicate(timeout=20)
    assert "Nothing has landed yet" in told


def test_a_waiting_run_that_is_killed_leaves_nothing_behind(settings, holder):
    process, _ = waiting_run()
    process.kill()
    process.wait()
    holder.kill()
    holder.wait()
    assert locks.who_runs(settings.home) is None
    told = subprocess.run(RUN, capture_output=True, text=True, timeout=20, check=True).stdout
    assert "Nothing has landed yet" in told
