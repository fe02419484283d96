"""The report's control chart: limits that follow the points, levels that begin anew, and what happened."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

from bassetlaw_pipeline.publication.chart import control_chart


def points(count: int, **changes):
    """So many months from 2018 on; from the seventh on a level of its own."""
    level = {"usual_since": date(2018, 1, 1), "target": None, "variation": "common_cause"}
    months = (date(2018 + i // 12, i % 12 + 1, 1) for i in range(count))
    made = [
        {"period_start": m, "value": 5.0 + i % 2, "mean": 5.5, "lower_limit": 3, "upper_limit": 8} | level
        for i, m in enumerate(months)
    ]
    for point in made[6:]:
        point |= {"usual_since": date(2018, 7, 1), "mean": 9.0, "lower_limit": 8, "upper_limit": 10} | changes
    return made


def drawn(*args):
    return ElementTree.fromstring(str(control_chart(*args)))


def test_each_level_has_a_band_and_a_middle_of_its_own():
    svg = drawn(points(14), "Falls")
    bands = svg.findall("polygon[@class='limits']")
    assert [len(band.get("points").split()) for band in bands] == [12, 16]
    assert len(svg.findall("polyline[@class='mean']")) == 2


def test_what_happened_in_sight_is_drawn_and_told_and_nothing_else():
    happened = [
        {"title": "Snow & ice", "starts_on": date(2018, 3, 1), "ends_on": date(2018, 3, 31)},
        {"title": "Later", "starts_on": date(2022, 3, 1), "ends_on": None},
        {"title": "Goes on", "starts_on": date(2018, 9, 1), "ends_on": None},
    ]
    svg = drawn(points(14), "Falls", happened)
    assert [title.text for title in svg.iter("title")] == ["Snow & ice", "Goes on"]
    shades = svg.findall("g/rect[@class='event']")
    assert float(shades[1].get("x")) + float(shades[1].get("width")) == 275
    assert svg.get("aria-label").endswith("14 points; Snow & ice (March 2018); Goes on (September 2018)")


def test_unusual_points_are_marked_by_what_they_are_called():
    for variation in ("neutral", "improvement", "concern"):
        assert len(drawn(points(14, variation=variation), "x").findall(f"circle[@class='{variation}']")) == 8
    assert not drawn(points(14), "x").findall("circle")


def test_fewer_than_two_points_are_no_chart():
    assert control_chart(points(1), "Falls") == ""
