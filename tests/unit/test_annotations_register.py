"""What the annotations refuse, in words that name file and entry; every indicator has been judged."""

from __future__ import annotations

import csv
import io

import pytest
import yaml

from bassetlaw_pipeline.annotations.derive import annotation_csv
from bassetlaw_pipeline.annotations.register import AnnotationError, load_annotations
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.indicators.registry import load_registry

ENTRY = {
    "id": "long_snow",
    "title": "Snow for a month",
    "words": "roads were closed",
    "from": "D2018-02-26",
    "to": "D2018-03-31",
    "applies_to": "all",
    "source": "Met Office, winter 2017/18",
    "effects": ["draw", "suspend_verdict"],
}


def load(tmp_path, *entries):
    text = yaml.safe_dump({"annotations": list(entries)}).replace("D20", "20")
    (tmp_path / "weather.yml").write_text(text, "utf-8")
    return load_annotations(load_registry(), load_contracts(), tmp_path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"applies_to": {"indicators": ["falls"]}}, "there is no indicator falls"),
        ({"applies_to": {"objectives": ["health"]}}, "there is no objective health"),
        ({"applies_to": {"extracts": ["dbth_snow"]}}, "there is no extract dbth_snow"),
        ({"applies_to": {"except": ["falls"]}}, "there is no indicator falls"),
        ({"applies_to": {"extracts": ["ods_epcn"]}}, "it is about no indicator"),
        ({"areas": ["E05099999"]}, "there is no area E05099999"),
        ({"to": "D2018-01-01"}, "`to` lies before `from`"),
        ({"to": None}, "state `to`: a day, or `ongoing`"),
        ({"words": ""}, "suspend_verdict, and nothing else, has `words`"),
        ({"effects": ["draw"]}, "suspend_verdict, and nothing else, has `words`"),
        ({"effects": ["draw", "draw", "suspend_verdict"]}, "named twice"),
        ({"effects": ["hide"]}, "effects.0"),
        ({"from": "soon"}, "from"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_an_entry_that_breaks_a_rule_is_refused(tmp_path, change, told):
    with pytest.raises(AnnotationError) as problem:
        load(tmp_path, ENTRY | change)
    assert str(problem.value).startswith("weather.yml: long_snow: ") and told in str(problem.value)


def test_a_file_without_entries_and_an_id_used_twice_are_refused(tmp_path):
    with pytest.raises(AnnotationError, match="long_snow"):
        load(tmp_path, ENTRY, ENTRY)
    (tmp_path / "weather.yml").write_text("snow: []", "utf-8")
    with pytest.raises(AnnotationError, match=r"weather\.yml: no list `annotations`"):
        load_annotations(load_registry(), load_contracts(), tmp_path)


def test_a_moment_ends_on_its_day_and_what_goes_on_has_no_end(tmp_path):
    moment = {"to": None, "effects": ["draw"], "words": ""}
    loaded = load(tmp_path, ENTRY | moment, ENTRY | {"id": "long_rain", "to": "ongoing"})
    rows = list(csv.DictReader(io.StringIO(annotation_csv(loaded))))
    assert [row["ends_on"] for row in rows] == ["2018-02-26", ""]
    assert [row["suspend_verdict"] for row in rows] == ["false", "true"]


def test_it_has_been_decided_what_the_pandemic_means_for_each_indicator():
    indicators = load_registry()
    entries = {a.id: a.applies_to for a in load_annotations(indicators, load_contracts())}
    suspended = {i.id for i in indicators.values() if entries["covid_19"].holds(i)}
    drawn = {i.id for i in indicators.values() if entries["covid_19_drawn"].holds(i)}
    assert not suspended & drawn
    assert suspended | drawn == set(indicators)
    came = ("first_outpatients_rate", "emergency_admissions_rate", "ae_attendance_growth", "value_for_money")
    assert suspended.issuperset(came)
