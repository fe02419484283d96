"""Readers never wait for a publication, and a publication never waits for a reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from small_releases import release, warehouse, without_report
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.publication import approval, pointer
from bassetlaw_pipeline.publication import release as release_module
from bassetlaw_pipeline.publication.fingerprint import published_manifest
from bassetlaw_pipeline.settings import PROJECT_DIR

OLD = [("D", "2020-01", "shown", 40, 80)]
NEW = [("D", "2020-01", "shown", 45, 80)]
MONTHS = [("aa", "2020-01"), ("bb", "2020-01")]


@pytest.fixture(autouse=True)
def _no_report(monkeypatch):
    without_report(monkeypatch)


@pytest.mark.slow
def test_readers_that_hold_the_file_see_one_whole_release_each_time():
    """Eight processes over ten publications; fifty by fifty is benchmarks/readers.py."""
    command = [
        sys.executable,
        "benchmarks/readers.py",
        "--readers",
        "8",
        "--publications",
        "10",
        "--pause",
        "0.3",
    ]
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=PROJECT_DIR, env=os.environ | {"PYTHONPATH": path}
    )
    found = json.loads(done.stdout)
    assert done.returncode == 0, found
    assert found["queries"] >= 8 * 10


@pytest.fixture
def stuck(monkeypatch):
    """A system that does not replace files somebody has open: names in the set cannot be replaced."""
    in_use: set[str] = set()
    replace = os.replace

    def refusing(source, target):
        if os.fspath(target).rpartition("/")[2] in in_use:
            raise PermissionError(13, "in use by another process")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refusing)
    return in_use


@pytest.fixture
def no_links(monkeypatch):
    """A file system without links."""

    def refused(*_, **__):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "symlink", refused)


@pytest.mark.usefixtures("no_links")
def test_where_a_file_in_use_cannot_be_replaced_a_pointer_serves(settings, tmp_path, stuck):
    home = settings.home
    first = release(settings, warehouse(tmp_path / "w.duckdb", OLD), MONTHS[:1])
    assert pointer.current(home) == {
        "release_id": first.release_id, "file": "outcomes.duckdb", "blocked": [],
    }  # fmt: skip
    before = home.outcomes.read_bytes()

    stuck |= {"outcomes.duckdb", "fct_indicator_value.csv", "manifest.json"}
    second = release(settings, warehouse(tmp_path / "w.duckdb", NEW), MONTHS)
    assert home.outcomes.read_bytes() == before, "the reader keeps what it has"
    assert pointer.current_file(home) == second.folder / "outcomes.duckdb"
    assert pointer.current(home)["blocked"] == [
        "csv/fct_indicator_value.csv", "outcomes.duckdb", "manifest.json",
    ]  # fmt: skip
    assert published_manifest(home)["release_id"] == second.release_id
    assert not list(home.published.rglob(".*.tmp"))

    stuck.clear()
    assert approval.publish_due(home) == []  # as every run does first
    assert pointer.current(home)["blocked"] == []
    assert pointer.current_file(home).read_bytes() == (second.folder / "outcomes.duckdb").read_bytes()


@pytest.mark.usefixtures("no_links")
def test_folders_of_the_report_follow_and_what_is_unchanged_is_not_written(settings, tmp_path, monkeypatch):
    pages = {"index.html": "one", "indicators/waits.html": "same", "places/W1.html": "gone later"}

    def write(source, folder):
        for name, text in pages.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")

    monkeypatch.setattr(release_module, "write_report", write)
    release(settings, warehouse(tmp_path / "w.duckdb", OLD), MONTHS[:1])
    report = settings.home.published / "report"
    before = {path: path.stat().st_ino for path in report.rglob("*.html")}
    pages["index.html"] = "two"
    del pages["places/W1.html"]
    release(settings, warehouse(tmp_path / "w.duckdb", NEW), MONTHS)
    found = {p.relative_to(report).as_posix(): p.read_text(encoding="utf-8") for p in report.rglob("*.html")}
    assert found == pages
    assert not (report / "places").exists()
    same, new = report / "indicators" / "waits.html", report / "index.html"
    assert same.stat().st_ino == before[same] and new.stat().st_ino != before[new]


@pytest.mark.usefixtures("no_links")
def test_a_page_in_use_is_named_with_its_folder(settings, tmp_path, monkeypatch, stuck):
    def write(source, folder):
        (folder / "indicators").mkdir(parents=True)
        (folder / "indicators" / "waits.html").write_text(str(source), encoding="utf-8")

    monkeypatch.setattr(release_module, "write_report", write)
    stuck |= {"waits.html"}
    release(settings, warehouse(tmp_path / "w.duckdb", OLD), MONTHS[:1])
    assert pointer.current(settings.home)["blocked"] == ["report/indicators/waits.html"]


@pytest.mark.usefixtures("no_links")
def test_status_names_who_holds_a_file_that_could_not_be_replaced(settings, tmp_path, stuck):
    release(settings, warehouse(tmp_path / "w.duckdb", OLD), MONTHS[:1])
    stuck.add("outcomes.duckdb")
    code = "import sys; held = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(settings.home.outcomes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with reader:
        reader.stdout.readline()
        release(settings, warehouse(tmp_path / "w.duckdb", NEW), MONTHS)
        shown = CliRunner().invoke(app, ["status"]).output
        reader.stdin.close()
    assert "In use and not replaced yet: outcomes.duckdb" in shown
    assert f"(process {reader.pid})" in shown


def test_a_journal_left_beside_the_old_file_is_not_replayed_into_the_new(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb", OLD), MONTHS[:1])
    journal = settings.home.outcomes.with_name("outcomes.duckdb.wal")
    journal.write_bytes(b"of a program that opened the file for writing and was killed")
    release(settings, warehouse(tmp_path / "w.duckdb", NEW), MONTHS)
    assert not journal.exists()
