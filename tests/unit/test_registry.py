"""The indicator registry: its rules refuse what breaks them, and what is generated says what it says."""

import csv
import io
import re
from pathlib import Path

import pytest
import yaml

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.indicators.derive import (
    method_statements,
    official_series_csv,
    parameters_macro,
    registry_csv,
    registry_row,
    union_model,
)
from bassetlaw_pipeline.indicators.registry import (
    OBJECTIVES,
    Indicator,
    RegistryError,
    load_registry,
    load_statements,
)
from bassetlaw_pipeline.settings import DBT_DIR, REGISTRY_DIR

ENTRY = {
    "id": "things_done",
    "display_order": 10,
    "title": "Things done",
    "plan_wording": "More things are done",
    "plan_source": "Plan, section 1",
    "definition": "Things done.",
    "numerator_definition": "Things.",
    "denominator_definition": "People.",
    "unit": "%",
    "method": "proportion",
    "direction": "up",
    "time_grain": "month",
    "source_extracts": ["some_extract"],
    "owner": "Somebody",
    "areas": ["district", "pcn"],
    "periods": ["month", "financial_year"],
    "headline_period": "month",
    "disclosure": {"policy": "hes2018"},
    "starts": "2016-04-01",
}


SENSITIVE = re.compile(
    r"suicid|self-harm|abortion|sexual|\bHIV\b|\bdrugs?\b|alcohol|learning disab|domestic abuse|detention"
    r"|prison",
    re.IGNORECASE,
)
SERIES = {"extract": "a_survey", "series": "9", "named": ["things", "done"]}


def indicator(**changes) -> Indicator:
    return Indicator(objective="improve_outcomes", objective_title="Improving", **(ENTRY | changes))


def counted() -> list[Indicator]:
    """Indicators with counts of their own: all but those taken as published."""
    return [i for i in load_registry().values() if i.method != "published"]


def write_registry(folder: Path, **entries: list[dict]) -> Path:
    for objective in OBJECTIVES:
        (folder / objective).mkdir()
        (folder / objective / "_objective.yml").write_text(f"title: {objective}", encoding="utf-8")
        document = {"indicators": entries.get(objective, [])}
        (folder / objective / "things.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"headline_period": "quarter"}, "headline_period"),
        ({"method": "dsr"}, "need a population"),
        ({"standard": "circulatory"}, "standard"),
        ({"headline": "ward_gap", "value_title": "Things"}, "area type ward"),
        ({"headline": "ward_gap", "areas": ["ward"]}, "value_title"),
        ({"value_title": "Things"}, "value_title"),
        ({"disclosure": {"policy": "open", "official_areas": ["county"]}}, "official_areas"),
        ({"areas": ["pcn", "pcn"]}, "named twice"),
        ({"disclosure": {"policy": "open", "gate": "open"}}, "open_because"),
        ({"disclosure": {"policy": "open", "gate": "open", "open_because": "premises"}}, "open_source"),
        ({"disclosure": {"policy": "hes2018", "open_because": "a", "open_source": "b"}}, "open_because"),
        ({"definition": "Deaths of anybody.", "areas": ["district", "ward"]}, "institution_wards"),
        ({"source_extracts": ["nhft_mh_contacts"], "areas": ["ward"]}, "institution_wards"),
        ({"precision": "pence"}, "precision"),
        ({"precision": "digits", "method": "ratio"}, "precision"),
        ({"disclosure": {}}, "policy"),
        ({"colour": "red"}, "colour"),
        ({"method": "published"}, "published"),
        ({"method": "published", "official_series": [SERIES]}, "no other extract"),
        ({"source_extracts": []}, "needs an extract"),
        ({"ends": "2016-03-31"}, "ends lies after starts"),
        ({"method": "crude_rate", "unit": "per 1,000"}, "says a year in its unit"),
        (
            {"method": "crude_rate", "unit": "per 1,000 a year", "population": {"basis": "person_days"}},
            "says a year in its unit",
        ),
        ({"method": "crude_rate", "population": {"basis": "persons"}}, "periods of one length"),
        ({"official_series": [SERIES, SERIES]}, "series is named twice"),
        ({"official_series": [SERIES | {"named": []}]}, "needs the words of its name"),
        ({"official_series": [SERIES | {"named": ["Things done"]}]}, "small letters"),
        ({"id": "Things-Done"}, "id"),
        ({"age_groups": ["0-64"], "method": "ratio"}, "by a proportion"),
        ({"age_groups": ["0-64"], "sexes": ["female"]}, "of persons"),
        ({"age_groups": ["0-17", "18+"]}, "five-year bands"),
        ({"age_groups": ["0-64", "60+"]}, "five-year bands"),
        ({"age_groups": ["65+", "0-64"]}, "five-year bands"),
        ({"age_groups": ["65-94", "95+"]}, "five-year bands"),
        ({"age_groups": ["16-39", "40+"]}, "five-year bands"),
        ({"age_groups": ["adults"]}, "five-year bands"),
    ],
)
def test_an_entry_that_breaks_a_rule_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        indicator(**changes)


