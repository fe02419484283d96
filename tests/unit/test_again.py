"""Landing again and withdrawal: decisions that replace decisions, and nothing is deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from intake_cases import arrival, column, contract

from bassetlaw_pipeline.intake import again, land
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.receipt import render_html, render_text
from bassetlaw_pipeline.intake.store import withdrawal
from bassetlaw_pipeline.intake.store.as_known import as_known, state_of
from bassetlaw_pipeline.intake.store.current import current_of_home
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.publication.fingerprint import inputs_fingerprint
from bassetlaw_pipeline.publication.shadow import shadow_home

OLD = contract(
    column("id", key=True, required=True), column("n", logical_type="integer", on_invalid="quarantine")
)
N = OLD.main.columns[1].model_copy(update={"logical_type": "string"})
NEW = contract(OLD.main.columns[0], N, version="1.1.0")
NARROW = contract(OLD.main.columns[0], version="1.0.0")  # knows no column n
DAY = datetime(2019, 6, 3, 9, 30, tzinfo=UTC)


@pytest.fixture
def drop(settings):
    """Put a file into landing and land it by a contract, as received some days later."""

    def put(content: str, agreed=OLD, day: int = 0, name: str = "visits_201905.csv"):
        path = settings.home.landing / "hospital" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        [receipt] = land.land_extract(
            agreed, [arrival(agreed, path, received_at=DAY + timedelta(days=day))], settings
        )
        return receipt

    put.home, put.settings = settings.home, settings
    return put


def land_again(drop, agreed=NEW, **choice):
    found = again.choose(drop.home, {agreed.id: agreed}, **choice)
    receipts = [
        r
        for extract in found.arrivals
        for r in land.land_extract(agreed, found.arrivals[extract], drop.settings)
    ]
    return found, receipts


def counted(drop, as_of=None, mode=NEW) -> list[str]:
    """Ids of the rows that count."""
    found = current_of_home(drop.home, [mode], Ledger(drop.home).receipts(), as_of).to_pylist()
    rows = f"read_parquet('{drop.home.accepted}/hospital/visits/*/rows.parquet')"
    current = {(r["delivery_id"], r["period_start"]) for r in found if r["state"] == "current"}
    left = {r["delivery_id"] for r in found if r["state"] == "left_out"}
    query = f"SELECT id, _delivery_id, _period_start FROM {rows} ORDER BY id"
    every = duckdb.sql(query).fetchall()
    if mode.resubmission.mode == "upsert":
        return [id_ for id_, delivery, _ in every if delivery not in left]
    return [id_ for id_, *rest in every if tuple(rest) in current]


def receipts_on_disk(home) -> dict:
    return {
        p: p.read_bytes() for folder in (home.accepted, home.rejected) for p in folder.rglob("receipt.json")
    }


BAD = "id,n\na,1\nb,many\nc,3\n"


def test_a_rejected_file_is_landed_again_once_and_the_refusal_stays(drop):
    refused = drop(BAD, NARROW.model_copy(update={"tables": (wants(NARROW.main, "other"),)}))
    assert refused.verdict == "rejected"
    before, known = receipts_on_disk(drop.home), datetime.now(UTC)
    _, [landed] = land_again(drop)
    assert landed.verdict == "accepted" and landed.delivery_id == f"{refused.delivery_id}-r1"
    assert landed.received_at == refused.received_at
    assert before.items() <= receipts_on_disk(drop.home).items()
    told = render_text(landed, load_reasons())
    assert "Landed again with contract version 1.1.0" in told
    assert f"replaces the decision of {refused.delivery_id} (rejected by version 1.0.0)" in told
    assert "original time of receipt is kept" in told and "Landed again" in render_html(
        landed, load_reasons()
    )
    [old] = Ledger(drop.home).rejected()
    assert (state_of(old)[0], state_of(landed)[0]) == ("replaced", "landed_again")
    assert counted(drop) == ["a", "b", "c"] and counted(drop, as_of=known) == []
    assert land_again(drop)[1] == [] == land_again(drop, unchanged=True)[1]


def wants(table, name: str):
    return table.model_copy(update={"columns": (*table.columns, column(name, required=True))})


def test_rows_set_aside_come_in_the_order_in_which_the_file_was_received(drop):
    first = drop(BAD)
    known = datetime.now(UTC)
    assert counted(drop) == ["a", "c"]
    land_again(drop)
    assert counted(drop) == ["a", "b", "c"]
    assert counted(drop, as_of=known) == ["a", "c"], "as it was known before"
    assert [r.delivery_id for r in Ledger(drop.home).receipts() if r.counts] == [f"{first.delivery_id}-r1"]


def test_a_later_resubmission_still_wins_over_what_was_landed_again(drop):
    drop(BAD)
    drop("id,n\nx,1\ny,2\nz,3\n", day=5)
    assert counted(drop) == ["x", "y", "z"]
    path = drop.home.landing / "hospital" / "first" / "visits_201905.csv"
    path.parent.mkdir()
    path.write_text(BAD)
    _, [landed] = land_again(drop)
    assert landed.delivery_id.endswith("-r1") and counted(drop) == ["x", "y", "z"]
    assert "RESUBMISSION_OLDER" in {f.code for f in landed.findings}


def test_only_what_a_changed_contract_decided_is_chosen(drop):
    clean, bad = drop("id,n\na,1\n", name="visits_201904.csv"), drop(BAD)
    assert land_again(drop, agreed=OLD)[1] == [], "the contract is as it was"
    assert [r.again.replaces for r in land_again(drop)[1]] == [bad.delivery_id]
    _, [named] = land_again(drop, deliveries=[clean.delivery_id])
    assert named.again.replaces == clean.delivery_id and named.verdict == "accepted"
    choice, landed = land_again(drop, deliveries=[clean.delivery_id])
    assert landed == [] and {why for _, why in choice.refused} == {
        f"it was landed again as {named.delivery_id}",
        "contract version 1.1.0 has landed it again already",
    }


def test_the_same_contract_may_be_asked_on_purpose_and_only_once(drop):
    bad = drop(BAD)
    assert [r.again.replaces for r in land_again(drop, OLD, unchanged=True)[1]] == [bad.delivery_id]
    assert land_again(drop, OLD, unchanged=True)[1] == []
    assert land_again(drop, OLD, extract="other", unchanged=True)[1] == []


def test_a_file_that_is_gone_is_named_and_nothing_changes(drop):
    bad = drop(BAD)
    (drop.home.landing / "hospital" / bad.file_name).unlink()
    choice, landed = land_again(drop)
    assert landed == [] and [r.delivery_id for r in choice.gone] == [bad.delivery_id]
    assert counted(drop) == ["a", "c"]


def test_a_contract_that_refuses_what_was_accepted_takes_nothing_away(drop):
    bad = drop(BAD)
    worse = NEW.model_copy(update={"tables": (wants(NEW.main, "other"),)})
    _, [landed] = land_again(drop, worse)
    assert landed.verdict == "rejected" and counted(drop) == ["a", "c"]
    assert [r.delivery_id for r in Ledger(drop.home).receipts() if r.counts] == [bad.delivery_id]
    assert land_again(drop, worse)[1] == []
    assert [r.again.number for r in land_again(drop)[1]] == [2] and counted(drop) == ["a", "b", "c"]


def test_a_run_that_tries_a_refused_file_again_records_it_alike(drop):
    refusing = NARROW.model_copy(update={"tables": (wants(NARROW.main, "other"),)})
    refused = drop(BAD, refusing)
    landed = drop(BAD, NEW)
    assert landed.again.replaces == refused.delivery_id and len(Ledger(drop.home).receipts()) == 2


def test_of_rows_by_key_only_those_that_stand_are_read(drop):
    by_key = {"resubmission": NEW.resubmission.model_copy(update={"mode": "upsert", "by": ("id",)})}
    old, new = OLD.model_copy(update=by_key), NEW.model_copy(update=by_key)
    drop(BAD, old)
    known = datetime.now(UTC)
    land_again(drop, new)
    assert counted(drop, mode=new) == ["a", "b", "c"]
    assert counted(drop, as_of=known, mode=new) == ["a", "c"]


def test_a_withdrawn_delivery_leaves_its_place_to_the_one_before(drop):
    home = drop.home
    first = drop("id,n\na,1\nb,2\n")
    second = drop("id,n\nx,1\ny,2\n", day=5)
    assert counted(drop) == ["x", "y"]
    known, print_before = datetime.now(UTC), inputs_fingerprint(Ledger(home).receipts(), None)
    before = receipts_on_disk(home)
    event = withdrawal.withdraw(home, second, "sent by mistake", "analyst")
    receipts = Ledger(home).receipts()
    assert counted(drop) == ["a", "b"] and counted(drop, as_of=known) == ["x", "y"]
    assert inputs_fingerprint(receipts, None) != print_before, "a release is due"
    assert inputs_fingerprint(receipts, known) == inputs_fingerprint(as_known(receipts, known), known)
    [withdrawn] = [r for r in receipts if r.withdrawn]
    assert withdrawn.delivery_id == second.delivery_id and withdrawn.withdrawn == event
    assert "Withdrawn on" in render_text(withdrawn, load_reasons())
    assert "by analyst: sent by mistake" in render_html(withdrawn, load_reasons())
    with pytest.raises(withdrawal.CannotWithdraw, match="withdrawn already"):
        withdrawal.withdraw(home, withdrawn, "again", "analyst")
    with shadow_home(drop.settings) as shadow:
        assert [r.delivery_id for r in Ledger(shadow.home).receipts() if r.withdrawn] == [second.delivery_id]

    between = datetime.now(UTC)
    withdrawal.reinstate(home, withdrawn, "it was right", "analyst")
    receipts = Ledger(home).receipts()
    assert counted(drop) == ["x", "y"] and counted(drop, as_of=between) == ["a", "b"]
    assert inputs_fingerprint(receipts, None) == print_before
    assert receipts_on_disk(home) == before and len(list(home.withdrawals.iterdir())) == 2
    told = render_text(receipts[-1], load_reasons())
    assert "Withdrawn on" in told and "Reinstated on" in told
    with pytest.raises(withdrawal.CannotWithdraw, match="is not withdrawn"):
        withdrawal.reinstate(home, receipts[-1], "x", "y")
    assert first.stands


def test_the_only_delivery_of_a_period_leaves_nothing(drop):
    only = drop("id,n\na,1\n")
    withdrawal.withdraw(drop.home, only, "wrong place", "analyst")
    assert counted(drop) == []
    assert Ledger(drop.home).knows(arrival(OLD, drop.home.landing / "hospital" / only.file_name)), (
        "not read anew"
    )
    choice, landed = land_again(drop, NEW, deliveries=[only.delivery_id])
    assert landed == [] and choice.refused[0][1] == "it is withdrawn; reinstate it first"


def test_a_delivery_after_the_withdrawn_one_is_compared_with_what_counts(drop):
    drop("id,n\n" + "".join(f"r{n},{n}\n" for n in range(9)))
    big = drop("id,n\n" + "".join(f"r{n},{n}\n" for n in range(40)), day=1)
    withdrawal.withdraw(drop.home, big, "doubled", "analyst")
    third = drop("id,n\n" + "".join(f"s{n},{n}\n" for n in range(9)), day=2)
    assert "REPLACEMENT_HELD" not in {f.code for f in third.findings}
    assert len(counted(drop)) == 9


def test_a_rejected_file_cannot_be_withdrawn(drop):
    refused = drop("x\n1\n")
    with pytest.raises(withdrawal.CannotWithdraw, match="was rejected"):
        withdrawal.withdraw(drop.home, refused, "x", "y")
