"""Rehearsals and rebuilt releases leave everything as it was, and tell the truth."""

from __future__ import annotations

import hashlib
import json
import os
import shutil

import pytest
from small_pipeline import drop, write_project
from typer.testing import CliRunner

from bassetlaw_pipeline import rehearsal
from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.pipeline import run_pipeline
from bassetlaw_pipeline.publication import integrity
from bassetlaw_pipeline.rehearsal import rehearse, verify
from bassetlaw_pipeline.warehouse import dbt_project

pytestmark = pytest.mark.slow
# One figure, which counts ten more than the release before said: it tells which one a build was held against.
FOLLOWS = """-- Grain: one figure.
select 'waits' as indicator_id, 'D' as area_code, '2017-04' as period_id, 'persons' as sex, 'all' as age_band,
    'count' as method, 'deaths' as policy, 'shown' as value_status, null::varchar as status_reason,
    10 + coalesce(max(numerator), 0) as numerator, null::double as denominator, 1.0::double as value,
    null::double as ci95_lower, null::double as ci95_upper, null::double as ci998_lower,
    null::double as ci998_upper
from {{ source('pipeline', 'published_before') }}
"""
SOURCE = """
      - name: published_before
        config:
          meta:
            external_location: read_parquet('{{ env_var("BASSETLAW_PUBLISHED_BEFORE") }}')
"""
KEPT = ("landing", "accepted", "rejected", "receipts", "warehouse", "published", "pending")


def tree(home) -> dict[str, tuple[str, int]]:
    """Every file with its hash and time of change."""
    return {
        path.relative_to(home.root).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for name in KEPT
        for path in (home.root / name).rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def small_project(tmp_path_factory):
    """The small dbt project, and a figure that knows what was published before."""
    project = write_project(tmp_path_factory.mktemp("following"))
    sources = project / "models/staging/hospital/sources.yml"
    sources.write_text(sources.read_text().rstrip() + SOURCE)
    (project / "models/marts/fct_indicator_value.sql").write_text(FOLLOWS)
    return project


@pytest.fixture
def published(small, small_project, monkeypatch):
    """A home with one release of one month."""
    places = dbt_project.DbtPlaces
    monkeypatch.setattr(dbt_project, "DbtPlaces", lambda settings: places(settings, small_project))
    drop(small, "visits", "201704", "good")
    run_pipeline(small)
    return small


def test_a_rehearsal_tells_what_a_run_would_do_and_touches_nothing(published):
    before = tree(published.home)
    assert rehearse(published).comparison is None, "nothing is new"

    drop(published, "visits", "201705", "good")
    drop(published, "visits", "201706", "bad")
    before = tree(published.home)
    done = CliRunner().invoke(app, ["run", "--rehearse", "--json"])
    assert tree(published.home) == before
    found = json.loads(done.stdout)
    assert done.exit_code == 1, "one file would be rejected"
    assert sorted(r["verdict"] for r in found["receipts"]) == ["accepted", "rejected"]
    assert (found["board_diff"]["level"], found["board_diff"]["data_version"]) == ("patch", "1.0.1")
    [change] = found["board_diff"]["changes"]
    assert (change["old"]["numerator"], change["new"]["numerator"]) == (10, 20), "it follows the last release"
    assert not list(published.home.root.glob(".shadow-*"))

    result = run_pipeline(published)
    made = json.loads((published.home.published / "manifest.json").read_text())
    assert len(result.receipts) == 2 and made["data_version"] == "1.0.1"
    before = tree(published.home)
    shown = CliRunner().invoke(app, ["publish", "--dry-run"])
    assert "Nothing has been released." in shown.stdout and tree(published.home) == before


def test_a_past_release_is_rebuilt_from_its_deliveries(published, monkeypatch):
    first = json.loads((published.home.published / "manifest.json").read_text())
    drop(published, "visits", "201705", "good")
    run_pipeline(published)
    before = tree(published.home)
    done = CliRunner().invoke(app, ["publish", "--verify", "1.0.0", "--json"])
    proof = json.loads(done.stdout)
    assert (done.exit_code, proof["release_id"], proof["holds"]) == (0, first["release_id"], True)
    assert proof["same_code"] and proof["tables"] == len(first["tables"]) and tree(published.home) == before

    assert verify(published, "1.0.1").holds, "held against the release it followed"

    manifest = published.home.releases / first["release_id"] / "manifest.json"
    changed = json.loads(manifest.read_text())
    next(t for t in changed["tables"] if t["name"] == "fct_delivery")["sha256"] = "0" * 64
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(integrity.sealed(changed)))
    monkeypatch.setattr(rehearsal, "code_sha256", lambda: "other code")
    proof = verify(published, "1.0.0")
    assert (proof.holds, list(proof.differing), proof.same_code) == (False, ["fct_delivery"], False)

    shutil.rmtree(published.home.accepted / "hospital" / "visits" / first["deliveries"][0]["delivery_id"])
    proof = verify(published, "1.0.0")
    assert not proof.holds and proof.missing == [f"hospital/{first['deliveries'][0]['delivery_id']}"]


def test_the_shadow_of_a_killed_process_is_swept_away(published):
    left = published.home.root / ".shadow-999999999-abc"
    left.mkdir()
    mine = published.home.root / f".shadow-{os.getpid()}-abc"
    mine.mkdir()
    rehearse(published)
    assert not left.exists() and mine.exists()
