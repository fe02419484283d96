"""The command: complaints are one line and exit code 2, never a traceback."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["check", "x" * 300], {}, "No such file"),
        (["check", "."], {}, "No such file"),
        (["sample", "--start", "2018-13"], {}, "Not a month: 2018-13"),
        (["sample", "--start", "2018-05", "--end", "2018-04"], {}, "is after the last month"),
        (["status"], {"BASSETLAW_ENVIRONMENT": "production"}, "BASSETLAW_ENVIRONMENT"),
    ],
)
def test_wrong_use_is_explained(tmp_path, monkeypatch, arguments, environment, told):
    monkeypatch.setenv("BASSETLAW_HOME", str(tmp_path))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2 and isinstance(result.exception, SystemExit)
    assert told in result.output and "production" not in result.output


def test_a_run_before_anything_has_landed_says_how_to_start(settings):
    done = CliRunner().invoke(app, ["run"])
    assert done.exit_code == 0 and "Nothing has landed yet" in done.stdout
    assert not settings.home.published.exists()
