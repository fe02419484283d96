"""The whole dbt project, built by dbt on deliveries that are all empty: models, data tests and unit tests."""

from __future__ import annotations

import duckdb
import pytest

from bassetlaw_pipeline.contracts.derive_stub import write_stubs
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.publication.archive import ComparisonReleases
from bassetlaw_pipeline.settings import Settings
from bassetlaw_pipeline.warehouse.dbt_project import DbtPlaces, invoke
from bassetlaw_pipeline.warehouse.ledger_table import write_current, write_ledger, write_supply
from bassetlaw_pipeline.warehouse.parsed_project import manifest_of
from bassetlaw_pipeline.warehouse.published_before import write_published_before

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Result of `dbt build` and a connection to what it built."""
    settings = Settings(BASSETLAW_HOME=tmp_path_factory.mktemp("dbt"))
    places, contracts = DbtPlaces(settings), load_contracts()
    write_stubs(settings.home.accepted, contracts)
    write_ledger([], contracts, (None, None), places.ledger)
    write_supply([], contracts, "synthetic", (None, None), places.supply)
    write_current(settings.home, [], contracts, (None, None), places.current_delivery)
    write_published_before(ComparisonReleases(), {}, places.published_before)
    result = invoke(places, ["build"], manifest=manifest_of(places))
    with duckdb.connect(str(settings.home.build), read_only=True) as con:
        yield result, con


def test_everything_builds_without_a_single_delivery(outcome):
    result, _ = outcome
    assert [r.node.name for r in result.result if r.status not in {"success", "pass"}] == []


def test_every_source_lies_in_the_data_home_it_is_built_for(tmp_path):
    """The project is parsed once for all homes: a place that stays would be that of another home."""
    places = DbtPlaces(Settings(BASSETLAW_HOME=tmp_path))
    located = [source.meta["external_location"] for source in manifest_of(places).sources.values()]
    assert [place for place in located if str(tmp_path) not in place] == []


def test_unit_tests_ran(outcome):
    result, _ = outcome
    assert sum(r.node.resource_type == "unit_test" for r in result.result) >= 24


def test_the_population_spine_needs_no_delivery(outcome):
    """Mid-2017 residents of the district, all ages and adults, as published."""
    _, con = outcome
    query = """
        select sum(population), sum(population) filter (where age_from >= 18)
        from intermediate.int_population
        where area_code = 'E07000171' and list = 'resident' and population_year = 2017
    """
    assert con.execute(query).fetchone() == (116304, 93149)


def test_every_lsoa_belongs_to_one_ward_two_quintiles_and_the_district(outcome):
    _, con = outcome
    query = """
        select area_type, count(*), count(distinct area_code)
        from intermediate.int_area_member where member_code like 'E01%' group by all
    """
    assert set(con.execute(query).fetchall()) == {
        ("ward", 70, 25),
        ("imd_quintile", 140, 10),
        ("district", 70, 1),
    }
