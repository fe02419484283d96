"""Secondary suppression and the attack on it, on tables small enough to be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from bassetlaw_pipeline.disclosure import intruder
from bassetlaw_pipeline.disclosure import protect as protection
from bassetlaw_pipeline.disclosure.counts import UNBOUNDED, Counts
from bassetlaw_pipeline.disclosure.elimination import free_numbers
from bassetlaw_pipeline.disclosure.intruder import bounds, exposed
from bassetlaw_pipeline.disclosure.propagation import certain_bounds
from bassetlaw_pipeline.disclosure.protect import protect
from bassetlaw_pipeline.disclosure.solver import GaveUp
from bassetlaw_pipeline.disclosure.witnesses import Witnesses

Sum = tuple[str, list[str]]  # total and its parts


def table(exact: dict[str, float], sums: list[Sum], rounded: bool = True) -> Counts:
    """Counts after primary suppression: 1 to 7 hidden, the rest rounded to 5, or left as it is."""
    keys, n = list(exact), np.array(list(exact.values()), float)
    hidden = (n > 0) & (n < 8)
    shown, slack = (5 * np.floor((n + 2) / 5), 2) if rounded else (n, 0)
    known = np.isnan(n)
    low = np.select([known, n == 0, hidden], [0, 0, 1], np.maximum(shown - slack, 8))
    high = np.select([known, n == 0, hidden], [UNBOUNDED, 0, 7], shown + slack)
    matrix = np.zeros((len(sums), len(keys)))
    for row, (total, components) in zip(matrix, sums, strict=True):
        row[keys.index(total)] = -1
        row[[keys.index(component) for component in components]] = 1
    required = 3 if rounded else 2
    return Counts(
        keys=np.array(keys), low=low, high=high, exact=n, required=np.where(hidden, required, 0),
        required_once_hidden=np.full(len(n), required),
        cost=np.select([known, hidden, n == 0], [np.inf, 20, 1000], 1 + np.sqrt(n)),
        hidden_with=np.full(len(n), -1), sums=sparse.csr_array(matrix), off_low=np.zeros(len(sums)),
        off_high=np.zeros(len(sums)),
    )  # fmt: skip


def hidden_to_protect(counts: Counts) -> list[str]:
    found = protect(counts)
    assert not found.unprotected
    assert exposed(counts.hiding(np.array(found.hide, int))) == []
    return [str(counts.keys[p]) for p in found.hide]


def test_eighteen_without_eleven_is_seven():
    """Total 18 shown 20, visible 11 shown 10: the hidden 7 can only be 6 or 7."""
    counts = table({"all": 18, "a": 7, "b": 11, "c": 0}, [("all", ["a", "b", "c"])])
    assert bounds(counts, 1) == pytest.approx((6, 7))
    assert [(e.key, e.candidates) for e in exposed(counts)] == [("a", 2)]
    assert hidden_to_protect(counts) == ["b"]


def test_without_rounding_a_lone_hidden_count_takes_the_cheapest_neighbour():
    counts = table({"all": 44, "a": 2, "b": 30, "c": 12}, [("all", ["a", "b", "c"])], rounded=False)
    assert hidden_to_protect(counts) == ["c"]


def test_two_hidden_counts_do_not_protect_each_other_when_another_sum_tells_one():
    """By row a and b protect each other, but b alone is hidden in its column: one group at a time sees
    nothing.
    """
    exact = {"all": 62, "r1": 26, "a": 5, "b": 6, "c": 15, "d": 36, "cd": 21, "col": 42}
    counts = table(exact, [("r1", ["a", "b", "c"]), ("all", ["r1", "d"]), ("col", ["b", "d"])], rounded=False)
    assert [e.key for e in exposed(counts)] == ["a", "b"]
    assert hidden_to_protect(counts)


def test_overlapping_splits_of_one_total_are_attacked_together():
    """The district is not published: wards say nothing of each other, until quintiles tell what they add up
    to.
    """
    wards, quintiles = {"w1": 7, "w2": 11}, {"q1": 18, "q2": 0}
    sums = [("all", list(wards)), ("all", list(quintiles))]
    alone = table({"all": np.nan, **wards}, sums[:1])
    both = table({"all": np.nan, **wards, **quintiles}, sums)
    assert bounds(alone, 1) == pytest.approx((1, 7))
    assert bounds(both, 1) == pytest.approx((6, 7))
    assert hidden_to_protect(alone) == []
    assert hidden_to_protect(both) == ["w2"]


def rolling(months: list[int], rounded: bool) -> Counts:
    """Two overlapping years: what they have not in common is two single months, both published."""
    exact = {f"m{i}": np.nan for i in range(13)} | {"first": sum(months[:12]), "second": sum(months[1:])}
    exact |= {"m0 published": months[0], "m12 published": months[12]}
    sums = [
        ("first", [f"m{i}" for i in range(12)]),
        ("second", [f"m{i}" for i in range(1, 13)]),
        ("m0 published", ["m0"]),
        ("m12 published", ["m12"]),
    ]
    return table(exact, sums, rounded)


def test_the_difference_of_overlapping_years_tells_a_month():
    counts = rolling([20] * 12 + [4], rounded=False)
    assert [e.key for e in exposed(counts)] == ["m12 published"]
    assert len(hidden_to_protect(counts)) == 1


def test_a_small_total_of_hidden_parts_does_not_even_tell_that_it_is_small():
    """Seven parts of at least 1 in a total of at most 7 are 1 each: no further part could be hidden."""
    components = {f"p{i}": 1 for i in range(7)}
    counts = table({"all": 7, **components}, [("all", list(components))])
    assert len(exposed(counts)) == 8
    assert hidden_to_protect(counts) == ["all"]


def test_a_denominator_takes_its_numerator_along():
    exact = {"all": 94, "a": 2, "b": 80, "c": 12, "numerator of c": 10}
    counts = table(exact, [("all", ["a", "b", "c"])], rounded=False)
    counts = replace(counts, hidden_with=np.where(counts.keys == "c", 4, -1))
    assert hidden_to_protect(counts) == ["c", "numerator of c"]


def test_parts_that_fall_short_of_their_total_do_not_stop_the_search():
    """Somebody has no known ward: the reader is taken to know how many."""
    counts = table({"all": 50, "a": 5, "b": 30, "c": 12}, [("all", ["a", "b", "c"])], rounded=False)
    assert hidden_to_protect(counts) == []
    assert bounds(counts, 1) == pytest.approx((5, 7))


def test_counts_that_have_nothing_to_do_with_each_other_are_taken_apart():
    exact = {"x": 18, "a": 7, "b": 11, "y": 40, "c": 20, "d": 20, "z": 18, "e": 7, "f": 11}
    counts = table(exact, [("x", ["a", "b"]), ("y", ["c", "d"]), ("z", ["e", "f"])])
    assert [list(counts.keys[p]) for p in counts.components()] == [["x", "a", "b"], ["z", "e", "f"]]
    assert hidden_to_protect(counts) == ["b", "f"]


def test_lowering_nine_to_seven_hides_everything_that_it_could_be_derived_from():
    nine, seven = (table({"all": 20 + n, "a": n, "b": 20}, [("all", ["a", "b"])], False) for n in (9, 7))
    assert hidden_to_protect(nine) == []
    assert hidden_to_protect(seven) == ["b"]


@st.composite
def hierarchies(draw) -> Counts:
    """Areas by quarters, both with totals, a second split of the areas, and a year that overlaps."""
    areas, quarters = draw(st.integers(2, 4)), draw(st.integers(2, 5))
    n = np.array(draw(st.lists(st.integers(0, 16), min_size=areas * quarters, max_size=areas * quarters)))
    n = np.c_[n.reshape(quarters, areas), np.zeros((quarters, 0), int)]
    exact, sums = {}, []
    for q in range(quarters):
        exact |= {f"{q}/{a}": n[q, a] for a in range(areas)} | {f"{q}/all": n[q].sum()}
        half = areas // 2
        exact |= {f"{q}/left": n[q, :half].sum(), f"{q}/right": n[q, half:].sum()}
        sums += [(f"{q}/all", [f"{q}/{a}" for a in range(areas)]), (f"{q}/all", [f"{q}/left", f"{q}/right"])]
        sums += [(f"{q}/left", [f"{q}/{a}" for a in range(half)])]
    for name, (first, last) in {"year": (0, quarters), "rolling": (1, quarters)}.items():
        for a in [*range(areas), "all"]:
            exact[f"{name}/{a}"] = sum(exact[f"{q}/{a}"] for q in range(first, last))
            sums.append((f"{name}/{a}", [f"{q}/{a}" for q in range(first, last)]))
    return table({k: float(v) for k, v in exact.items()}, sums, rounded=draw(st.booleans()))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(hierarchies())
def test_no_hidden_count_of_any_hierarchy_can_be_worked_out(counts):
    """Every interval bounded by two programmes of another solver, over all sums together as they stand."""
    found = protect(counts)
    assert not found.unprotected
    protected = counts.hiding(np.array(found.hide, int))
    for position in np.flatnonzero(protected.required):
        low, high = by_two_programmes(protected.completed(), int(position))
        assert (low, high) == pytest.approx(bounds(protected, int(position)), abs=1e-4)
        assert np.floor(high + 1e-4) - np.ceil(low - 1e-4) + 1 >= protected.required[position]


def by_two_programmes(counts: Counts, position: int) -> tuple[float, float]:
    unit = np.eye(len(counts))[position]
    limits = {"bounds": np.c_[counts.low, counts.high], "A_ub": sparse.vstack([counts.sums, -counts.sums])}
    limits["b_ub"] = np.r_[counts.off_high, -counts.off_low]
    low, high = (linprog(sign * unit, **limits).x[position] for sign in (1, -1))
    return low, high


def _gives_up(*_args, **_kwargs):
    raise GaveUp("out of nodes")


@settings(max_examples=10, deadline=None, derandomize=True)
@given(hierarchies())
def test_where_the_search_gives_up_everything_near_is_hidden(counts):
    """Too much is hidden then, and nothing can be worked out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protection, "solve_whole", _gives_up)
        hidden_to_protect(counts)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(hierarchies())