def test_a_rate_says_its_time_and_a_snapshot_takes_none():
    rate = {"method": "crude_rate", "unit": "per 1,000 a year", "population": {"basis": "person_years"}}
    assert indicator(**rate).unit == "per 1,000 a year"
    assert indicator(method="crude_rate", unit="%", aggregation="last").unit == "%"
    of_a_month = {"method": "crude_rate", "unit": "per 1,000", "population": {"basis": "persons"}}
    assert indicator(**of_a_month, periods=["month"]).periods == ("month",)


def test_what_is_counted_here_is_not_a_survey():
    """A survey and a register are two measures, so they are two indicators; so is a net survival."""
    surveys = {"active_lives_la", "aps_smoking_la", "nhs_staff_survey", "cancer_survival_ccg"}
    mixed = [i.id for i in counted() for s in i.official_series if s.extract in surveys]
    assert mixed == []
    areas = {"smoking_prevalence": "ward", "dtoc_days_rate": "county", "dtoc_days_rate_residents": "district"}
    registry = load_registry()
    assert [i for i, area in areas.items() if area in registry[i].areas] == []


def test_age_groups_may_begin_at_the_youngest_age_that_is_counted():
    groups = ("16-39", "40-64", "65+")
    assert indicator(age_groups=groups, parameters={"minimum_age": 16}).age_groups == groups
    people = {"basis": "persons", "min_age": 16}
    assert registry_row(indicator(age_groups=groups, population=people))["age_groups"] == "16-39|40-64|65+"


def test_an_id_may_stand_in_one_file_only(tmp_path):
    write_registry(tmp_path, improve_outcomes=[ENTRY], sustainable_services=[ENTRY])
    with pytest.raises(RegistryError, match="declared twice: things_done"):
        load_registry(tmp_path)


def test_a_place_in_the_order_is_taken_once(tmp_path):
    write_registry(tmp_path, improve_outcomes=[ENTRY, ENTRY | {"id": "more_things"}])
    with pytest.raises(RegistryError, match="display_order taken twice: improve_outcomes 10"):
        load_registry(tmp_path)


def test_a_published_series_measures_one_thing(tmp_path):
    """A series that a YAML merge hands on to the next entry would be published under a wrong name."""
    one = ENTRY | {"official_series": [SERIES]}
    write_registry(tmp_path, improve_outcomes=[one, one | {"id": "more_things", "display_order": 20}])
    with pytest.raises(RegistryError, match="official series of two indicators: a_survey 9 persons"):
        load_registry(tmp_path)


def test_a_companion_has_its_indicator(tmp_path):
    write_registry(tmp_path, improve_outcomes=[ENTRY | {"companion_of": "nothing"}])
    with pytest.raises(RegistryError, match="companion of an indicator that is not there: things_done"):
        load_registry(tmp_path)


