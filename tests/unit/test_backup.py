"""A data home copied and put back: the same files, and the same release before its readers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from small_releases import release, warehouse, without_report
from typer.testing import CliRunner

from bassetlaw_pipeline.backup import BackupFailed, back_up, restore
from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.publication.pointer import reading
from bassetlaw_pipeline.settings import DataHome

FIGURES = [("D", "2020-01", "shown", 20, 100)]
FILE = "landing/ccg/a file.csv"
LEFT_OUT = ("secrets/pseudonym.key", "warehouse/build/part.duckdb", "dagster/log.db")


@pytest.fixture
def home(settings, tmp_path, monkeypatch) -> DataHome:
    """A released home with a partner's file, a key, a warehouse, and what a build left behind."""
    without_report(monkeypatch)
    release(settings, warehouse(tmp_path / "w.duckdb", FIGURES), [("aa", "2020-01")])
    for name in (
        FILE,
        "accepted/ccg/x/1/rows.parquet",
        "secrets/pseudonym.key",
        "warehouse/bassetlaw.duckdb",
    ):
        (settings.home.root / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.home.root / name).write_text(name)
    return settings.home


def contents(root: Path) -> dict[str, str]:
    """What every file is, by name."""
    files = (p for p in root.rglob("*") if p.is_file() and not p.name.startswith("."))
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_what_is_put_back_is_what_was_copied(home, tmp_path):
    back_up(home, tmp_path / "copy")
    again = DataHome(tmp_path / "again")
    restore(tmp_path / "copy", again)
    assert contents(again.root) == {n: h for n, h in contents(home.root).items() if n not in LEFT_OUT}
    assert reading(again).read_bytes() == reading(home).read_bytes()
    times = [(h.root / FILE).stat().st_mtime_ns for h in (home, again)]
    assert times[0] == times[1], "a file that nobody has read yet keeps the time it was received at"


def test_the_key_is_copied_on_request_only(home, tmp_path):
    assert not back_up(home, tmp_path / "without").with_key
    assert not (tmp_path / "without" / "secrets").exists()
    assert back_up(home, tmp_path / "with", with_key=True).with_key
    assert (tmp_path / "with" / "secrets" / "pseudonym.key").is_file()


@pytest.mark.parametrize("harm", ["changed", "missing", "not of it"])
def test_a_copy_that_was_changed_is_not_put_back(home, tmp_path, harm):
    back_up(home, tmp_path / "copy")
    file = tmp_path / "copy" / FILE
    if harm == "changed":
        file.write_text(FILE.replace("a", "b"))
    elif harm == "missing":
        file.unlink()
    else:
        file = file.with_name("another.csv")
        file.write_text("")
    with pytest.raises(BackupFailed, match=f"{harm}: {file.relative_to(tmp_path / 'copy')}"):
        restore(tmp_path / "copy", DataHome(tmp_path / "again"))
    assert not (tmp_path / "again").exists()


def test_nothing_is_written_over(home, tmp_path):
    back_up(home, tmp_path / "copy")
    with pytest.raises(BackupFailed, match="is there already"):
        back_up(home, tmp_path / "copy")
    with pytest.raises(BackupFailed, match="is not empty"):
        restore(tmp_path / "copy", home)
    with pytest.raises(BackupFailed, match="in the data home itself"):
        back_up(home, home.root / "copy")
    with pytest.raises(BackupFailed, match="is no backup"):
        restore(tmp_path, DataHome(tmp_path / "again"))


def test_a_copy_that_was_cut_short_is_not_there(home, tmp_path, monkeypatch):
    monkeypatch.setattr("bassetlaw_pipeline.backup.write_text", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        back_up(home, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_the_commands_say_what_they_did(home, tmp_path, monkeypatch):
    monkeypatch.setenv("BASSETLAW_HOME", str(home.root))
    done = CliRunner().invoke(app, ["backup", str(tmp_path / "copy")])
    assert done.exit_code == 0 and "without the pseudonym key" in done.stdout
    refused = CliRunner().invoke(app, ["restore", str(tmp_path / "copy")])
    assert refused.exit_code == 2 and "is not empty" in refused.stderr
    monkeypatch.setenv("BASSETLAW_HOME", str(tmp_path / "again"))
    assert CliRunner().invoke(app, ["restore", str(tmp_path / "copy")]).exit_code == 0
