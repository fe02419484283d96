"""The product works where the sample generator, a package of its own, is not installed."""

from __future__ import annotations

import subprocess
import sys

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class NotInstalled(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("bassetlaw_sample", "xlwt"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NotInstalled())
from bassetlaw_pipeline import cli, definitions
cli.app(sys.argv[1:])
"""


def _bassetlaw(home, *arguments):
    command = [sys.executable, "-c", WITHOUT, *arguments]
    return subprocess.run(
        command, env={"BASSETLAW_HOME": str(home)}, capture_output=True, text=True, timeout=120
    )


def test_only_the_commands_of_the_sample_need_it_and_say_so(tmp_path):
    assert _bassetlaw(tmp_path, "status").returncode == 0
    refused = _bassetlaw(tmp_path, "sample")
    assert refused.returncode == 2
    assert "bassetlaw_sample is not installed; the sample needs it: pip install" in " ".join(
        refused.stderr.split()
    )
