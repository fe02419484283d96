"""The doctor: each fault done for real, named with what to do about it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from bassetlaw_pipeline import doctor, planning
from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.inbox import scan
from bassetlaw_pipeline.intake.land import land
from bassetlaw_pipeline.settings import Settings

NAME = "Monthly-AE-June-2024.csv"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with one accepted delivery of a public extract, its key in the environment."""
    monkeypatch.setenv("BASSETLAW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", "0" * 63 + "1")
    settings = Settings()
    columns = [c.source_name for c in load_contracts()["nhse_ae_monthly"].main.columns]
    figures = [
        "MSitAE-JUNE-2024",
        "RP5",
        "NHS ENGLAND",
        "A TRUST",
        *(str(2000 - 40 * n) for n in range(len(columns) - 4)),
    ]
    file = settings.home.landing / "public" / NAME
    file.parent.mkdir(parents=True)
    file.write_text(f"{','.join(columns)}\n{','.join(figures)}\n", encoding="utf-8")
    [arrival] = scan(settings.home, load_contracts())
    assert land(arrival, settings).verdict != "rejected"
    settings.home.make_private()
    return settings.home


def found(name: str) -> doctor.Check:
    return next(c for c in doctor.examine(Settings()) if c.name == name)


def test_a_sound_home_has_no_problem(home):
    assert [c for c in doctor.examine(Settings()) if c.state == "problem"] == []


def test_folders_that_others_can_open_are_named_and_a_run_closes_them(home):
    home.accepted.chmod(0o755)
    check = found("Permissions")
    assert check.state == "problem" and check.mend == f"Run: chmod o-rwx {home.accepted}"
    home.make_private()
    assert found("Permissions").state == "ok" and home.accepted.stat().st_mode & 0o777 == 0o750


def test_a_damaged_file_of_rows_is_named_by_its_delivery(home):
    [file] = home.accepted.rglob("rows.parquet")
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-20])
    check = found("Accepted rows")
    assert check.state == "problem" and f"nhse_ae_monthly {file.parent.name}" in check.found


def test_a_delivery_of_the_future_is_told(home):
    [receipt] = home.accepted.rglob("receipt.json")
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="seconds")
    receipt.write_text(json.dumps(json.loads(receipt.read_text()) | {"received_at": later}))
    assert found("Clock").state == "problem"


def test_another_key_than_the_rows_were_made_with_is_told(home, monkeypatch):
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", "abc")
    assert found("Pseudonym key").state == "problem"
    assert "abc" not in found("Pseudonym key").found


def test_files_not_read_and_folders_left_behind_are_told(home):
    shutil.copy(home.landing / "public" / NAME, home.landing / "public" / "unknown.csv")
    (home.landing / "public" / "unknown.csv").write_text("other")
    (home.root / ".incoming" / "public__x").mkdir(parents=True)
    assert "public/unknown.csv" in found("Landing").found
    assert found("Left behind").state == "warning"


def test_a_run_stops_before_it_begins_where_the_disk_is_full(home, monkeypatch):
    monkeypatch.setenv("BASSETLAW_DISK_FLOOR_GB", "1e9")
    assert found("Disk").state == "problem"
    with pytest.raises(planning.PipelineFailed, match="nothing was read"):
        planning.need_room(Settings())


def test_the_command_ends_with_one_when_something_has_to_be_mended(home):
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0
    home.landing.chmod(0o777)
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1 and "problem  Permissions: other users can open landing" in done.stdout
    assert json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)[0]["name"] == "Python"
