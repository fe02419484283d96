"""The gate: a release waits outside published/ until it is approved and its hour has come."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from small_releases import ledger, release, warehouse, without_report
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.planning import release_due
from bassetlaw_pipeline.publication import approval, archive
from bassetlaw_pipeline.publication.fingerprint import published_manifest
from bassetlaw_pipeline.settings import Settings

OLD = [("D", "2020-01", "shown", 40, 80)]
NEW = [("D", "2020-01", "shown", 45, 80)]
NEWER = [("D", "2020-01", "shown", 50, 80)]
A, B, C = ("aa", "2020-01"), ("bb", "2020-01"), ("cc", "2020-01")
BEFORE, AFTER = datetime(2030, 12, 1, 9, 29, tzinfo=UTC), datetime(2030, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_report(monkeypatch):
    without_report(monkeypatch)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "w.duckdb"


@pytest.fixture
def gated(settings, path, monkeypatch):
    """A home with one published release; from now on approval is required."""
    release(settings, warehouse(path, OLD, [A]), [A])
    monkeypatch.setenv("BASSETLAW_APPROVAL", "required")
    return Settings()


def current(settings) -> str:
    return published_manifest(settings.home)["data_version"]


def states(settings, when=BEFORE) -> list[tuple[str, str]]:
    return [(w.data_version, w.state) for w in approval.describe_pending(settings.home, when)]


def test_a_release_waits_for_approval_and_readers_see_nothing_of_it(gated, path):
    before = sorted(gated.home.published.rglob("*"))
    made = release(gated, warehouse(path, NEW, [A, B]), [A, B])
    assert made.state == "waiting" and made.folder.parent == gated.home.pending
    assert sorted(gated.home.published.rglob("*")) == before
    assert states(gated) == [("1.0.1", "waits for approval")]
    assert approval.publish_due(gated.home) == []

    done = CliRunner().invoke(app, ["approve", made.release_id[:12], "--by", "Board secretary"])
    assert done.exit_code == 0 and "It is published." in done.output
    assert current(gated) == "1.0.1" and states(gated) == []
    [entry] = json.loads((gated.home.releases / made.release_id / "approval.json").read_text())
    assert entry["by"] == "Board secretary" and datetime.fromisoformat(entry["at"]).tzinfo


def test_a_run_with_nothing_new_does_not_make_the_waiting_release_again(gated, path):
    from small_releases import receipt

    receipts = [receipt(*A), receipt(*B)]
    assert release_due(gated, receipts, None)
    release(gated, warehouse(path, NEW, [A, B]), [A, B])
    assert release_due(gated, receipts, None) is None
    assert "waits for approval" in CliRunner().invoke(app, ["status"]).output


def test_an_approved_release_is_not_seen_before_its_hour(gated, path):
    embargoed = gated.model_copy(update={"embargo": datetime(2030, 12, 1, 9, 30)})
    made = release(embargoed, warehouse(path, NEW, [A, B]), [A, B])
    approval.approve(gated.home, made.release_id, "Board secretary")
    assert states(gated) == [("1.0.1", "under embargo")]
    assert approval.publish_due(gated.home, lambda: BEFORE) == [] and current(gated) == "1.0.0"
    assert states(gated, AFTER) == [("1.0.1", "due")]
    assert approval.publish_due(gated.home, lambda: AFTER) == [made.release_id] and current(gated) == "1.0.1"


def test_an_embargo_holds_without_approval_and_is_uk_time(settings, path):
    summer = settings.model_copy(update={"embargo": datetime(2030, 7, 1, 9, 30)})
    made = release(summer, warehouse(path, OLD, [A]), [A])
    assert archive.find(settings.home, made.release_id).embargo == datetime(2030, 7, 1, 8, 30, tzinfo=UTC)
    assert made.state == "waiting" and not settings.home.outcomes.exists()
    past = settings.model_copy(update={"embargo": datetime(2020, 7, 1, 9, 30)})
    assert release(past, warehouse(path, NEW, [A, B]), [A, B]).state == "published"


def test_a_newer_release_supersedes_one_nobody_approved(gated, path):
    second = release(gated, warehouse(path, NEW, [A, B]), [A, B])
    third = release(gated, warehouse(path, NEWER, [A, B, C]), [A, B, C])
    assert states(gated) == [("1.0.1", "superseded"), ("1.0.2", "waits for approval")]
    with pytest.raises(approval.CannotApprove, match=f"superseded by {third.release_id}"):
        approval.approve(gated.home, second.release_id, "Board secretary")
    approval.approve(gated.home, third.release_id, "Board secretary")
    approval.publish_due(gated.home)
    assert current(gated) == "1.0.2" and not any(gated.home.pending.iterdir())
    steps = ledger(gated.home.outcomes, "from_version, to_version, new_value")
    assert steps == [("1.0.0", "1.0.2", 62.5)], "the one in between was never published"


def test_an_approved_release_under_embargo_stays_in_the_line(gated, path):
    embargoed = gated.model_copy(update={"embargo": datetime(2030, 12, 1, 9, 30)})
    second = release(embargoed, warehouse(path, NEW, [A, B]), [A, B])
    approval.approve(gated.home, second.release_id, "Board secretary")
    third = release(gated, warehouse(path, NEWER, [A, B, C]), [A, B, C])
    approval.approve(gated.home, third.release_id, "Board secretary")
    approval.publish_due(gated.home, lambda: AFTER)
    assert current(gated) == "1.0.2"
    steps = ledger(gated.home.outcomes, "from_version, to_version")
    assert steps == [("1.0.0", "1.0.1"), ("1.0.1", "1.0.2")]


def test_what_is_published_or_unknown_cannot_be_approved(gated):
    for name, told in (("1.0.0", "published already"), ("9.9.9", "There is no release '9.9.9'")):
        done = CliRunner().invoke(app, ["approve", name, "--by", "Board secretary"])
        assert done.exit_code == 2 and told in done.output
