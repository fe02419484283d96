"""The report of a small release: it hides what is hidden, and writes only what changed."""

from __future__ import annotations

import os
from datetime import date, datetime

import pytest
from report_pages import broken_links, read
from small_outcomes import AREAS, INDICATOR, MONTHS, RELEASE, card, figure, outcomes, tables

from bassetlaw_pipeline.report.site import write_report

CANARY = 9173.37


@pytest.fixture
def site(tmp_path):
    """Writes the report of these rows and returns its folder."""

    def write(rows=None):
        folder = tmp_path / "report"
        write_report(outcomes(tmp_path / "outcomes.duckdb", rows), folder)
        return folder

    return write


def page(folder, name):
    return (folder / name).read_text(encoding="utf-8")


def all_bytes(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_every_page_can_be_read_by_everybody_and_every_link_leads_somewhere(site):
    folder = site()
    pages = read(folder)
    assert {p.path.name: p.faults for p in pages if p.faults} == {}
    assert broken_links(folder, pages) == []
    names = {p.path.relative_to(folder).as_posix() for p in pages}
    assert {
        "index.html",
        "indicators/waits.html",
        "objectives/improve-outcomes.html",
        "places/W1.html",
        "places/P1.html",
        "workstreams/home-first.html",
        "workstreams/frailty.html",
        "data-quality.html",
        "about.html",
        "glossary.html",
    } <= names


@pytest.mark.parametrize(
    "status", ["suppressed_primary", "suppressed_secondary", "not_calculated_small", "not_supplied"]
)
def test_a_figure_that_is_not_shown_is_nowhere_whatever_the_file_holds(site, status):
    rows = tables()
    hidden = {"numerator": CANARY, "denominator": CANARY, "status_reason": "too few people"}
    rows["fct_indicator_value"] = [
        *(figure("D", n, 50.0 + n) for n in range(14) if n != 6),
        figure("D", 6, CANARY, status, **hidden),
        figure("W1", 13, 52.5),
        figure("W2", 13, CANARY, status, **hidden),
        figure("P1", 13, CANARY, status, **hidden),
    ]
    point = {
        "period_type": "month",
        "mean": 55.0,
        "lower_limit": 40.0,
        "upper_limit": 70.0,
        "usual_since": MONTHS[0],
        "variation": "common_cause",
        "special_cause": "none",
        "chart_type": "xmr",
    }
    rows["fct_indicator_spc"] = [
        {
            "indicator_id": "waits",
            "area_code": "D",
            "period_id": f"{m:%Y-%m}",
            "period_start": m,
            "value": CANARY if n == 6 else 50.0 + n,
        }
        | point
        for n, m in enumerate(MONTHS)
    ]
    rows["scorecard"] = [card(chart_period_type="month")]
    for path, content in all_bytes(site(rows)).items():
        assert b"9173" not in content and b"9,173" not in content and b"9,000" not in content, path


def test_a_hidden_figure_is_called_hidden_and_a_missing_one_is_not(site):
    rows = tables()
    rows["fct_indicator_value"][3] |= {
        "value": None,
        "value_text": None,
        "value_status": "suppressed_primary",
        "status_reason": "too few people",
    }
    rows["fct_indicator_value"][5] |= {
        "value": None,
        "value_text": None,
        "value_status": "not_supplied",
        "status_reason": "0 of 1 months supplied",
    }
    text = page(site(rows), "indicators/waits.html")
    assert '<title>April 2018: Hidden: too few people</title><line class="hidden"' in text
    assert '<title>June 2018: No data: 0 of 1 months supplied</title><line class="nothing"' in text
    assert text.count('<polyline class="series"') == 3  # the line breaks at both
    assert "1 hidden to protect people" in text


def test_the_overview_counts_verdicts_and_tells_the_worst_first(site):
    rows = tables()
    rows["dim_indicator"].append(INDICATOR | {"indicator_id": "falls", "title": "Falls", "display_order": 2})
    in_words = "Falls: 5 people in 2019. It got worse."
    rows["scorecard"].append(card(indicator_id="falls", title="Falls", verdict="worse", narrative=in_words))
    text = page(site(rows), "index.html")
    assert '<span class="number">1</span> Moving the right way' in text
    assert '<span class="number">1</span> Moving the wrong way' in text
    assert '<span class="number">0</span> Cannot be told' in text
    assert text.index("indicators/falls.html") < text.index("indicators/waits.html")
    assert '<a href="indicators/falls.html">Falls</a>: 5 people in 2019. It got worse.' in text


def test_what_is_late_and_what_changed_stand_on_the_overview(site):
    rows = tables()
    rows["dim_release"] = [RELEASE | {"previous_release": "20190301-before"}]
    rows["fct_supply"] = [
        {
            "partner": "hospital",
            "extract": "dbth_ecds",
            "month_start": m,
            "supply_status": "missing",
            "periods_missing": 1,
        }
        for m in MONTHS[10:12]
    ]
    rows["fct_restatement"] = [
        {"indicator_id": "waits", "area_code": "D", "cause": "late_rows", "to_release": to}
        for to in (RELEASE["release_id"], RELEASE["release_id"], "20190301-before")
    ]
    text = page(site(rows), "index.html")
    assert "(Hospital): November 2018 and December 2018 have not come" in text
    assert "dbth_ecds" not in text  # told by its title
    assert '<a href="indicators/waits.html">Seen in time</a>: 2 rows that came late.' in text


def test_wards_and_networks_have_pages_with_their_figures(site):
    folder = site()
    assert ">52.5%</td>" in page(folder, "places/W1.html").replace("\n", "")
    assert "Harworth &amp; Bircotes" in page(folder, "places/W1.html")
    assert ">Hidden</td>" in page(folder, "places/W2.html").replace("\n", "")
    assert (folder / "data" / "place-P1.csv").read_text(encoding="utf-8-sig").count("57.5") == 1


def test_equal_tables_give_equal_bytes_and_only_what_changed_is_written(site, tmp_path):
    folder = site()
    before = all_bytes(folder)
    old = datetime(2019, 1, 1).timestamp()
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (old, old))
    (folder / "indicators" / "gone.html").write_text("of an older release", encoding="utf-8")
    rows = tables()
    rows["dim_area"] = [a | {"area_name": "Newgate"} if a["area_code"] == "P1" else a for a in AREAS]
    assert all_bytes(site()) == before
    site(rows)
    written = {
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.stat().st_mtime > old
    }
    assert "places/P1.html" in written and "places.html" in written
    assert not {"places/W1.html", "glossary.html", "report.css"} & written