def test_what_each_sum_tells_is_never_narrower_than_what_all_tell(counts):
    completed = counts.completed()
    least, most = certain_bounds(completed)
    for position in np.flatnonzero(completed.required):
        low, high = by_two_programmes(completed, int(position))
        assert least[position] <= low + 1e-6 and high - 1e-6 <= most[position]


@settings(max_examples=10, deadline=None, derandomize=True)
@given(hierarchies(), st.integers(0, 3))
def test_where_nearly_all_counts_are_small_nothing_is_worked_out_either(counts, many):
    """More suspects than a programme each is worth: first neighbours are hidden, then all up to a size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protection, "_MANY", many)
        hidden_to_protect(counts)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(hierarchies())
def test_moving_many_counts_together_does_not_change_what_an_attack_finds(counts):
    one_by_one = exposed(counts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intruder, "_WORTH_IT", 0)
        assert exposed(counts) == one_by_one


@settings(max_examples=20, deadline=None, derandomize=True)
@given(hierarchies())
def test_the_free_numbers_tell_all_counts_and_nothing_else(counts):
    sums, told = counts.sums.toarray(), free_numbers(counts.sums).toarray()
    assert not (sums @ told).any()
    assert (told == np.round(told)).all()
    assert np.linalg.matrix_rank(told) == told.shape[1] == len(counts) - np.linalg.matrix_rank(sums)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(hierarchies())
def test_protecting_again_changes_nothing(counts):
    once = counts.hiding(np.array(protect(counts).hide, int))
    assert protect(once).hide == []
    assert all(a < b for a, b in pairwise(protect(counts).hide))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(hierarchies(), st.randoms(use_true_random=False))
def test_remembered_ways_do_not_change_what_an_attack_finds(counts, chance):
    """Neither for what was protected, nor where more is published than the ways were found for."""
    witnesses = Witnesses()
    protected = counts.hiding(np.array(protect(counts, witnesses).hide, int))
    assert exposed(protected, witnesses) == []
    hidden = np.flatnonzero(protected.required)
    told = [p for p in hidden if chance.random() < 0.4]
    low, high, required = protected.low.copy(), protected.high.copy(), protected.required.copy()
    low[told], high[told], required[told] = counts.exact[told], counts.exact[told], 0
    more = replace(protected, low=low, high=high, required=required)
    assert exposed(more, witnesses) == exposed(more)


def test_what_was_protected_is_attacked_without_a_programme(monkeypatch):
    counts = table({"all": 18, "a": 7, "b": 11, "c": 0}, [("all", ["a", "b", "c"])])
    witnesses = Witnesses()
    protected = counts.hiding(np.array(protect(counts, witnesses).hide, int))
    monkeypatch.setattr(intruder, "PerturbationProgramme", None)
    assert exposed(protected, witnesses) == []
    witnesses.clear()
    with pytest.raises(TypeError):
        exposed(protected, witnesses)