@pytest.mark.parametrize("changes", [{"method": "count"}, {"disclosure": {"policy": "open", "gate": "open"}}])
def test_a_sensitive_figure_is_of_a_group_and_passes_a_gate_that_hides(changes):
    disclosure = ENTRY["disclosure"] | changes.get("disclosure", {}) | {"sensitive": True}
    assert registry_row(indicator(disclosure=ENTRY["disclosure"] | {"sensitive": True}))["sensitive"] is True
    with pytest.raises(ValueError, match="a sensitive figure"):
        indicator(**(changes | {"disclosure": disclosure}))


def test_indicators_of_sensitive_subjects_are_marked():
    """By their words: whoever adds one more cannot forget it."""
    marked = {i.id for i in counted() if i.disclosure.sensitive}
    named = {
        i.id
        for i in counted()
        if SENSITIVE.search(f"{i.title} {i.numerator_definition} {i.denominator_definition}")
    }
    assert named and named <= marked


WHOLE = ENTRY | {"id": "all_things", "display_order": 20}


@pytest.mark.parametrize(
    ("part", "whole", "problem"),
    [
        ({"part_of": "nothing"}, {}, "part of an indicator that is not there"),
        ({"part_of": "all_things"}, {"part_of": "things_done"}, "part of an indicator that is a part itself"),
        ({"part_of": "things_done"}, {}, "part of an indicator that is a part itself"),
        ({"part_of": "all_things", "areas": ["ward"]}, {}, "not counted like"),
        ({"part_of": "all_things"}, {"aggregation": "last"}, "not counted like"),
        ({"part_of": "all_things"}, {"sexes": ["female"]}, "not counted like"),
    ],
)
def test_a_part_is_counted_like_its_whole(tmp_path, part, whole, problem):
    write_registry(tmp_path, improve_outcomes=[ENTRY | part, WHOLE | whole])
    with pytest.raises(RegistryError, match=f"{problem}.*things_done"):
        load_registry(tmp_path)


def test_a_part_of_an_indicator_is_told_to_dbt_and_to_readers(tmp_path):
    write_registry(tmp_path, improve_outcomes=[ENTRY | {"part_of": "all_things"}, WHOLE])
    part = load_registry(tmp_path)["things_done"]
    assert registry_row(part)["part_of"] == "all_things"
    assert "- **Part of**: `all_things`" in method_statements([part])


def test_indicators_come_in_their_order_whatever_the_file_says(tmp_path):
    write_registry(tmp_path, improve_outcomes=[ENTRY, ENTRY | {"id": "first_thing", "display_order": 5}])
    assert list(load_registry(tmp_path)) == ["first_thing", "things_done"]


def test_a_mistake_names_its_file(tmp_path):
    write_registry(tmp_path, improve_outcomes=[{**ENTRY, "method": "guess"}])
    with pytest.raises(RegistryError, match=r"(?s)^improve_outcomes/things\.yml.*method"):
        load_registry(tmp_path)


def test_a_missing_file_names_itself(tmp_path):
    with pytest.raises(RegistryError, match=r"reduce_inequalities/_objective\.yml"):
        load_registry(tmp_path)


def test_the_seed_holds_every_indicator_and_leaves_unknowns_empty():
    (row,) = csv.DictReader(io.StringIO(registry_csv([indicator()])))
    assert row["indicator_id"] == "things_done"
    assert row["area_types"] == "district|pcn"
    assert row["baseline_value"] == row["population_basis"] == row["target_date"] == ""
    assert row["disclosure_gate"] == "hes2018"


def test_published_series_are_a_seed_and_have_no_counts():
    published = indicator(id="told", method="published", source_extracts=[], official_series=[SERIES])
    (row,) = csv.DictReader(io.StringIO(official_series_csv([indicator(), published])))
    assert (row["indicator_id"], row["place"], row["extract"], row["series"]) == (
        "told",
        "1",
        "a_survey",
        "9",
    )
    assert registry_row(published)["source_extracts"] == "a_survey"
    assert "ind_told" not in union_model([indicator(), published])


