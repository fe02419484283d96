"""The releases on disk, in the order in which they tell something."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bassetlaw_pipeline.publication.archive import comparison_releases

APRIL, MAY, JUNE = (datetime(2021, month, 1, tzinfo=UTC) for month in (4, 5, 6))
MADE = (  # release, version, deliveries known until, follows, asked for as of
    ("april", "1.0.0", APRIL, None, None),
    ("view", "1.0.0+20210301", APRIL, None, APRIL),
    ("june", "1.1.0", JUNE, "april", None),
)


@pytest.fixture
def home(settings):
    """Two releases, and between them a view of the past."""
    for number, (name, version, known, previous, asked) in enumerate(MADE):
        folder = settings.home.releases / name
        folder.mkdir(parents=True)
        facts = {"data_version": version, "created_at": f"2026-0{number + 1}-01", "as_of": known.isoformat()}
        facts |= {"previous_release": previous, "requested_as_of": asked and asked.isoformat()}
        (folder / "manifest.json").write_text(json.dumps(facts))
    return settings.home


@pytest.mark.parametrize(
    ("as_of", "until", "before", "after"),
    [
        (None, None, ["june", "april"], []),
        (MAY, None, ["april"], ["june"]),
        (APRIL, None, ["april"], ["june"]),  # a release made of the same deliveries told the same
        (JUNE, None, ["june", "april"], []),
        (datetime(2021, 3, 1, tzinfo=UTC), None, [], ["april", "june"]),
        (MAY, "2026-02-15", ["april"], []),  # as it was before the second was made
    ],
)
def test_figures_are_held_against_the_nearest_releases_first(home, as_of, until, before, after):
    found = comparison_releases(home, as_of, until)
    assert [k.release_id for k in found.before] == before
    assert [k.release_id for k in found.after] == after
