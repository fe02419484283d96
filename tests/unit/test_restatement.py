"""What a release changes: its version, the causes of restated figures, and the ledger that keeps them."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from small_releases import ledger, release, warehouse, without_report

from bassetlaw_pipeline.disclosure.difference import HELD
from bassetlaw_pipeline.publication import manifest as manifest_module
from bassetlaw_pipeline.publication.archive import StoredRelease, find, newest
from bassetlaw_pipeline.publication.comparison.causes import corrected_extracts
from bassetlaw_pipeline.publication.comparison.diff import compare
from bassetlaw_pipeline.publication.comparison.figures import Source
from bassetlaw_pipeline.publication.comparison.versioning import DataVersion

SAME = [("D", "2020-01", "shown", 40, 80), ("W1", "2020-01", "shown", 10, 50)]
CHANGED = [("D", "2020-01", "shown", 45, 80), ("W1", "2020-01", "suppressed_primary", None, None)]
JANUARY = ("aa", "2020-01")
CORRECTION = {"id": "c1", "action": "drop", "rows": 3}


@pytest.fixture(autouse=True)
def _no_report(monkeypatch):
    without_report(monkeypatch)


def publish_two(settings, tmp_path, figures, months, before=SAME, **new):
    release(settings, warehouse(tmp_path / "w.duckdb", before, [JANUARY]), [JANUARY])
    path = warehouse(tmp_path / "w.duckdb", figures, months, **new)
    return release(settings, path, months)


@pytest.mark.parametrize(
    ("months", "cause"),
    [
        ([JANUARY, ("bb", "2020-02")], "late_rows"),  # February's file brings rows of January
        ([JANUARY, ("bb", "2020-01")], "resubmission"),  # January again
        ([JANUARY, ("bb", "2019-12")], "late_rows"),  # a month that had never come
        ([("bb", "2020-02")], "correction"),  # January was withdrawn
    ],
)
def test_cause_follows_from_the_deliveries(settings, tmp_path, months, cause):
    made = publish_two(settings, tmp_path, CHANGED, months)
    found = ledger(made.folder / "outcomes.duckdb", "area_code, old_value, new_value, new_status, cause")
    assert found == [("D", 50.0, 56.25, "shown", cause), ("W1", 20.0, None, "suppressed_primary", cause)]


@pytest.mark.parametrize(
    ("key", "before", "after", "cause"),
    [
        ("methods", {"waits": "1"}, {"waits": "2"}, "method"),
        ("methods", {"other": "1"}, {"other": "2"}, "late_rows"),
        ("shared_sha256", "1", "2", "method"),
        ("reference_data", {"lsoa11": "1"}, {"lsoa11": "2"}, "boundary"),
        ("reference_data", {"esp2013": "1"}, {"esp2013": "2"}, "late_rows"),
        ("corrections", [], [CORRECTION | {"extract": "visits"}], "correction"),
        ("corrections", [], [CORRECTION | {"extract": "referrals"}], "late_rows"),
    ],
)
def test_method_boundary_and_correction_are_told_from_late_rows(
    settings, tmp_path, monkeypatch, key, before, after, cause
):
    monkeypatch.setattr(manifest_module, "calculation", lambda: {key: before})
    release(settings, warehouse(tmp_path / "w.duckdb", SAME, [JANUARY]), [JANUARY])
    monkeypatch.setattr(manifest_module, "calculation", lambda: {key: after})
    months = [JANUARY, ("bb", "2020-02")]
    made = release(settings, warehouse(tmp_path / "w.duckdb", CHANGED, months), months)
    causes = ledger(made.folder / "outcomes.duckdb", "cause, area_code")
    assert (cause, "W1") in causes and len(causes) == 2


def test_a_change_nothing_accounts_for_is_called_unexplained(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb", SAME, [JANUARY]), [JANUARY])
    path, kept = warehouse(tmp_path / "w.duckdb", CHANGED, [JANUARY]), newest(settings.home)
    assert compare(kept, Source(path, "outcomes"), kept.manifest).causes == {"unexplained": 2}


def test_an_area_that_moved_explains_its_own_figures_only(settings, tmp_path):
    moved = (("D", "district", ""), ("W1", "ward", "ELSEWHERE"))
    months = [JANUARY, ("bb", "2020-02")]
    made = publish_two(settings, tmp_path, CHANGED, months, areas=moved)
    assert ledger(made.folder / "outcomes.duckdb", "area_code, cause") == [
        ("D", "late_rows"),
        ("W1", "boundary"),
    ]


def test_corrections_that_name_no_extract_may_concern_all():
    assert corrected_extracts(None, [{"id": "c1"}]) is None
    assert corrected_extracts([{"extract": "a"}], [{"extract": "a"}, {"extract": "b"}]) == {"b"}


def test_the_version_says_how_much_a_reader_has_to_mind(settings, tmp_path, monkeypatch):
    """First, put right, figures added, only a delivery added, another method, another column."""
    february, again = ("bb", "2020-02"), ("cc", "2020-01")
    more = [*CHANGED, ("D", "2020-02", "shown", 60, 80)]
    steps = [
        (SAME, [JANUARY]),
        (CHANGED, [JANUARY, again]),
        (more, [JANUARY, again, february]),
        (more, [JANUARY, again, february, ("dd", "2020-02")]),
    ]
    versions = [
        release(settings, warehouse(tmp_path / "w.duckdb", *step), step[1]).data_version for step in steps
    ]
    monkeypatch.setattr(
        manifest_module, "calculation", lambda: {"methods": {"waits": "2"}, "shared_sha256": "2"}
    )
    months = [*steps[-1][1], ("ee", "2020-02")]
    versions.append(release(settings, warehouse(tmp_path / "w.duckdb", SAME, months), months).data_version)
    path = warehouse(tmp_path / "w.duckdb", SAME, months)
    with duckdb.connect(str(path)) as con:
        con.execute("alter table outcomes.dim_area add column extra varchar")
    versions.append(release(settings, path, [*months, ("ff", "2020-02")]).data_version)
    assert versions == ["1.0.0", "1.0.1", "1.1.0", "1.2.0", "2.0.0", "3.0.0"]
    assert [str(find(settings.home, v).version) for v in versions] == versions


def test_the_ledger_grows_from_release_to_release_and_is_the_same_for_the_same_releases(settings, tmp_path):
    third = [JANUARY, ("bb", "2020-01"), ("cc", "2020-01")]

    def sequence():
        first = publish_two(settings, tmp_path, CHANGED, third[:2])
        last = release(settings, warehouse(tmp_path / "w.duckdb", SAME, third), third)
        return first, last

    first, last = sequence()
    columns = "area_code, old_value, new_value, from_version, to_version, from_release = to_release"
    one = [("D", 50.0, 56.25, "1.0.0", "1.0.1", False), ("W1", 20.0, None, "1.0.0", "1.0.1", False)]
    two = [("D", 56.25, 50.0, "1.0.1", "1.0.2", False), ("W1", None, 20.0, "1.0.1", "1.0.2", False)]
    assert ledger(first.folder / "outcomes.duckdb", columns) == one
    assert ledger(last.folder / "outcomes.duckdb", columns) == sorted(one + two, key=str)
    hashes = last.tables
    shutil.rmtree(settings.home.published)
    assert sequence()[1].tables == hashes


def test_a_figure_that_was_waited_for_is_new_and_not_restated(settings, tmp_path):
    before = [*SAME, ("D", "2020-02", "not_supplied", None, None)]
    after = [*SAME, ("D", "2020-02", "shown", 60, 80)]
    made = publish_two(settings, tmp_path, after, [JANUARY, ("bb", "2020-02")], before=before)
    assert ledger(made.folder / "outcomes.duckdb", "period_id") == []
    assert made.data_version == "1.1.0"


def test_the_last_digit_of_a_sum_is_no_restatement(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb", SAME, [JANUARY]), [JANUARY])
    months = [JANUARY, ("bb", "2020-01")]
    path = warehouse(tmp_path / "w.duckdb", SAME, months)
    with duckdb.connect(str(path)) as con:
        con.execute("update outcomes.fct_indicator_value set value = value * (1 + 1e-15)")
    assert ledger(release(settings, path, months).folder / "outcomes.duckdb", "value_change") == []


def test_a_view_of_the_past_restates_nothing_and_the_line_goes_on_without_it(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb", SAME, [JANUARY]), [JANUARY])
    past = datetime(2020, 1, 31, tzinfo=UTC)
    view = release(
        settings, warehouse(tmp_path / "w.duckdb", CHANGED, []), [], as_of=past, requested_as_of=past
    )
    assert view.data_version == "1.0.0+as-of.20200131T000000Z"
    assert ledger(view.folder / "outcomes.duckdb", "cause") == []
    assert str(newest(settings.home).version) == "1.0.0"
    months = [JANUARY, ("bb", "2020-01")]
    made = release(settings, warehouse(tmp_path / "w.duckdb", CHANGED, months), months)
    assert {r[0] for r in ledger(made.folder / "outcomes.duckdb", "from_version")} == {"1.0.0"}


def test_notes_and_manifest_say_it_in_words(settings, tmp_path):
    made = publish_two(settings, tmp_path, CHANGED, [JANUARY, ("bb", "2020-01")])
    notes = (settings.home.published / "notes.md").read_text()
    assert "Compared with release 1.0.0" in notes
    assert (
        "| Waits | 2 | months sent again by a partner (2) | D, January 2020: 50.0 to 56.2 (+6.2) |" in notes
    )
    body = json.loads((made.folder / "manifest.json").read_text())
    assert body["restated"] == {"resubmission": 2}
    assert body["data_version"] == "1.0.1" and body["change"] == "patch"
    assert body["contracts"] == {"visits": "1.0.0"} and body["deliveries"][0]["sha256"] == "aa"


def test_a_held_correction_changes_no_figure_and_is_told(settings, tmp_path):
    """The gate left the figure as it was; notes, manifest and board diff say how many and why."""
    release(settings, warehouse(tmp_path / "w.duckdb", SAME, [JANUARY], policy="deaths"), [JANUARY])
    months = [JANUARY, ("bb", "2020-01")]
    path = warehouse(tmp_path / "w.duckdb", SAME, months, policy="deaths")
    with duckdb.connect(str(path)) as con:
        con.execute("update outcomes.fct_indicator_value set status_reason = ? where area_code = 'D'", [HELD])
    [found] = compare(newest(settings.home), Source(path, "outcomes"), {}).indicators
    assert (found.restated, found.held) == (0, 1)
    made = release(settings, path, months)
    assert ledger(made.folder / "outcomes.duckdb", "area_code") == []
    assert json.loads((made.folder / "manifest.json").read_text())["held"] == 1
    assert f"1 figures stay as they were published: {HELD}" in (made.folder / "notes.md").read_text()


def test_the_board_diff_reads_published_tables_only_and_names_the_headline(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb", SAME, [JANUARY]), [JANUARY])
    path = warehouse(tmp_path / "w.duckdb", CHANGED, [JANUARY, ("bb", "2020-01")])
    before = sorted(p for p in settings.home.root.rglob("*"))
    [found] = compare(newest(settings.home), Source(path, "outcomes"), {}).indicators
    assert (found.headline.old["value"], found.headline.new["value"], found.headline.by) == (
        50.0,
        56.25,
        6.25,
    )
    assert sorted(p for p in settings.home.root.rglob("*")) == before


def test_versions_are_compared_by_number_and_views_have_no_rank():
    parse = DataVersion.parse
    assert parse("1.10.0") > parse("1.9.3") and not parse("1.0.0+as-of.x") < parse("1.0.0")
    assert str(parse("1.2.3").raised("minor")) == "1.3.0" and str(parse("0.0.0").raised("patch")) == "1.0.0"
    with pytest.raises(ValueError, match="not a data version"):
        parse("one")


def test_a_release_is_found_by_id_beginning_or_version(settings, tmp_path):
    made = release(settings, warehouse(tmp_path / "w.duckdb", SAME), [])
    for name in (made.release_id, made.release_id[:12], "1.0.0"):
        assert find(settings.home, name) == StoredRelease(made.folder)


def test_numbers_let_out_by_other_rules_of_disclosure_are_not_told_again(settings, tmp_path):
    """An exact count of before the rules changed would stand in the new release beside its hidden self."""

    def ruled(figures, version: str) -> Path:
        path = warehouse(tmp_path / "w.duckdb", figures, [JANUARY])
        with duckdb.connect(str(path)) as con:
            con.execute(
                f"alter table outcomes.fct_indicator_value add column rule_version text default '{version}'"
            )
        return path

    release(settings, ruled(SAME, "3.0"), [JANUARY])
    made = release(settings, ruled(CHANGED, "4.0"), [("bb", "2020-01")])
    numbers = "area_code, old_numerator, old_denominator, old_value, value_change, new_value"
    assert ledger(made.folder / "outcomes.duckdb", numbers) == [
        ("D", None, None, None, None, 56.25), ("W1", None, None, None, None, None)
    ]  # fmt: skip
    again = release(settings, ruled(SAME, "4.0"), [("cc", "2020-01")])
    assert ("D", 56.25) in ledger(again.folder / "outcomes.duckdb", "area_code, old_value")
