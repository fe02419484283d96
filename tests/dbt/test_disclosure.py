"""The disclosure gate: small numbers stay hidden, everywhere, and what is shown gives nothing away."""

from __future__ import annotations

from itertools import product

import duckdb
import pytest
from small_warehouse import (
    DISCLOSURE,
    DISTRICT,
    LSOA_Q1,
    LSOA_Q5,
    ROLL_UP,
    RP5,
    VERDICTS,
    SmallWarehouse,
    months,
)
from sql_models import PROJECT, render

# Transcribed from published examples of the rule: count -> what is shown (None: hidden).
COUNTS = {
    0: 0, 1: None, 7: None, 8: 10, 9: 10, 10: 10, 12: 10, 13: 15, 17: 15, 18: 20, 22: 20, 23: 25, 97: 95,
    98: 100, 1002: 1000, 1003: 1005,
}  # fmt: skip
# numerator, denominator -> per cent from the rounded counts, one decimal
PERCENTAGES = {
    (3, 40): None, (8, 41): 25.0, (9, 9): 100.0, (0, 6): None, (0, 30): 0.0, (30, 30): 100.0, (28, 33): 85.7,
    (7, 100): None, (12, 13): 66.7,
}  # fmt: skip
FIGURES = "numerator, value, ci95_lower, ci95_upper, ci998_lower, ci998_upper"
PCNS = ("U05001", "U10748", "U82499")


def scalar(expression: str):
    return duckdb.connect().execute(f"SELECT {render(expression)}").fetchone()[0]


@pytest.mark.parametrize(("count", "shown"), {0: 5, 3: 5, 7: 5, 8: 10, 12: 10, 13: 15, 1002: 1000}.items())
def test_screening_counts_of_up_to_seven_are_all_shown_as_five(count, shown):
    assert scalar(f"{{{{ count_shown('{count}', \"'screening'\") }}}}") == shown


@pytest.mark.parametrize(("count", "shown"), COUNTS.items())
def test_a_count_under_hes2018(count, shown):
    assert scalar(f"{{{{ count_shown('{count}', \"'hes2018'\") }}}}") == shown


@pytest.mark.parametrize(("counts", "shown"), PERCENTAGES.items())
def test_a_percentage_is_that_of_the_rounded_counts(counts, shown):
    numerator, denominator = (f"{{{{ count_shown('{n}', \"'hes2018'\") }}}}" for n in counts)
    rounded = f"(SELECT {numerator} AS n, {denominator} AS d)"
    value = scalar("{{ proportion_value('n', 'd', 100) }} FROM " + rounded)
    assert (value if value is None else round(value, 1)) == shown


def test_a_policy_nobody_declared_hides_everything():
    assert scalar("{{ count_shown('1000000', \"'typo'\") }}") is None


def test_other_policies():
    assert scalar("{{ count_shown('3', \"'deaths'\") }}") == 3
    assert scalar("{{ count_shown('2', \"'deaths'\") }}") is None
    assert scalar("{{ count_shown('5', \"'mh5'\") }}") == 5
    assert scalar("{{ count_shown('4', \"'mh5'\") }}") is None
    assert scalar("{{ count_shown('1', \"'open'\") }}") == 1


def test_screening_lumps_small_practices_but_tells_an_empty_one():
    warehouse = SmallWarehouse().indicator(
        disclosure_policy="screening", disclosure_gate="screening", area_types="district|ward"
    )
    warehouse.counts([("2019-01", LSOA_Q1, 3, 14), ("2019-01", LSOA_Q5, 0, 0)]).build()
    shown = warehouse.all(
        "SELECT numerator, denominator, value_status FROM fct_indicator_value WHERE denominator IS NOT NULL"
    )
    assert set(shown) == {(5, 15, "not_calculated_small"), (0, 0, "not_applicable")}


