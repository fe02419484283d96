"""Numbers of published series: each stands for the measure that the registry means by it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.indicators.registry import OfficialSeries, load_registry
from bassetlaw_pipeline.settings import PROJECT_DIR

PARAMETERS = PROJECT_DIR / "bassetlaw_sample" / "parameters" / "official.yml"
FINGERTIPS = "ohid_fingertips"

SERIES = {s.series: s for i in load_registry().values() for s in i.official_series if s.extract == FINGERTIPS}
# What a code in words is looked up by: one word of the title of the measure that carries it.
CODES = {
    f"{code}": i
    for i in load_registry().values()
    for code in re.findall(r"Fingertips (\d+)", i.official_code)
}


@pytest.fixture(scope="module")
def published_names(shared: Path) -> dict[str, str]:
    """Names of the indicators in the publisher's own metadata, by number."""
    file = shared / "data" / "real" / "03_fingertips" / "fingertipsnext_indicator_metadata.json"
    return {str(i["indicatorID"]): i["indicatorName"] for i in json.loads(file.read_text("utf-8"))}


def test_every_number_that_the_metadata_know_has_the_name_that_is_declared(published_names):
    known = {n: s for n, s in SERIES.items() if n in published_names}
    assert known, "no number of the registry is in the metadata"
    assert {n: published_names[n] for n, s in known.items() if not s.fits(published_names[n])} == {}


def test_no_official_code_in_words_is_the_number_of_another_measure(published_names):
    """A code shares a word of four letters or more with the title of its indicator."""

    def words(text):
        return set(re.findall(r"[a-z]{4,}", text.lower())) - {"aged", "people", "rate", "years", "over"}

    strange = {n: published_names[n] for n, i in CODES.items() if n in published_names} | {}
    assert {n: name for n, name in strange.items() if not words(name) & words(CODES[n].title)} == {}
    assert "247" not in CODES  # the Quality and Outcomes Framework's prevalence, not the diagnosis rate


def test_the_sample_writes_names_that_fit_their_numbers(published_names):
    """So that a wrong number fails on the sample, too."""
    models = yaml_text.load(PARAMETERS.read_text("utf-8"))["fingertips"]
    written = {number: model["name"] for number, model in models.items()}
    assert SERIES.keys() <= written.keys()
    assert {n: written[n] for n, s in SERIES.items() if not s.fits(written[n])} == {}
    first_words = {n: set(re.findall(r"[a-z]+", published_names[n].lower())) for n in published_names}
    apart = {n: written[n] for n in written.keys() & first_words if not _alike(written[n], first_words[n])}
    assert apart == {}


def _alike(name: str, words: set[str]) -> bool:
    """Do the two names share half of the shorter one's words, in whatever form?"""
    own = set(re.findall(r"[a-z]+", name.lower()))
    return 2 * len(own & words) >= min(len(own), len(words))


@pytest.mark.parametrize(
    ("number", "name", "fits"),
    [
        ("93014", "Percentage of physically active adults", True),
        ("93014", "Physically active adults aged 19 years and over", True),
        ("93014", "Percentage of physically inactive adults", False),
        ("93014", "Physically inactive in adults aged 19 years and over", False),
        ("90323", "Year 6: Prevalence of obesity (including severe obesity)", True),
        ("90323", "Year 6 prevalence of obesity (including severe obesity), 5-years data combined", False),
        ("90323", "Year 6: Prevalence of overweight (including obesity)", False),
        ("90319", "Year 6 prevalence of obesity (including severe obesity)", False),
        ("90366", "Life expectancy at birth", True),
        ("90366", "Healthy life expectancy at birth", False),
        ("22401", "Emergency hospital admissions due to falls in people aged 65-79", False),
        ("41001", "Suicide rate", True),
    ],
)
def test_a_name_is_told_by_its_words(number, name, fits):
    assert SERIES[number].fits(name) is fits


def test_words_count_whole():
    series = OfficialSeries(extract=FINGERTIPS, series="1", named=("active",))
    assert series.fits("Adults (active)")
    assert not series.fits("Inactive adults")
