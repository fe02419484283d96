"""Women and men: counts and populations of a sex, and the life table that needs them."""

from __future__ import annotations

import pytest
from small_warehouse import (
    DISCLOSURE,
    DISTRICT,
    LSOA_Q1,
    ROLL_UP,
    VERDICTS,
    SmallWarehouse,
    months,
)

pytestmark = pytest.mark.slow
EVERY_AGE = [age for age in range(95) for _ in range(2)]


def by_sex(warehouse: SmallWarehouse, columns: str) -> dict[str, list]:
    """Figures of the district by sex."""
    where = f"area_code = '{DISTRICT}' AND period_id = '2018-05'"
    rows = warehouse.all(f"SELECT sex, {columns} FROM fct_indicator_value_all WHERE {where}")
    return {sex: list(rest) for sex, *rest in rows}


def test_a_sex_has_its_own_counts_and_persons_have_them_all():
    warehouse = SmallWarehouse().indicator(sexes="persons|female|male")
    warehouse.counts(
        [
            ("2018-05", LSOA_Q1, 10, 40, None, None, "female"),
            ("2018-05", LSOA_Q1, 20, 50, None, None, "male"),
            ("2018-05", LSOA_Q1, 1, 10, None, None, None),
        ]
    ).build(ROLL_UP)
    assert by_sex(warehouse, "numerator, denominator") == {
        "persons": [31, 100],
        "female": [10, 40],
        "male": [20, 50],
    }


def test_the_population_of_a_sex_is_its_share_of_the_lists():
    """Three women to one man on the lists at every age: three quarters of the residents."""
    warehouse = SmallWarehouse().indicator(
        sexes="persons|female", method="crude_rate", population_basis="persons"
    )
    warehouse.listed(LSOA_Q1, "female", [*EVERY_AGE, *EVERY_AGE, *EVERY_AGE]).listed(
        LSOA_Q1, "male", EVERY_AGE
    )
    warehouse.counts([("2018-05", LSOA_Q1, 9, None, None, None, "female")]).build(ROLL_UP)
    found = by_sex(warehouse, "denominator")
    assert found["female"][0] == pytest.approx(0.75 * found["persons"][0], abs=0.01)


def test_a_hidden_sex_hides_the_other_too():
    """27 persons, 25 of them men, nothing rounded: the 2 women would be a subtraction away."""
    warehouse = SmallWarehouse().indicator(
        sexes="persons|female|male", method="count", disclosure_gate="deaths"
    )
    counts = [("female", 2), ("male", 25)]
    warehouse.counts(("2018-05", LSOA_Q1, n, None, None, None, sex) for sex, n in counts)
    warehouse.build(ROLL_UP, DISCLOSURE)
    found = warehouse.all(
        f"SELECT sex, value_status FROM fct_indicator_value WHERE area_code = '{DISTRICT}' ORDER BY sex"
    )
    assert found == [("female", "suppressed_primary"), ("male", "suppressed_secondary"), ("persons", "shown")]


@pytest.fixture(scope="module")
def life_tables() -> SmallWarehouse:
    """Five years of deaths of women, one a month in each LSOA, but in one ward none at 90 and over."""
    warehouse = SmallWarehouse().indicator(
        title="Gap between wards in life expectancy", value_title="Life expectancy at birth",
        method="life_expectancy", multiplier=1.0, unit="years", direction="up", sexes="female",
        population_basis="person_years", area_types="district|ward", period_types="pooled_5y",
        headline_period="pooled_5y", headline="ward_gap", pooled_years="calendar",
    )  # fmt: skip
    warehouse.listed(LSOA_Q1, "female", EVERY_AGE).listed(LSOA_Q1, "male", EVERY_AGE)
    bands = ["0", "1-4", *(f"{a}-{a + 4}" for a in range(5, 90, 5)), "90+"]
    (spared,) = warehouse.one(
        "SELECT min(lsoa11_code) FROM lsoa11 WHERE ward17_code = (SELECT max(ward17_code) FROM lsoa11)"
    )
    for (lsoa,) in warehouse.all("SELECT lsoa11_code FROM lsoa11"):
        warehouse.counts(
            (month, lsoa, 1, None, None, band, "female")
            for month, band in zip(months("2016-01", 60), bands * 3, strict=True)
            if not (lsoa in spared and band == "90+")
        )
    return warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)


def test_a_life_expectancy_is_published_to_a_tenth_of_a_year(life_tables):
    exact = life_tables.one(f"SELECT value FROM fct_indicator_value_all WHERE area_code = '{DISTRICT}'")[0]
    value, numerator = life_tables.one(
        f"SELECT value, numerator FROM fct_indicator_value WHERE area_code = '{DISTRICT}'"
    )
    assert 45 < exact < 95
    assert value == pytest.approx(round(exact, 1))
    assert numerator % 5 == 0


def test_a_longer_life_is_better_and_a_smaller_gap_is(life_tables):
    assert life_tables.one("SELECT direction, headline_direction FROM dim_indicator") == ("up", "down")
    assert life_tables.one("SELECT direction FROM scorecard") == ("down",)


def test_the_gap_in_life_expectancy_leaves_wards_without_one_out(life_tables):
    wards, gap, by_chance, status = life_tables.one(
        "SELECT wards, gap, gap_by_chance, value_status FROM fct_inequality"
    )
    missing = life_tables.one(
        "SELECT count(*) FROM fct_indicator_value_all WHERE value_status = 'not_calculated_small'"
    )[0]
    assert status == "shown"
    assert wards == 25 - missing < 25
    assert gap > 0 and by_chance > 0


def test_the_sentence_speaks_of_years(life_tables):
    (sentence,) = life_tables.one("SELECT narrative FROM scorecard")
    assert " years between the highest and the lowest ward in 2016 to 2020" in sentence


def test_a_place_s_figure_carries_the_name_of_the_figure_and_whose_it_is(life_tables):
    """Never the title of the gap, nor the figure of one sex under another's name."""
    life_tables.build(("mart_improve_outcomes",))
    titles = life_tables.all("SELECT DISTINCT title FROM mart_improve_outcomes")
    assert titles == [("Life expectancy at birth, women",)]
    assert life_tables.one("SELECT title FROM scorecard") == ("Gap between wards in life expectancy",)