@pytest.fixture(scope="module")
def counts_0_to_60():
    """A monthly count of 0, 1, 2 … 60 events."""
    warehouse = SmallWarehouse().indicator(method="count")
    warehouse.counts((month, DISTRICT, n) for n, month in enumerate(months("2014-01", 61)))
    return warehouse.build()


def test_nothing_between_1_and_7_is_shown_and_the_rest_is_rounded(counts_0_to_60):
    exact = "SELECT numerator FROM fct_indicator_value_all ORDER BY period_id"
    shown = "SELECT numerator, value_status FROM fct_indicator_value ORDER BY period_id"
    for (n,), (seen, status) in zip(counts_0_to_60.all(exact), counts_0_to_60.all(shown), strict=True):
        hidden = 1 <= n <= 7
        assert (seen, status) == (
            (None, "suppressed_primary") if hidden else (5 * ((n + 2) // 5), "shown")
        ), n


def test_a_suppressed_row_shows_neither_value_nor_interval(counts_0_to_60):
    query = f"SELECT DISTINCT {FIGURES} FROM fct_indicator_value WHERE value_status LIKE 'suppressed%'"
    assert counts_0_to_60.all(query) == [(None,) * 6]


def test_rows_with_the_same_rounded_count_look_the_same(counts_0_to_60):
    """So the interval does not give the exact count back."""
    query = f"SELECT count(DISTINCT ({FIGURES})) FROM fct_indicator_value WHERE numerator = 30"
    assert counts_0_to_60.one(query) == (1,)


SHARES = ((5, 100), (95, 100), (0, 6), (31, 101), (40, 40), (20, 48))


def test_a_share_hides_small_numerators_small_complements_and_small_bases():
    cases = dict(zip(months("2019-01", 6), SHARES, strict=True))
    warehouse = SmallWarehouse().indicator()
    warehouse.counts((month, LSOA_Q1, n, d) for month, (n, d) in cases.items()).build()
    columns = "period_id, value_status, numerator, denominator, value, small_base"
    assert warehouse.all(f"SELECT {columns} FROM fct_indicator_value ORDER BY period_id") == [
        ("2019-01", "suppressed_primary", None, 100, None, False),
        ("2019-02", "suppressed_primary", None, 100, None, False),
        ("2019-03", "suppressed_primary", None, None, None, False),
        ("2019-04", "shown", 30, 100, 30, False),
        ("2019-05", "not_calculated_small", 40, 40, None, True),
        ("2019-06", "not_calculated_small", 20, 50, None, True),
    ]
    limits = warehouse.one(
        "SELECT ci95_lower, ci998_upper FROM fct_indicator_value WHERE period_id = '2019-04'"
    )
    assert limits == (
        scalar("round({{ wilson_lower('30', '100', 0.95, 100) }}, 1)"),
        scalar("round({{ wilson_upper('30', '100', 0.998, 100) }}, 1)"),
    )


def test_a_percentage_of_few_premises_counted_exactly_is_given():
    """G-43 is about rounded counts: 10 of 15 for 12 of 13. Open counts are exact."""
    warehouse = SmallWarehouse().indicator(disclosure_gate="open")
    warehouse.counts([("2019-01", LSOA_Q1, 12, 13)]).build()
    assert warehouse.one("SELECT value_status, value FROM fct_indicator_value") == ("shown", 92.3)


def test_wards_with_a_prison_or_a_secure_hospital_show_no_deaths():
    """By ward only: the district counts them. Other subjects are shown there."""
    ward = "SELECT lsoa11_code FROM lsoa11 JOIN ward USING (ward17_code) WHERE institution IS NOT NULL"
    for kept, status in (("restricted", "suppressed_primary"), ("published", "shown")):
        warehouse = SmallWarehouse().indicator(
            method="count", area_types="district|ward", institution_wards=kept
        )
        lsoas = [lsoa for (lsoa,) in sorted(warehouse.all(ward))]
        warehouse.counts(("2019-01", lsoa, 100) for lsoa in lsoas).build()
        found = warehouse.all("""
            SELECT DISTINCT value_status, numerator IS NULL FROM fct_indicator_value
            JOIN int_area USING (area_code) WHERE institution IS NOT NULL
        """)
        assert found == [(status, kept == "restricted")]
        assert warehouse.one(f"SELECT numerator FROM fct_indicator_value WHERE area_code = '{DISTRICT}'") == (
            100 * len(lsoas),
        )


def sensitive(is_sensitive: bool, counts: dict[str, tuple[int, int]], **changes) -> SmallWarehouse:
    warehouse = SmallWarehouse().indicator(sensitive=is_sensitive or None, **changes)
    return warehouse.counts((month, LSOA_Q1, *pair) for month, pair in counts.items())


def test_of_sensitive_subjects_nobody_and_everybody_of_a_small_group_are_hidden():
    """0 of 49 says of each of the 49 that it was not they."""
    cells = ((0, 49), (49, 49), (12, 49), (0, 50), (50, 50))
    counts = dict(zip(months("2019-01", len(cells)), cells, strict=True))
    columns = "numerator, denominator, value, value_status, status_reason"
    query = f"SELECT {columns} FROM fct_indicator_value ORDER BY period_id"
    few = "suppressed_primary", "too few people"
    too_few = "not_calculated_small", "fewer than about 50 people, too few for a percentage"
    hidden, seen = (None, 50, None, *few), [(n, 50, None, *too_few) for n in (10, 0, 50)]
    assert sensitive(True, counts).build().all(query) == [hidden, hidden, *seen]
    assert [n for n, *_ in sensitive(False, counts).build().all(query)] == [0, 50, 10, 0, 50]


def test_occasions_are_nobodys_and_stay_as_they_are():
    """103 patients on four censuses are shown as 105; a handful of patients stays hidden."""
    warehouse = SmallWarehouse().indicator(method="ratio", multiplier=1.0, denominator_of="occasions")
    warehouse.counts([("2018-01", DISTRICT, 103, 4), ("2018-02", DISTRICT, 7, 4)]).build()
    shown = warehouse.all("SELECT numerator, denominator, value FROM fct_indicator_value ORDER BY period_id")
    assert shown == [(105, 4, 26.3), (None, 4, None)]


def test_official_and_open_figures_are_left_as_they_are():
    warehouse = SmallWarehouse()
    warehouse.indicator(area_types="district|provider", official_area_types="provider")
    warehouse.indicator("y", method="count", disclosure_gate="open")
    warehouse.counts([("2019-01", RP5, 3, 11), ("2019-01", LSOA_Q1, 3, 11)])
    warehouse.counts([("2019-01", LSOA_Q1, 3)], "y").build()
    columns = "indicator_id, area_code, value_status, numerator"
    query = f"SELECT {columns} FROM fct_indicator_value WHERE area_code IN ('{RP5}', '{DISTRICT}')"
    assert sorted(warehouse.all(query)) == [
        ("x", DISTRICT, "suppressed_primary", None),
        ("x", RP5, "official", 3),
        ("y", DISTRICT, "shown", 3),
    ]


def standardised(events: int, month: str) -> list[tuple]:
    bands = {"65-69": events - events // 3, "80-84": events // 3}
    return [(month, LSOA_Q1, n, None, None, band) for band, n in bands.items()]


@pytest.fixture(scope="module")
def standardised_rates():
    warehouse = SmallWarehouse().indicator(
        method="dsr", multiplier=100000, population_basis="person_years", population_min_age=65
    )
    for events, month in zip((9, 10, 12, 18, 40, 42), months("2019-01", 6), strict=True):
        warehouse.counts(standardised(events, month))
    return warehouse.build()


def test_too_few_events_are_not_standardised_and_few_are_flagged(standardised_rates):
    query = "SELECT value_status, numerator, value IS NULL FROM fct_indicator_value ORDER BY period_id"
    assert standardised_rates.all(query) == [
        ("not_calculated_small", None, True),
        ("unreliable_u", 10, False),
        ("unreliable_u", 10, False),
        ("unreliable_u", 20, False),
        ("shown", 40, False),
        ("shown", 40, False),
    ]


def test_a_standardised_interval_is_that_of_the_rounded_count(standardised_rates):
    """(upper - rate) / (rate - lower) is a function of the count alone: of the rounded one, not of 42."""
    byar = render("({{ byar_upper('n') }} - n) / (n - {{ byar_lower('n') }})")
    query = f"""
        SELECT (carried_ci95_upper - carried_value) / (carried_value - carried_ci95_lower),
            (SELECT {byar} FROM (SELECT 40.0::DOUBLE AS n))
        FROM rst_released WHERE period_id = '2019-06'
    """
    found, rounded = standardised_rates.one(query)
    assert found == pytest.approx(rounded, rel=1e-9)


def test_limits_of_few_events_are_those_of_the_count_alone(standardised_rates):
    """Dobson's scale tells the ages of few events apart, however few digits are given."""
    found = standardised_rates.one("""
        SELECT carried_ci95_lower / carried_value, carried_ci95_upper / carried_value
        FROM rst_released WHERE period_id = '2019-04'
    """)
    byar = [scalar(f"{{{{ byar_{side}('20.0') }}}} / 20") for side in ("lower", "upper")]
    assert found == pytest.approx(byar, rel=1e-9)


def pcn_counts(cells: list[tuple[int, int, int]]) -> SmallWarehouse:
    """A count of the district, split into its three PCNs: one month per triple."""
    warehouse = SmallWarehouse().indicator(method="count", area_types="district|pcn")
    rows = [
        (month, LSOA_Q1, n, None, pcn)
        for month, triple in zip(months("2000-01", len(cells)), cells, strict=True)
        for n, pcn in zip(triple, PCNS, strict=True)
    ]
    warehouse.con.execute("UPDATE indicator_registry SET starts = DATE '2000-01-01'")
    return warehouse.counts(rows).build()


def seen(warehouse: SmallWarehouse) -> dict[str, dict[str, tuple[str, float | None]]]:
    found: dict[str, dict] = {}
    for period, area, status, n in warehouse.all(
        "SELECT period_id, area_code, value_status, numerator FROM fct_indicator_value"
    ):
        found.setdefault(period, {})[area] = (status, n)
    return found


def allowed(status: str, shown: float | None) -> range:
    """Counts a reader must allow for."""
    if status == "suppressed_primary":
        return range(1, 8)
    if status == "suppressed_secondary":
        return range(60)
    return range(1) if shown == 0 else range(max(8, int(shown) - 2), int(shown) + 3)


def test_no_hidden_count_can_be_worked_out():
    """By brute force over every way the published numbers could have come about: three candidates remain."""
    cells = [(hidden, n, third) for hidden, n, third in product((1, 4, 7), (0, 8, 11, 13, 22), (0, 9, 12))]
    warehouse = pcn_counts(cells)
    for period, areas in seen(warehouse).items():
        total = allowed(*areas[DISTRICT])
        options = [allowed(*areas[pcn]) for pcn in PCNS]
        possible = [c for c in product(*options) if sum(c) in total]
        for at, pcn in enumerate(PCNS):
            if areas[pcn][0] == "suppressed_primary" and areas[DISTRICT][0] == "shown":
                assert len({c[at] for c in possible}) >= 3, (period, areas)


def test_a_total_of_two_parts_is_protected():
    """Total 18 shown 20, visible 11 shown 10: the hidden 7 could only be 6 or 7, so the 11 is hidden too."""
    (areas,) = seen(pcn_counts([(7, 11, 0)])).values()
    assert areas[PCNS[0]] == ("suppressed_primary", None)
    assert areas[PCNS[1]] == ("suppressed_secondary", None)
    assert areas[DISTRICT] == ("shown", 20)


def test_without_rounding_a_lone_hidden_count_takes_its_smallest_neighbour_with_it():
    warehouse = SmallWarehouse()
    warehouse.indicator(method="count", area_types="district|pcn", disclosure_gate="deaths")
    cells = zip((2, 30, 12), PCNS, strict=True)
    warehouse.counts(("2019-01", LSOA_Q1, n, None, pcn) for n, pcn in cells).build()
    assert [seen(warehouse)["2019-01"][pcn][0] for pcn in PCNS] == [
        "suppressed_primary",
        "shown",
        "suppressed_secondary",
    ]


def test_lowering_a_cell_to_seven_makes_it_vanish_everywhere():
    before, after = (seen(pcn_counts([(n, 30, 30)]))["2000-01"] for n in (8, 7))
    assert before[PCNS[0]] == ("shown", 10)
    assert after[PCNS[0]] == ("suppressed_primary", None)


@pytest.fixture(scope="module")
def ward_gap():
    warehouse = SmallWarehouse().indicator(
        method="smr", standard="circulatory", population_basis="person_years", population_max_age=74,
        area_types="district|ward|imd_quintile", period_types="pooled_3y",
        headline_period="pooled_3y", headline="ward_gap", restricted_area_types="ward",
        comparator_area="E92000001",
    )  # fmt: skip
    warehouse.con.execute("""
        INSERT INTO int_indicator_counts
            (indicator_id, period_start, area_code, pcn_code, sex, age_band, numerator, denominator)
        SELECT 'x', (DATE '2018-04-01' + i * INTERVAL 1 MONTH)::DATE, lsoa11_code, NULL, NULL, '60-64',
            imd19_quintile % 3 + (i = 0)::INTEGER, NULL
        FROM lsoa11, range(36) AS t (i)
    """)
    return warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)


def test_a_gap_between_wards_is_published_and_no_ward(ward_gap):
    wards = """
        SELECT DISTINCT value_status, numerator, denominator, value
        FROM fct_indicator_value JOIN ward ON ward17_code = area_code
    """
    assert ward_gap.all(wards) == [("suppressed_primary", None, None, None)]
    gap, by_chance, wards = ward_gap.one("SELECT gap, gap_by_chance, wards FROM fct_inequality")
    assert gap > 0 and by_chance > 0 and wards == 25
    assert gap % 25 == 0


SINGULAR = sorted(p for p in (PROJECT / "tests").glob("*.sql") if not p.stem.startswith("scorecard"))


@pytest.mark.parametrize("path", SINGULAR, ids=lambda p: p.stem)
def test_the_singular_tests_of_the_project_hold(path, ward_gap):
    assert ward_gap.all(render(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("test", "harm"),
    {
        "suppressed_rows_show_nothing": "UPDATE {} SET value = 1 WHERE value_status LIKE 'supp%'",
        "published_counts_are_rounded": "UPDATE {} SET numerator = 3 WHERE numerator = 20",
        "every_expected_value_has_a_row": "DELETE FROM {} WHERE area_code = 'U05001'",
    }.items(),
    ids=lambda text: text.split()[0],
)
def test_the_singular_tests_notice(test, harm):
    warehouse = pcn_counts([(7, 11, 0)])
    warehouse.con.execute(harm.format("fct_indicator_value"))
    assert warehouse.all(render((PROJECT / "tests" / f"{test}.sql").read_text("utf-8"))) != []


def test_the_same_people_are_hidden_in_every_split():
    """By ward and by quintile; otherwise one table would give away the other."""
    warehouse = SmallWarehouse().indicator(method="count", area_types="ward|imd_quintile")
    warehouse.counts([("2019-01", LSOA_Q1, 5), ("2019-01", LSOA_Q5, 50)]).build()
    query = "SELECT count(*) FROM fct_indicator_value WHERE value_status = 'suppressed_primary'"
    assert warehouse.one(query) == (2,)
