"""The board's words, of a release as it comes out: every sentence, every card."""

from __future__ import annotations

import html

import duckdb
import pytest
from narrative_claims import faults, reading_age, rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cards(built):
    with duckdb.connect(str(built.settings.home.outcomes), read_only=True) as con:
        return rows(con, "outcomes.")


def test_no_sentence_contradicts_its_row(cards):
    assert [fault for card in cards for fault in faults(card)] == []


def test_every_sentence_can_be_read_at_twelve(cards):
    for card in cards:
        names = card["title"], card["period_label"], card["area_name"], card["short_unit"]
        assert reading_age(card["narrative"], *names) <= 12, card["narrative"]


def test_a_page_shows_the_figure_of_its_sentence_and_no_other_control_chart(built, cards):
    folder = built.settings.home.published / "report" / "indicators"
    assert {path.stem for path in folder.iterdir()} == {card["indicator_id"] for card in cards}
    for card in cards:
        page = html.unescape((folder / f"{card['indicator_id']}.html").read_text(encoding="utf-8"))
        if card["value_text"]:
            assert f'<p class="value">{card["value_text"]}</p>' in page
        assert card["narrative"] in page
        assert card["value_text"] is None or card["value_text"] in card["narrative"]
        assert 'class="limits"' not in page or card["chart_period_type"] or card["headline"] == "ward_gap"


def test_a_unit_does_not_say_what_the_title_says(cards):
    for card in cards:
        assert not ("aged" in card["title"] and "aged" in card["short_unit"]), card["title"]
        assert not card["title"].endswith(", number")
