"""Every rule a contract keeps, watched while it is broken: start from a valid contract, break one thing."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bassetlaw_pipeline.contracts.check import ContractError
from bassetlaw_pipeline.contracts.check_sql import check_rules
from bassetlaw_pipeline.contracts.load import load_contracts

TYPES = {
    "types": {"day": {"description": "Date.", "logical_type": "date", "formats": ["%d/%m/%Y"]}},
    "sql": {"last_day": "DATE '2020-01-31'"},
}
REASONS = {"reasons": {"LATE": {}, "TWICE": {}}}


def custom(**values: Any) -> list[dict[str, Any]]:
    return [{"property": key, "value": value} for key, value in values.items()]


VALID: dict[str, Any] = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "visits",
    "name": "Visits",
    "version": "1.0.0",
    "status": "active",
    "domain": "bcvs",
    "description": {"purpose": "Visits."},
    "team": {"name": "The office"},
    "customProperties": custom(
        file={"format": "csv", "names": [r"visits_(?P<year>\d{4})\.csv"], "organisation": "BCVS"},
        period={"source": "column", "column": "seen_on", "grain": "month"},
        resubmission={"mode": "period", "by": ["_period_start"]},
    ),
    "schema": [
        {
            "name": "visits",
            "properties": [
                {
                    "name": "visit_id",
                    "description": "Number.",
                    "primaryKey": True,
                    "customProperties": custom(
                        transform={"kind": "row_key", "domain": "visit", "becomes": "visit_key"}
                    ),
                },
                {"name": "seen_on", "customProperties": custom(semanticType="day")},
                {
                    "name": "kind",
                    "description": "Kind.",
                    "customProperties": custom(codes={"Home": "at home"}, codeMap={"h": "Home"}),
                },
            ],
            "quality": [
                {
                    "type": "sql",
                    "name": "LATE",
                    "description": "Late.",
                    "query": "SELECT _row_number FROM {table} WHERE seen_on > {last_day}",
                    "customProperties": custom(outcome="null", columns=["seen_on"]),
                },
                {
                    "type": "custom",
                    "engine": "greatExpectations",
                    "name": "TWICE",
                    "description": "Once.",
                    "implementation": {
                        "type": "expect_column_values_to_be_unique",
                        "kwargs": {"column": "visit_key"},
                    },
                },
            ],
        }
    ],
}


@pytest.fixture
def valid() -> dict[str, Any]:
    return copy.deepcopy(VALID)


@pytest.fixture
def load(tmp_path: Path):
    """Write contracts to a folder of their own and load them."""

    def _load(*contracts: dict[str, Any], names: tuple[str, ...] = ()):
        (tmp_path / "types.yml").write_text(yaml.safe_dump(TYPES))
        (tmp_path / "reasons.yml").write_text(yaml.safe_dump(REASONS))
        for i, contract in enumerate(contracts):
            name = names[i] if names else f"{contract['domain']}__{contract['id']}.odcs.yaml"
            (tmp_path / name).write_text(yaml.safe_dump(contract))
        return load_contracts(tmp_path, tmp_path / "types.yml", tmp_path / "reasons.yml")

    return _load


def properties(contract: dict[str, Any]) -> list[dict[str, Any]]:
    return contract["schema"][0]["properties"]


def set_custom(element: dict[str, Any], **values: Any) -> None:
    kept = [p for p in element.get("customProperties", []) if p["property"] not in values]
    element["customProperties"] = kept + custom(**values)


def test_valid_contract_loads(valid, load):
    table = load(valid)["visits"].main
    assert table.key == ("visit_key",)
    assert table.by_name["visit_id"].required  # a key cannot be missing
    assert table.by_name["seen_on"].formats == ("%d/%m/%Y",)  # from the shared type
    assert table.row_rules[0].query.endswith("seen_on > DATE '2020-01-31'")  # shared SQL put in
    assert table.by_name["kind"].code_map == {"home": "Home", "h": "Home"}  # codes in any case
    assert table.landed["visit_key"] == "VARCHAR"


def test_what_a_contract_states_wins_over_its_type(valid, load):
    set_custom(properties(valid)[1], formats=["%Y%m%d"])
    assert load(valid)["visits"].main.by_name["seen_on"].formats == ("%Y%m%d",)


def break_partner(c):
    c["domain"] = "nobody"


def break_type(c):
    set_custom(properties(c)[1], semanticType="moment")


def break_column_twice(c):
    properties(c).append({"name": "kind", "description": "Again."})


def break_two_land_as_one(c):
    properties(c).append({"name": "visit_key", "description": "Clash."})


def break_lineage_name(c):
    properties(c).append({"name": "_row_number", "description": "Clash."})


def break_description(c):
    properties(c)[2].pop("description")


def break_reason_of_rule(c):
    c["schema"][0]["quality"][0]["name"] = "LATISH"


def break_reason_of_expectation(c):
    c["schema"][0]["quality"][1]["name"] = "THRICE"


def break_reason_of_column(c):
    set_custom(properties(c)[2], reason="ODD")


def break_column_of_rule(c):
    set_custom(c["schema"][0]["quality"][0], columns=["seen_at"])


def break_null_without_columns(c):
    set_custom(c["schema"][0]["quality"][0], columns=[])


def break_column_of_expectation(c):
    c["schema"][0]["quality"][1]["implementation"]["kwargs"] = {"column_list": ["visit_key", "place"]}


def break_resubmission(c):
    set_custom(c, resubmission={"mode": "period", "by": ["visit_id"]})  # lands as visit_key


def break_period(c):
    set_custom(c, period={"source": "column", "column": "seen"})


def break_organisation(c):
    set_custom(c, file={"format": "csv", "names": ["visits.csv"]})


def break_total(c):
    set_custom(c["schema"][0], nonData=[{"kind": "total", "matches": "total", "checkSumOf": ["hours"]}])


def break_total_column(c):
    set_custom(c["schema"][0], nonData=[{"kind": "total", "matches": "total", "check_sum_of": ["hours"]}])


def break_layout(c):
    set_custom(c["schema"][0], layouts=[{"headers": {"sort": "Kind of visit"}}])


def break_age(c):
    properties(c)[2]["customProperties"] = custom(
        transform={"kind": "age", "at": "visited", "becomes": "age"}
    )


def break_row_key(c):
    set_custom(properties(c)[0], transform={"kind": "row_key", "becomes": "visit_key"})


def break_spelling(c):
    set_custom(properties(c)[2], nullMarker=["-"])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (break_partner, "unknown partner 'nobody'"),
        (break_type, "unknown semanticType 'moment'"),
        (break_column_twice, "column kind declared twice"),
        (break_two_land_as_one, "two columns land as visit_key"),
        (break_lineage_name, "two columns land as _row_number"),
        (break_description, "column kind: no description"),
        (break_reason_of_rule, "unknown reason code 'LATISH'"),
        (break_reason_of_expectation, "unknown reason code 'THRICE'"),
        (break_reason_of_column, "unknown reason code 'ODD'"),
        (break_column_of_rule, "rule LATE: unknown column 'seen_at'"),
        (break_null_without_columns, "outcome null needs columns"),
        (break_column_of_expectation, "rule TWICE: unknown column 'place'"),
        (break_resubmission, r"resubmission by unknown column \['visit_id'\]"),
        (break_period, "period from unknown column 'seen'"),
        (break_organisation, "need file.organisation"),
        (break_total, "checkSumOf"),
        (break_total_column, "total rows: unknown column 'hours'"),
        (break_layout, "layout default: unknown column 'sort'"),
        (break_age, "age at unknown column 'visited'"),
        (break_row_key, "row_key needs a domain"),
        (break_spelling, "null_marker"),
    ],
)
def test_broken_contract_is_refused(valid, load, damage, message):
    damage(valid)
    with pytest.raises(ContractError, match=message):
        load(valid)


def test_same_id_twice_is_refused(valid, load):
    twin = copy.deepcopy(valid) | {"domain": "ccg"}
    with pytest.raises(ContractError, match="visits: declared twice"):
        load(valid, twin)


def test_file_name_must_say_partner_and_id(valid, load):
    with pytest.raises(ContractError, match=r"expected bcvs__visits\.odcs\.yaml"):
        load(valid, names=("bcvs__visit.odcs.yaml",))


def test_file_that_is_no_contract_is_refused(valid, load):
    valid.pop("team")
    with pytest.raises(ContractError, match="bcvs__visits"):
        load(valid)


def test_query_with_an_unknown_column_is_refused(valid, load):
    rule = valid["schema"][0]["quality"][0]
    rule["query"] = rule["query"].replace("seen_on", "seen_at")
    with pytest.raises(ContractError, match=r"visits\.visits: rule LATE.*seen_at"):
        check_rules(load(valid).values())


def test_every_fault_is_told_at_once(valid, load):
    break_reason_of_rule(valid)
    break_column_of_expectation(valid)
    with pytest.raises(ContractError) as told:
        load(valid)
    assert len(str(told.value).splitlines()) == 2


def test_layouts_of_a_period():
    table = load_contracts()["nhse_dtoc_la"].main
    eras = {
        date(2011, 4, 1): "apr11",
        date(2013, 3, 1): "apr11",
        date(2013, 4, 1): "apr13",
        date(2015, 6, 1): "apr13",
        date(2015, 7, 1): "jul15",
        date(2017, 3, 1): "jul15",
        date(2017, 4, 1): "apr17",
        date(2018, 10, 1): "apr17",
        date(2018, 11, 1): "nov18",
        date(2019, 4, 1): "nov18",
        date(2019, 5, 1): "nov18 or may19",
        date(2020, 2, 1): "nov18 or may19",
    }
    assert {day: " or ".join(lay.id for lay in table.layout_for(day)) for day in eras} == eras


@pytest.mark.parametrize(
    ("extract", "name", "parts"),
    [
        ("ccg_gp_population", "02Q_GPREG_201904.csv", {"year": "2019", "month": "04"}),
        (
            "ccg_gp_population",
            "02Q_GPREG_201904_C84094.csv",
            {"year": "2019", "month": "04", "practice": "C84094"},
        ),
        ("dbth_ecds", "RP5_ECDS_201904_FLEX.csv", {"year": "2019", "month": "04", "revision": "FLEX"}),
        ("dbth_apc", "RP5_APC_201904_FREEZE.txt", {"year": "2019", "month": "04", "revision": "FREEZE"}),
        ("dbth_discharge_sitrep", "DBTH DTOC SitRep w-e 07.04.19.xlsx", {"date": "07.04.19"}),
        ("ncc_pcmd_deaths", "PCMD_E07000171_201904.csv", {"year": "2019", "month": "04"}),
        ("ncc_pcmd_deaths", "PCMD_E07000171_2019_FINAL.csv", {"year": "2019", "revision": "FINAL"}),
        ("bdc_leisure", "Leisure_Visits_Apr2019.csv", {"year": "2019", "month": "Apr"}),
        ("bcvs_social_prescribing", "BCVS SP Return April 2019.xlsx", {"year": "2019", "month": "April"}),
        (
            "nhse_ae_monthly",
            "Monthly-AE-April-2024-revised.csv",
            {"year": "2024", "month": "April", "revision": "revised"},
        ),
        ("nhse_ae_monthly", "Monthly-AE-March-2025 (2).csv", {"year": "2025", "month": "March"}),
        ("nhse_ae_monthly", "2025-04.csv", {"year": "2025", "month": "04"}),
        ("nhse_dtoc_la", "Sept_15.xls", {"year": "15", "month": "Sept"}),
        ("ons_population_lsoa", "ons_mye2019_lsoa11_single_age_Nottinghamshire.csv", {"year": "2019"}),
    ],
)
def test_file_names(extract, name, parts):
    assert load_contracts()[extract].file.match(name) == parts


@pytest.mark.parametrize(
    "name", ["ons_mye2019_ltla19_single_age.csv", "Monthly-AE-Time-Series-October-2024.xls"]
)
def test_other_files_of_the_same_publisher_are_not_taken(name):
    taken = [c.id for c in load_contracts().values() if c.partner == "public" and c.file.match(name)]
    assert taken == []


def test_identifying_columns_never_land_as_they_are():
    """Direct identifiers and system keys are replaced or dropped in every contract."""
    kept = [
        f"{contract.id}.{table.name}.{column.name}"
        for contract in load_contracts().values()
        for table in contract.tables
        for column in table.columns
        if column.classification in ("direct", "indirect") and column.transform is None
    ]
    assert kept == []
