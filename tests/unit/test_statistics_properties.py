"""What must hold of any data: containment, shrinkage, monotonicity, invariance. Many rows per query."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statistics_sql import rows

FEW = settings(max_examples=6, deadline=None, derandomize=True)
CALLS = {  # lower and upper limit of x events among n people
    "wilson": "{{ wilson_%s('x', 'n', %s) }}",
    "crude_rate": "{{ crude_rate_%s('x', 'n', %s) }}",
    "smr": "{{ smr_%s('x', 'n', %s) }}",
}
VALUES = {"wilson": "{{ proportion_value('x', 'n') }}", "crude_rate": "{{ crude_rate_value('x', 'n') }}",
          "smr": "{{ smr_value('x', 'n') }}"}  # fmt: skip
pairs = st.lists(
    st.tuples(st.integers(1, 400), st.integers(0, 5000)).map(lambda p: (p[0], p[0] + p[1])),
    min_size=5,
    max_size=30,
)
strata = st.lists(
    st.tuples(st.integers(1, 40), st.integers(50, 900), st.integers(1, 7000)), min_size=10, max_size=19
)


@pytest.mark.parametrize("method", CALLS)
@FEW
@given(pairs)
def test_intervals_contain_the_estimate_and_widen_with_confidence(method, drawn):
    levels = (0.9, 0.95, 0.998)
    limits = ", ".join(
        f"{CALLS[method] % (end, c)} AS {end}{i}" for i, c in enumerate(levels) for end in ("lower", "upper")
    )
    for r in rows(f"SELECT {VALUES[method]} AS v, {limits} FROM t", t=_table(drawn)):
        in_order = [r["lower2"], r["lower1"], r["lower0"], r["v"], r["upper0"], r["upper1"], r["upper2"]]
        assert all(a <= b * (1 + 1e-12) for a, b in itertools.pairwise(in_order))


@pytest.mark.parametrize("method", CALLS)
@FEW
@given(pairs)
def test_intervals_shrink_with_n(method, drawn):
    width = f"{CALLS[method] % ('upper', 0.95)} - ({CALLS[method] % ('lower', 0.95)})"
    base = rows(f"SELECT {width} AS w FROM t", t=_table(drawn))
    larger = rows(f"SELECT {width} AS w FROM t", t=_table([(4 * x, 4 * n) for x, n in drawn]))
    assert all(b["w"] < a["w"] for a, b in zip(base, larger, strict=True))


@FEW
@given(strata, st.randoms(use_true_random=False))
def test_dsr_is_the_same_to_the_last_digit_however_its_strata_come(drawn, chance):
    limits = "{{ dsr_lower('x', 'p', 'w') }} AS l, {{ dsr_upper('x', 'p', 'w') }} AS u"
    call = f"SELECT {{{{ dsr_value('x', 'p', 'w') }}}} AS v, {limits} FROM t"
    orders = [chance.sample(drawn, len(drawn)) for _ in range(8)]
    assert len({tuple(rows(call, t=_strata(order))[0].values()) for order in orders}) == 1


@FEW
@given(strata, st.floats(0.1, 0.9))
def test_dsr_ignores_splitting_a_stratum_with_equal_rates(drawn, share):
    limits = "{{ dsr_lower('x', 'p', 'w') }} AS l, {{ dsr_upper('x', 'p', 'w') }} AS u"
    call = f"SELECT {{{{ dsr_value('x', 'p', 'w') }}}} AS v, {limits} FROM t"
    split = [tuple(c * share for c in drawn[0]), tuple(c * (1 - share) for c in drawn[0]), *drawn[1:]]
    whole, parts = (rows(call, t=_strata(s))[0] for s in (drawn, split))
    assert parts == pytest.approx(whole, rel=1e-12)
    assert whole["l"] < whole["v"] < whole["u"]


@FEW
@given(strata)
def test_smr_of_the_standard_is_one(drawn):
    call = "SELECT {{ smr_value(observed_events('x'), expected_events('x', 'p', 'p')) }} AS v FROM t"
    assert rows(call, t=_strata(drawn))[0]["v"] == pytest.approx(1, rel=1e-12)


@FEW
@given(st.lists(st.integers(0, 40), min_size=19, max_size=19), st.integers(100, 300))
def test_life_expectancy_falls_when_a_death_is_added(younger, oldest):
    deaths = [*younger, oldest]
    ages = [0, 1, *range(5, 91, 5)]
    groups = [deaths] + [[d + (i == band) for i, d in enumerate(deaths)] for band in range(20)]
    table = {
        "g": [g for g in range(21) for _ in ages], "age_start": ages * 21,
        "deaths": list(itertools.chain(*groups)), "population": [800] * 20 * 21,
    }  # fmt: skip
    at_birth = rows(
        "SELECT * FROM ({{ life_expectancy('t', ['g']) }}) WHERE age_start = 0 ORDER BY g", t=table
    )
    assert all(row["value"] < at_birth[0]["value"] for row in at_birth[1:])


@FEW
@given(st.lists(st.integers(0, 30), min_size=14, max_size=40), st.randoms(use_true_random=False))
def test_spc_ignores_row_order(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    call = "SELECT * FROM ({{ spc_xmr('t', date='day', value='y') }}) ORDER BY day"
    days = list(range(len(values)))
    assert rows(call, t={"day": days, "y": values}) == rows(
        call, t={"day": order, "y": [values[i] for i in order]}
    )


@FEW
@given(st.lists(st.tuples(st.integers(500, 3000), st.floats(10, 90)), min_size=5, max_size=10))
def test_sii_changes_sign_when_deprivation_is_reversed(drawn):
    call = "SELECT * FROM ({{ slope_index('t', se='se', value_type='mean') }})"
    forward, backward = (rows(call, t=_quantiles(d))[0] for d in (drawn, drawn[::-1]))
    assert backward["sii"] == pytest.approx(-forward["sii"], rel=1e-9, abs=1e-9)
    assert backward["sii_ci95_lower"] == pytest.approx(-forward["sii_ci95_upper"], rel=1e-9, abs=1e-9)


def _table(drawn: list[tuple]) -> dict[str, list]:
    return {"x": [x for x, _ in drawn], "n": [n for _, n in drawn]}


def _strata(drawn: list[tuple]) -> dict[str, list]:
    return {name: [float(s[i]) for s in drawn] for i, name in enumerate(("x", "p", "w"))}


def _quantiles(drawn: list[tuple]) -> dict[str, list]:
    return {
        "quantile": list(range(1, len(drawn) + 1)), "population": [p for p, _ in drawn],
        "value": [v for _, v in drawn], "se": [1.0] * len(drawn),
    }  # fmt: skip
