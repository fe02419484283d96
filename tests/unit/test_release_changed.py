"""A release that was changed by hand is refused by whoever reads it, in words that name the file."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from small_releases import release, warehouse, without_report
from typer.testing import CliRunner

from bassetlaw_pipeline.bi.postgresql import load_published
from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.falls import unexplained_falls
from bassetlaw_pipeline.publication import approval, archive, integrity, pointer
from bassetlaw_pipeline.publication.comparison.diff import compare
from bassetlaw_pipeline.publication.comparison.figures import Source
from bassetlaw_pipeline.publication.fingerprint import published_manifest
from bassetlaw_pipeline.publication.integrity import ReleaseChanged
from bassetlaw_pipeline.warehouse.published_before import write_published_before

OLD = [("D", "2020-01", "shown", 40, 80)]
NEW = [("D", "2020-01", "shown", 45, 80)]
MONTHS = [("aa", "2020-01"), ("bb", "2020-01")]
FILES = ("outcomes.duckdb", "csv/scorecard.csv", "parquet/scorecard.parquet", "notes.md", "current.json")


@pytest.fixture
def made(settings, tmp_path, monkeypatch):
    without_report(monkeypatch)
    return release(settings, warehouse(tmp_path / "w.duckdb", OLD), MONTHS[:1])


def change(path: Path) -> None:
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def read_before(home, tmp_path):
    write_published_before(archive.comparison_releases(home), {}, tmp_path / "before.parquet")


READERS = {
    "publish --to": lambda home, tmp: load_published(home, "postgresql://nobody@127.0.0.1:1/none"),
    "status": lambda home, tmp: unexplained_falls(home),
    "diff": lambda home, tmp: compare(archive.newest(home), Source(tmp / "w.duckdb", "outcomes"), {}),
    "attack": lambda home, tmp: [kept.outcomes for kept in archive.released(home)],
    "held corrections": read_before,
    "point at": lambda home, tmp: pointer.point_at(archive.newest(home).folder, home),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_every_reader_refuses_a_changed_file(settings, made, tmp_path, reader):
    change(made.folder / "outcomes.duckdb")
    with pytest.raises(ReleaseChanged, match=r"outcomes\.duckdb was changed.*backup"):
        reader(settings.home, tmp_path)


@pytest.mark.parametrize("command", [["figures"], ["status"], ["publish", "--to", "postgresql://a@b:1/c"]])
def test_commands_say_so(made, command):
    change(made.folder / "outcomes.duckdb")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2 and "outcomes.duckdb was changed" in " ".join(done.output.split())


@pytest.mark.parametrize("name", FILES)
def test_each_file_of_a_release_is_checked_before_it_is_let_out(made, settings, name):
    change(made.folder / name)
    with pytest.raises(ReleaseChanged, match=name):
        pointer.point_at(made.folder, settings.home)


def test_a_changed_manifest_is_refused(made, settings):
    path = made.folder / "manifest.json"
    body = json.loads(path.read_text()) | {"licence": "none"}
    path.chmod(0o644)
    path.write_text(json.dumps(body))
    for reader in (published_manifest, archive.newest, pointer.reading):
        with pytest.raises(ReleaseChanged, match=r"manifest\.json was changed"):
            reader(settings.home)


def test_a_file_that_was_removed_or_added_is_named(made):
    (made.folder / "csv" / "more.csv").write_text("x\n")
    with pytest.raises(ReleaseChanged, match=r"csv/more\.csv was added"):
        integrity.check(made.folder)
    (made.folder / "csv" / "scorecard.csv").unlink()
    with pytest.raises(ReleaseChanged, match=r"csv/scorecard\.csv is missing"):
        integrity.check(made.folder)


def test_another_file_in_the_place_of_the_published_one_is_refused(made, settings, tmp_path):
    other = warehouse(tmp_path / "other.duckdb", NEW)
    other.replace(settings.home.outcomes)
    with pytest.raises(ReleaseChanged, match=r"published/outcomes\.duckdb is another file"):
        pointer.reading(settings.home)


def test_a_waiting_release_is_checked_before_it_is_let_out(made, settings, tmp_path):
    gated = settings.model_copy(update={"approval": "required"})
    waits = release(gated, warehouse(tmp_path / "w.duckdb", NEW), MONTHS)
    approval.approve(gated.home, waits.release_id, "the board")
    change(waits.folder / "outcomes.duckdb")
    with pytest.raises(ReleaseChanged, match=r"outcomes\.duckdb was changed"):
        approval.publish_due(gated.home)
    assert pointer.current(gated.home)["release_id"] == made.release_id


def test_a_release_put_back_is_read_again_and_a_removed_one_is_made_again(made, settings, tmp_path):
    shutil.rmtree(made.folder)
    again = release(settings, warehouse(tmp_path / "w.duckdb", OLD), MONTHS[:1])
    assert again.created and again.tables == made.tables
    assert pointer.reading(settings.home) == again.folder / "outcomes.duckdb"
