"""Conforming rows and deliveries: every row accounted for, and where it comes from."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_cases import CON, KEY, MAY, arrival, cells, codes, column, contract, run

from bassetlaw_pipeline.contracts.model import Layout, PeriodSpec, RowRule, Table
from bassetlaw_pipeline.intake.cast import row_rules
from bassetlaw_pipeline.intake.cast.conform import Part, RowsLost, conform, ensure_conserved
from bassetlaw_pipeline.intake.model import TableCounts
from bassetlaw_pipeline.settings import Settings

ID = column("id", key=True)


def test_a_bad_value_takes_its_row_out_and_says_only_where():
    agreed = contract(ID, column("x", logical_type="integer"))
    found, accepted, quarantined = run(agreed, {"id": "a", "x": "secret"}, {"id": "b", "x": "1"})
    assert [row["id"] for row in accepted] == ["b"]
    [row] = quarantined
    assert (row["_row_number"], row["codes"], row["columns"]) == (2, ["VALUE_NUMBER"], ["x"])
    [finding] = found.findings
    assert (finding.code, finding.outcome, finding.rows) == ("VALUE_NUMBER", "quarantine", (2,))
    assert "secret" not in json.dumps(quarantined, default=str) + finding.model_dump_json()


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"required": True}, "VALUE_MISSING"), ({"key": True, "required": True}, "KEY_MISSING")],
)
def test_a_required_value_cannot_be_missing_or_hidden(fields, code):
    agreed = contract(column("x", null_markers=("*",), on_invalid="null", **fields))
    found, accepted, _ = run(agreed, {"x": None}, {"x": "*"}, {"x": "1"})
    assert codes(found) == {code: 2} and len(accepted) == 1


def test_a_column_the_layout_does_not_have_is_not_required():
    table = Table(
        name="visits",
        columns=(ID, column("x", required=True)),
        layouts=(Layout(id="default", absent=("x",)),),
    )
    found, accepted, _ = run(contract(tables=(table,)), {"id": "a"})
    assert len(accepted) == 1 and not found.findings


def test_equal_rows_are_kept_once():
    agreed = contract(column("x"), column("y"))
    found, accepted, quarantined = run(
        agreed, {"x": "1", "y": "a"}, {"x": "1", "y": "a"}, {"x": "1", "y": None}, {"x": "1", "y": "a"}
    )
    assert [row["_row_number"] for row in accepted] == [2, 4]
    assert [(row["_row_number"], row["codes"]) for row in quarantined] == [
        (3, ["ROW_DUPLICATE"]),
        (5, ["ROW_DUPLICATE"]),
    ]
    assert codes(found) == {"ROW_DUPLICATE": 2}


def test_of_different_rows_under_one_key_the_first_good_one_is_kept():
    agreed = contract(ID, column("n", logical_type="integer"))
    found, accepted, _ = run(
        agreed, {"id": "a", "n": "bad"}, {"id": "a", "n": "1"}, {"id": "a", "n": "2"}, {"id": "b", "n": "3"}
    )
    assert [row["_row_number"] for row in accepted] == [3, 5]
    assert codes(found) == {"VALUE_NUMBER": 1, "KEY_DUPLICATE": 1}


def test_an_emptier_twin_is_no_rival():
    agreed = contract(ID, column("name"), column("n", logical_type="integer"))
    rows = [("a", "A", None), ("a", "A", "1"), ("b", "B", "2"), ("b", None, "3"), ("c", "C", None)]
    found, accepted, _ = run(agreed, *({"id": i, "name": name, "n": n} for i, name, n in rows))
    assert [row["_row_number"] for row in accepted] == [3, 4, 6]
    assert codes(found) == {"ROW_EMPTIER": 1, "KEY_DUPLICATE": 1}


@pytest.mark.parametrize(
    ("outcome", "accepted_numbers", "ends"),
    [("quarantine", [3], [5]), ("null", [2, 3], [None, 5]), ("warn", [2, 3], [1, 5])],
)
def test_a_rule_over_a_row(outcome, accepted_numbers, ends):
    number = {"logical_type": "integer"}
    rule = RowRule(
        code="DATE_ORDER",
        query='SELECT _row_number FROM {table} WHERE "end" < start',
        outcome=outcome,
        columns=("end",),
    )
    agreed = contract(column("start", **number), column("end", **number), rules=(rule,))
    found, accepted, _ = run(agreed, {"start": "2", "end": "1"}, {"start": "4", "end": "5"})
    assert [row["_row_number"] for row in accepted] == accepted_numbers
    assert [row["end"] for row in accepted] == ends
    [finding] = found.findings
    assert (finding.code, finding.count, finding.column, finding.rows) == ("DATE_ORDER", 1, "end", (2,))
    assert finding.outcome == ("quarantine" if outcome == "quarantine" else "warn")


def test_a_rule_does_not_see_rows_that_are_out_already():
    number = {"logical_type": "integer"}
    rule = RowRule(code="DATE_ORDER", query="SELECT _row_number FROM {table} WHERE n > 0")
    agreed = contract(ID, column("n", **number, maximum=5), rules=(rule,))
    found, _, quarantined = run(agreed, {"id": "a", "n": "9"})
    assert codes(found) == {"VALUE_RANGE": 1} and quarantined[0]["codes"] == ["VALUE_RANGE"]


def test_rows_the_reader_could_not_split_are_set_aside_with_their_number():
    found, _, quarantined = run(
        contract(ID), {"id": "a"}, malformed=((7, "ROW_FIELD_COUNT"),), non_data={"total": 1}
    )
    assert [(row["_row_number"], row["codes"]) for row in quarantined] == [(7, ["ROW_FIELD_COUNT"])]
    assert found.counts == TableCounts(rows_in=3, accepted=1, quarantined=1, non_data={"total": 1})


def test_rows_are_conserved_or_it_is_our_mistake(monkeypatch):
    ensure_conserved(TableCounts(rows_in=6, accepted=3, quarantined=2, non_data={"total": 1}), "visits")
    with pytest.raises(RowsLost, match="visits: 6 rows in the file, 5 accounted for"):
        ensure_conserved(TableCounts(rows_in=6, accepted=3, quarantined=2), "visits")
    monkeypatch.setattr(row_rules, "GOOD", "true")  # a pass that forgets to take bad rows out
    with pytest.raises(RowsLost):
        run(contract(ID, column("x", logical_type="integer")), {"id": "a", "x": "bad"})


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.sampled_from(["a", "b", "c", None]), "x": st.sampled_from(["1", "2", "bad", None])}
        ),
        max_size=12,
    )
)
def test_every_row_is_accepted_or_set_aside_exactly_once(rows):
    agreed = contract(column("id", key=True, required=True), column("x", logical_type="integer"))
    _, accepted, quarantined = run(agreed, *rows)
    numbers = [row["_row_number"] for row in accepted + quarantined]
    assert sorted(numbers) == list(range(2, len(rows) + 2))
    assert len({row["id"] for row in accepted}) == len(accepted)


def test_a_delivery_is_judged_by_itself_whatever_else_is_in_the_batch():
    """Equal rows, keys and row numbers of other deliveries mean nothing; nor do sums across them."""
    rule = RowRule(
        code="DATE_ORDER", query="SELECT _row_number FROM {table} QUALIFY sum(n) OVER () > 5", outcome="warn"
    )
    simple = RowRule(code="TIME_ORDER", query="SELECT _row_number FROM {table} WHERE n = 4", outcome="warn")
    agreed = contract(
        column("id", key=True, required=True), column("n", logical_type="integer"), rules=(rule, simple)
    )
    files = [
        [{"id": "a", "n": "1"}, {"id": "b", "n": "4"}],
        [{"id": "a", "n": "1"}, {"id": "b", "n": "4"}],
        [{"id": "a", "n": "3"}, {"id": "a", "n": "4"}, {"id": "c", "n": "bad"}],
    ]
    parts = [
        Part(cells(agreed, *rows), arrival(agreed, sha256=str(i) * 64), MAY) for i, rows in enumerate(files)
    ]
    batch = conform(CON, parts, agreed, KEY, Settings())
    for part, found in zip(parts, batch, strict=True):
        [alone] = conform(CON, [part], agreed, KEY, Settings())
        assert (found.findings, found.counts, found.periods) == (alone.findings, alone.counts, alone.periods)
        assert found.accepted.to_pylist() == alone.accepted.to_pylist()
        assert found.quarantined_rows == alone.quarantined_rows
    assert [codes(found) for found in batch] == [
        {"TIME_ORDER": 1},
        {"TIME_ORDER": 1},
        {"VALUE_NUMBER": 1, "DATE_ORDER": 2, "TIME_ORDER": 1, "KEY_DUPLICATE": 1},
    ]


def test_every_row_says_where_it_comes_from():
    agreed = contract(ID)
    _, [row], _ = run(agreed, {"id": "a"})
    came = arrival(agreed)
    assert {k: v for k, v in row.items() if k.startswith("_")} == {
        "_delivery_id": came.delivery_id,
        "_file_sha256": came.sha256,
        "_row_number": 2,
        "_contract_version": "1.0.0",
        "_period_start": MAY,
        "_revision_rank": 0,
        "_received_at": datetime(2019, 6, 3, 9, 30),
    }
    assert list(row) == list(agreed.main.landed)


@pytest.mark.parametrize(
    ("grain", "start"),
    [
        ("day", date(2019, 8, 15)),
        ("week", date(2019, 8, 12)),
        ("month", date(2019, 8, 1)),
        ("quarter", date(2019, 7, 1)),
        ("year", date(2019, 1, 1)),
        ("financial_year", date(2019, 4, 1)),
        ("school_year", date(2018, 9, 1)),
    ],
)
def test_a_rows_own_date_gives_its_period(grain, start):
    spec = PeriodSpec(source="column", column="day", grain=grain)
    agreed = contract(column("day", logical_type="date"), period=spec)
    found, [row], _ = run(agreed, {"day": "2019-08-15"})
    assert row["_period_start"] == start and found.periods == (start,)


def test_a_date_that_cannot_be_gives_way_to_the_period_of_the_file():
    """An end in 9999 would otherwise be the newest month of the warehouse."""
    spec = PeriodSpec(source="column", column="day", grain="month")
    agreed = contract(column("day", logical_type="date", on_invalid="null"), period=spec)
    found, [row], _ = run(agreed, {"day": "9999-12-31"})
    assert row["_period_start"] == MAY and found.periods == (MAY,)
