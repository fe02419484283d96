"""The example of docs/adding.md in a copy of the project: an extract and an indicator without any Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import duckdb
import pytest

from bassetlaw_pipeline.settings import PROJECT_DIR

pytestmark = pytest.mark.slow
EXAMPLE = PROJECT_DIR / "docs" / "example"
FILE = "district_council/Cycle_Counts_201904.csv"


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the project with the example's files in their places, and the command run in it."""
    project = tmp_path_factory.mktemp("project")
    for folder in ("bassetlaw_pipeline", "dbt_project", "expectations", "docs"):
        ignored = shutil.ignore_patterns("target", "logs", "__pycache__")
        shutil.copytree(PROJECT_DIR / folder, project / folder, ignore=ignored)
    for part in ("expectations", "dbt_project"):
        shutil.copytree(EXAMPLE / part, project / part, dirs_exist_ok=True)
    home = project / "home"
    shutil.copytree(EXAMPLE / "landing", home / "landing")
    environment = os.environ | {"PYTHONPATH": str(project), "BASSETLAW_HOME": str(home)}
    environment |= {"BASSETLAW_PSEUDONYM_KEY": "0" * 63 + "1"}

    def bassetlaw(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "bassetlaw_pipeline.cli", *arguments]
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, timeout=1200
        )

    return home, bassetlaw


def test_the_recipe_from_the_contract_to_the_published_figure(copied):
    home, bassetlaw = copied
    assert bassetlaw("sync").returncode == 0
    checked = bassetlaw("check", str(home / "landing" / FILE))
    assert (checked.returncode, "bicycles" in checked.stdout) == (0, True)
    ran = bassetlaw("run")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    with duckdb.connect(str(home / "published" / "outcomes.duckdb"), read_only=True) as con:
        found = con.execute(
            "select value_status, numerator from fct_indicator_value "
            "where indicator_id = 'cycle_journeys' and area_code = 'E07000171' and period_id = '2019-04'"
        ).fetchall()
        assert found == [("shown", 191)]  # 41 + 38 + 112; the row that is not a number is set aside
    assert "Cycle_Counts_201904.csv" in bassetlaw("explain", "cycle_journeys").stdout


def test_the_example_touches_no_python():
    assert not [p for p in EXAMPLE.rglob("*") if p.suffix == ".py"]
