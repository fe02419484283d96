"""Two releases side by side must not count 1 to 7 people."""

from __future__ import annotations

from itertools import product

import pytest

from bassetlaw_pipeline.disclosure.difference import (
    FEW,
    Range,
    Rule,
    gives_away,
    held,
    may_give_away,
    rule_of,
    rules,
    seen,
    total,
)

HES = Rule(hide_to=7, round_to=5)
COUNTS = range(61)


def published(count: int, rule: Rule) -> tuple[str, int | None]:
    """What the gate shows of a count, straight from the published rule."""
    if 1 <= count <= rule.hide_to:
        return "suppressed_primary", None
    return "shown", rule.round_to * ((count + rule.round_to // 2) // rule.round_to)


def known(count: int, rule: Rule) -> Range | None:
    status, shown = published(count, rule)
    return seen(shown, status, rule)


@pytest.mark.parametrize("name", ["hes2018", "ncmp", "mh5", "deaths", "staff"])
def test_the_range_of_a_published_count_is_exactly_what_could_lie_behind_it(name):
    rule = rules()[name]
    for count in COUNTS:
        alike = [n for n in range(100) if published(n, rule) == published(count, rule)]
        assert known(count, rule) == Range(min(alike), max(alike))


def test_counts_rounded_to_five_above_seven_never_give_a_few_people_away():
    """Exhaustive: this is why the HES rule needs nothing held back, whatever the correction."""
    assert not [pair for pair in product(COUNTS, COUNTS) if gives_away(*(known(n, HES) for n in pair))]


@pytest.mark.parametrize("name", ["hes2018", "mh5", "deaths", "staff"])
def test_a_pair_is_held_exactly_when_every_pair_like_it_differs_by_one_to_seven(name):
    """Against brute force over all counts that look the same."""
    rule = rules()[name]
    shown = {}
    for count in range(43):  # the last rounding group is whole
        shown.setdefault(published(count, rule), []).append(count)
    for old, new in product(shown, shown):
        if 0 in (old[1], new[1]):
            continue  # a published 0 beside a count only repeats the count
        sure = all(1 <= abs(b - a) <= FEW for a, b in product(shown[old], shown[new]))
        assert gives_away(seen(old[1], old[0], rule), seen(new[1], new[0], rule)) == sure, (old, new)


@pytest.mark.parametrize("parts", [2, 3])
def test_sums_of_rounded_counts_are_wider_still(parts):
    """The sum of any published cells of two releases, one of them corrected."""
    some = [known(n, HES) for n in (3, 8, 10, 13, 40)]
    for old in product(some, repeat=parts):
        for corrected in some:
            assert not gives_away(total(old), total([corrected, *old[1:]])) or Range(0, 0) in old


@pytest.mark.parametrize(
    ("policy", "old", "new", "is_held"),
    [
        ("hes2018", 10, 15, False),
        ("mh5", 5, 10, True),  # 5 to 7, then 8 to 12: 1 to 7 people more
        ("mh5", 10, 15, False),
        ("deaths", 12, 14, True),
        ("deaths", 12, 20, False),
        ("deaths", 0, 3, False),  # the 3 is published anyway
        ("open", 12, 14, False),
        ("official", 12, 14, False),
        ("nobody declared this", 12, 14, True),
    ],
)
def test_each_policy_is_held_where_its_rounding_does_not_protect(policy, old, new, is_held):
    old_row, new_row = ({"status": "shown", "numerator": n, "denominator": 500.5} for n in (old, new))
    assert held(old_row, new_row, policy, ["numerator"]) == ["numerator"] * is_held


def test_people_in_the_denominator_and_those_not_counted_are_people_too():
    def row(numerator, denominator):
        return {"status": "shown", "numerator": numerator, "denominator": denominator}

    parts = ["numerator", "denominator", "complement"]
    assert held(row(40, 100), row(40, 103), "deaths", parts) == ["denominator", "complement"]
    assert held(row(40, 100), row(80, 140), "deaths", parts) == []
    assert held(row(40, 100), row(80, 143), "deaths", parts) == ["complement"]
    assert held(row(40, 100), row(40, 103), "deaths", parts[:1]) == [], "person-time is no count"
    small = {"status": "suppressed_primary", "numerator": None, "denominator": 100}
    assert held(small, small | {"denominator": 103}, "deaths", parts) == ["denominator"]


@pytest.mark.parametrize("name", rules())
def test_releases_are_looked_up_for_every_policy_that_can_give_people_away(name):
    pairs = product((known(n, rules()[name]) for n in COUNTS), repeat=2)
    about_people = rules()[name].about_people
    assert may_give_away(rules()[name]) == (about_people and any(gives_away(*pair) for pair in pairs))


def test_an_unknown_policy_counts_as_unrounded():
    assert rule_of(None) == Rule(hide_to=FEW, round_to=1)
