"""SIGKILL at any step of a publication: readers have one whole release, and the next one completes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("kill_publication.py")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "points"), [("direct", 10), ("approved", 8), ("upgraded", 3), ("copied", 3)]
)
def test_a_killed_publication_leaves_one_whole_release_and_the_next_completes(tmp_path, scenario, points):
    """More than a hundred kills in processes of their own, a third of a second each."""
    path = os.pathsep.join([str(SCRIPT.parent), *filter(None, sys.path)])
    command = [sys.executable, str(SCRIPT), str(tmp_path), scenario, str(points)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": path})
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["problems"] == []
    assert found["points"] >= points + 5, "and steps that touch a public path"
    assert found["old"] and found["new"], "killed both before and after readers saw the new release"