def test_every_counts_model_is_stacked_in_one_shape():
    sql = union_model([indicator(), indicator(id="more_things")])
    assert sql.count("union all") == 1
    assert "ref('ind_things_done')" in sql
    assert sql.count("cast(denominator as decimal(18, 4)) as denominator") == 2


def test_parameters_reach_the_sql_as_numbers():
    macro = parameters_macro([indicator(parameters={"minimum_gain": 3, "level_2": 47.1})])
    assert '"minimum_gain": 3,' in macro
    assert '"level_2": 47.1' in macro


def test_the_method_statement_carries_the_plans_wording():
    text = method_statements([indicator(baseline={"value": 19.6, "period": "2017", "source": "Plan"})])
    assert "“More things are done” (Plan, section 1)" in text
    assert "19.6 (2017); Plan" in text


def test_every_objective_has_at_least_two_indicators():
    objectives = [i.objective for i in load_registry().values()]
    assert {o: objectives.count(o) >= 2 for o in OBJECTIVES} == dict.fromkeys(OBJECTIVES, True)


def test_every_indicator_has_its_model_where_its_objective_is():
    for i in counted():
        assert (DBT_DIR / "models" / "indicators" / i.objective / f"ind_{i.id}.sql").is_file()


def test_every_model_of_an_indicator_is_in_the_registry():
    models = {p.stem.removeprefix("ind_") for p in DBT_DIR.glob("models/indicators/*/ind_*.sql")}
    assert models == {i.id for i in counted()}


def test_indicators_use_extracts_that_have_a_contract():
    used = {e for i in load_registry().values() for e in i.extracts}
    assert used <= set(load_contracts())


def test_every_indicator_has_a_unit_test():
    files = DBT_DIR.glob("models/indicators/*/*__unit_tests.yml")
    tested = {t["model"] for f in files for t in yaml.safe_load(f.read_text("utf-8"))["unit_tests"]}
    assert tested == {f"ind_{i.id}" for i in counted()}


def test_plan_wording_is_verbatim(shared):
    """Against the text of the plans; layout breaks lines anywhere, so white space is ignored."""
    plans = "".join(p.read_text("utf-8") for p in sorted((shared / "seeds").glob("*.txt")))
    text = "".join(plans.split())
    wrong = [i.id for i in load_registry().values() if "".join(i.plan_wording.split()) not in text]
    assert wrong == []


@pytest.mark.parametrize("statement", load_statements())
def test_every_statement_of_the_plan_has_an_indicator_of_its_objective(statement):
    def same(text: str) -> str:
        return " ".join(text.split()).rstrip(";")

    found = [i.objective for i in load_registry().values() if same(i.plan_wording) == same(statement)]
    assert load_statements()[statement] in found


def test_the_statements_are_the_sixteen_of_the_plan(shared):
    plan = "".join((shared / "seeds" / "place_plan_2019_2021.txt").read_text("utf-8").split())
    statements = load_statements()
    assert len(statements) == 16
    assert [s for s in statements if "".join(s.split()) not in plan] == []


def test_registry_folders_are_named_after_the_objectives():
    assert {p.name for p in REGISTRY_DIR.iterdir()} == set(OBJECTIVES)


def test_a_series_ends_with_the_feed_it_comes_in():
    """Registry and contract tell of one end: no figure after it, and no file expected."""
    contracts = load_contracts()
    ended = {i.id: (i, e) for i in load_registry().values() if i.ends for e in i.extracts[:1]}
    assert set(ended) == {"children_out_of_work_families", "dtoc_days_rate_residents"}
    for indicator, extract in ended.values():
        until, grain = contracts[extract].until, contracts[extract].cadence
        assert until is not None, extract
        same_year, same_month = until.year == indicator.ends.year, until.month == indicator.ends.month
        assert same_year and (same_month or grain == "year"), indicator.id
