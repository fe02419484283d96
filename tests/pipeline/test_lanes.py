"""Extracts that land side by side: their order, and lanes that end before their time."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import small_pipeline

from bassetlaw_pipeline.intake.model import Arrival
from bassetlaw_pipeline.orchestration import lanes

# A lane that answers every order with a receipt and the end of it, but dies of the extract `deadly`.
LANE = """
import os, pickle, sys
orders, answers = sys.stdin.buffer, sys.stdout.buffer
settings = pickle.load(orders)
while True:
    try:
        extract, files = pickle.load(orders)
    except EOFError:
        break
    if extract == "deadly":
        os._exit(9)
    pickle.dump(files[0].parts["receipt"], answers)
    pickle.dump("no such column" if extract == "broken" else None, answers)
    answers.flush()
"""


def arrival(extract: str, size: int = 1, suffix: str = ".csv") -> Arrival:
    path = Path(f"/landing/{extract}{suffix}")
    found = Arrival(path, "hospital", path.name, "0" * 64, size, datetime(2019, 4, 1, tzinfo=UTC), None)
    found.parts["receipt"] = small_pipeline._receipt(found, rejected=True)
    return found


def test_the_largest_extract_lands_first_and_workbooks_hold_more_than_they_weigh():
    files = {"small": [arrival("small", 10)] * 2, "large": [arrival("large", 30)]}
    files["packed"] = [arrival("packed", 20, ".xlsx")]
    assert lanes.largest_first(files) == ["packed", "large", "small"]


def test_processes_are_started_for_much_work_only(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    much = [arrival("a", lanes.WORTH_IT)]
    assert lanes.worth_it({"a": much, "b": [arrival("b")]})
    assert not lanes.worth_it({"a": much}), "one extract is one lane"
    assert not lanes.worth_it({"a": [arrival("a")], "b": [arrival("b")]})


@pytest.mark.slow
def test_lanes_that_never_start_come_to_an_end(settings, monkeypatch):
    monkeypatch.setattr(lanes, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    files = {name: [arrival(name)] for name in ("visits", "referrals", "waits")}
    failed = lanes.land_side_by_side(files, settings, lambda extract: None, lambda receipt: None)
    assert list(failed) == list(files) and all("its process ended (3)" in told for told in failed.values())


@pytest.mark.slow
def test_a_lane_that_dies_is_told_and_the_other_extracts_land(settings, monkeypatch):
    monkeypatch.setattr(lanes, "COMMAND", (sys.executable, "-c", LANE))
    files = {name: [arrival(name)] for name in ("visits", "deadly", "broken", "referrals", "waits")}
    started, received = [], []
    failed = lanes.land_side_by_side(files, settings, started.append, received.append)
    assert list(failed) == ["deadly", "broken"] and failed["broken"] == "no such column"
    assert "its process ended (9)" in failed["deadly"]
    assert sorted(started) == sorted(files)
    assert {r.file_name for r in received} == {f"{name}.csv" for name in files if name != "deadly"}