def test_a_page_of_an_indicator_does_not_change_with_the_release_alone(site):
    folder = site()
    before = all_bytes(folder)
    rows = tables()
    rows["dim_release"] = [
        RELEASE
        | {"release_id": "20190501-ba9876543210", "data_version": "1.0.1", "as_of": datetime(2019, 5, 1)}
    ]
    after = all_bytes(site(rows))
    changed = {p.as_posix() for p in before if before[p] != after[p]}
    assert changed == {"index.html", "about.html", "data-quality.html"}


def test_a_release_of_empty_tables_is_a_site_all_the_same(site):
    folder = site({"dim_release": [RELEASE | {"as_of": None}]})
    pages = read(folder)
    assert [p.faults for p in pages if p.faults] == []
    assert broken_links(folder, pages) == []


def test_names_and_sentences_cannot_break_a_page(site):
    rows = tables()
    rows["dim_area"][1] = rows["dim_area"][1] | {"area_name": '<b onload="x">&"'}
    rows["scorecard"] = [card(narrative="Seen in time: <script>alert(1)</script>", verdict_reason="<i>\"'")]
    assert [p.faults for p in read(site(rows)) if p.faults] == []


def test_an_event_is_drawn_and_told_where_it_lies_within_the_time_shown(site):
    rows = tables()
    rows["dim_annotation"] = [
        {
            "annotation_id": "snow",
            "title": "Snow & ice",
            "starts_on": date(2018, 3, 1),
            "ends_on": date(2018, 3, 31),
            "is_drawn": True,
            "rebases_charts": True,
        },
        {"annotation_id": "later", "title": "Later", "starts_on": date(2022, 3, 1), "is_drawn": True},
    ]
    rows["fct_indicator_annotation"] = [
        {"annotation_id": a, "indicator_id": "waits"} for a in ("snow", "later")
    ]
    text = page(site(rows), "indicators/waits.html")
    assert "<strong>a</strong> March 2018: Snow &amp; ice (the chart may begin anew here)" in text
    assert "Later" not in text
