"""Nothing asks the network: not while libraries load, and not while a command works."""

from __future__ import annotations

import json
import subprocess
import sys

from bassetlaw_pipeline.environment import QUIET
from bassetlaw_pipeline.orchestration.instance import CONFIG

# Names looked up and addresses connected to, heard by an audit hook that no library can switch off.
LISTEN = """
import json, sys
asked = []
def hear(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        asked.append(f"{event} {arguments[-1] if event == 'socket.connect' else arguments[0]}")
sys.addaudithook(hear)
from bassetlaw_pipeline.cli import app
for command in (["status"], ["doctor"]):
    app(command, standalone_mode=False)
from bassetlaw_pipeline import definitions
from bassetlaw_pipeline.orchestration.instance import ensure_instance
from bassetlaw_pipeline.settings import Settings
ensure_instance(Settings())
from bassetlaw_pipeline.orchestration import warehouse_part
from bassetlaw_pipeline.quality import gx
import dbt.cli.main, os
print(json.dumps([asked, dict(os.environ)]))
"""


def test_no_name_is_looked_up_and_telemetry_is_off_whatever_the_shell_says(tmp_path):
    shell = {"BASSETLAW_HOME": str(tmp_path), "PATH": "", "BASSETLAW_PSEUDONYM_KEY": "0" * 63 + "1"}
    command = [sys.executable, "-c", LISTEN]
    done = subprocess.run(command, env=shell, capture_output=True, text=True, timeout=180, check=True)
    asked, settings = json.loads(done.stdout.splitlines()[-1])
    assert asked == []
    assert {name: settings.get(name) for name in QUIET} == QUIET


def test_dagster_sends_nothing():
    assert CONFIG["telemetry"] == {"enabled": False}
