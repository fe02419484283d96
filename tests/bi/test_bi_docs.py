"""Every Python snippet of docs/bi.md runs against a published folder; old clients where there are any."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess

import pytest
from small_published import publish_small

from bassetlaw_pipeline.publication.outputs.export import STORAGE_VERSION
from bassetlaw_pipeline.settings import PROJECT_DIR

PAGE = (PROJECT_DIR / "docs" / "bi.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.S)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    (folder / "data").mkdir()
    publish_small(folder).rename(folder / "data" / "published")
    return folder


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda s: s.splitlines()[0])
def test_snippet_runs(snippet, workplace, monkeypatch, capsys):
    if "polars" in snippet and not importlib.util.find_spec("polars"):
        pytest.skip("polars is not installed")
    monkeypatch.chdir(workplace)
    exec(compile(snippet, "docs/bi.md", "exec"), {})
    assert capsys.readouterr().out.strip()


def test_an_old_client_reads_the_file(workplace):
    python = os.environ.get("OLD_DUCKDB_PYTHON")
    if not python:
        pytest.skip(f"OLD_DUCKDB_PYTHON names no interpreter with DuckDB {STORAGE_VERSION}")
    told = subprocess.run(
        [python, "-c", SNIPPETS[0]], cwd=workplace, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "Seen within four hours" in told.stdout


def test_the_command_line_of_duckdb_reads_the_file(workplace):
    program = os.environ.get("DUCKDB_CLI") or shutil.which("duckdb")
    if not program:
        pytest.skip("the duckdb command is not installed, and DUCKDB_CLI names none")
    (command,) = re.findall(r"^duckdb (-readonly \S+) \"(.+)\"$", PAGE, re.M)
    told = subprocess.run(
        [program, *command[0].split(), command[1]], cwd=workplace, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "Seen within four hours" in told.stdout


def test_every_page_and_file_the_page_names_is_there():
    links = re.findall(r"\]\(([^)#]+\.md)", PAGE)
    named = re.findall(r"`((?:bi|tests)/[\w./]+\.\w+)`", PAGE)
    missing = [p for p in links if not (PROJECT_DIR / "docs" / p).exists()]
    assert links and named and not missing + [p for p in named if not (PROJECT_DIR / p).exists()]
    headings = {
        re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in re.findall(r"^## (.+)$", PAGE, re.M)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= headings
