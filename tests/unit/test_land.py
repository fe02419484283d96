"""Landing: a file becomes an accepted delivery or a reasoned refusal, wholly or not at all."""

from __future__ import annotations

import json
import os
from datetime import timedelta

import duckdb
import pytest
from intake_cases import arrival, column, contract

from bassetlaw_pipeline.contracts.model import Transform
from bassetlaw_pipeline.intake import delivery, land
from bassetlaw_pipeline.intake.cast.conform import RowsLost
from bassetlaw_pipeline.intake.cast.pseudonym import KeyMismatch, KeyMissing
from bassetlaw_pipeline.intake.model import Finding
from bassetlaw_pipeline.intake.store import delivery_files
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.settings import Settings

VISITS = contract(
    column("id", key=True, required=True),
    column("nhs_number", transform=Transform(kind="person_key", becomes="person_key"), on_invalid="null"),
    column("n", logical_type="integer"),
)
GOOD = "id,nhs_number,n\na,9990000018,1\nb,9990000026,2\n"
ONE_BAD = "id,nhs_number,n\na,9990000018,1\nb,9990000026,many\n"


@pytest.fixture
def drop(tmp_path):
    """Put a file into the landing folder and return its arrival."""

    def put(content: str, name: str = "visits_201905.csv", agreed=VISITS, **fields):
        path = tmp_path / "home" / "landing" / "hospital" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return arrival(agreed, path, **fields)

    return put


def files(folder) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def rows(settings, columns="*"):
    pattern = settings.home.accepted / "hospital/visits/*/rows.parquet"
    return duckdb.sql(f"SELECT {columns} FROM read_parquet('{pattern}') ORDER BY _row_number").fetchall()


def test_an_accepted_delivery_is_one_folder_and_one_receipt(settings, drop):
    came = drop(ONE_BAD)
    [receipt] = land.land_extract(VISITS, [came], settings)
    assert receipt.verdict == "accepted_with_warnings"
    assert files(settings.home.accepted) == [
        f"hospital/visits/{came.delivery_id}/{name}"
        for name in ("quarantine.parquet", "receipt.json", "rows.parquet")
    ]
    stem = f"hospital/visits_201905--{came.delivery_id}"
    assert files(settings.home.receipts) == [f"{stem}.csv", f"{stem}.html"]
    assert rows(settings, "id, n, _row_number") == [("a", 1, 2)]
    assert receipt.tables["visits"].model_dump() == {
        "rows_in": 2,
        "accepted": 1,
        "quarantined": 1,
        "non_data": {},
    }
    assert not list((settings.home.root / ".incoming").glob("*/*"))


def test_no_identifier_and_no_bad_value_is_written_anywhere(settings, drop):
    land.land_extract(
        VISITS, [drop(ONE_BAD), drop("id,other\n9990000018,x\n", "visits_201906.csv")], settings
    )
    written = b"".join(
        p.read_bytes() for p in settings.home.root.rglob("*") if p.is_file() and "landing" not in p.parts
    )
    assert b"999000" not in written and b"many" not in written


def test_parquet_holds_pseudonyms_only(settings, drop):
    land.land_extract(VISITS, [drop(GOOD)], settings)
    assert rows(settings, "person_key")[0] == (
        "3486e903c9cdd9e37455cc80a70b2fe4339220d8179d6ea5a89dbcdfb2d8e62e",
    )


def test_a_refused_file_leaves_a_receipt_and_the_others_go_on(settings, drop):
    bad, good = drop("id,other\na,1\n", "visits_201904.csv"), drop(GOOD)
    first, second = land.land_extract(VISITS, [bad, good], settings)
    assert (first.verdict, second.verdict) == ("rejected", "accepted")
    assert files(settings.home.rejected) == [f"hospital/visits/{bad.delivery_id}/receipt.json"]
    assert len(rows(settings)) == 2


def test_our_own_fault_refuses_one_file_and_is_told_by_its_type_only(settings, drop, monkeypatch):
    real = delivery.conform

    def failing(con, parts, *rest):
        if any(part.arrival.file_name == "visits_201904.csv" for part in parts):
            raise RowsLost("about 9990000018")
        return real(con, parts, *rest)

    monkeypatch.setattr(delivery, "conform", failing)
    receipts = land.land_extract(VISITS, [drop(ONE_BAD, "visits_201904.csv"), drop(GOOD)], settings)
    assert [r.verdict for r in receipts] == ["rejected", "accepted"]
    assert receipts[0].findings == [Finding(code="INTERNAL_ERROR", detail="RowsLost")]
    assert not Ledger(settings.home).knows(drop(ONE_BAD, "visits_201904.csv"))  # tried again next time


def test_the_same_content_lands_once(settings, drop):
    came, copy = drop(GOOD), drop(GOOD, "visits_201905 (2).csv")
    assert len(land.land_extract(VISITS, [came, copy], settings)) == 1
    assert land.land_extract(VISITS, [came], settings) == []
    assert Ledger(settings.home).knows(came) and Ledger(settings.home).knows(copy)
    assert land.land(came, settings).delivery_id == came.delivery_id


def test_a_check_says_the_same_and_writes_nothing(settings, drop):
    came = drop(ONE_BAD)
    before = files(settings.home.root)
    checked = land.land(came, settings, write=False)
    assert files(settings.home.root) == before
    landed = land.land(came, settings)
    assert checked.model_dump(exclude={"key_check"}) == landed.model_dump(exclude={"key_check"})


def test_a_partner_without_the_key_may_check(settings, drop, monkeypatch):
    monkeypatch.delenv("BASSETLAW_PSEUDONYM_KEY")
    assert land.land(drop(GOOD), Settings(), write=False).verdict == "accepted"


def test_without_a_key_nothing_is_read(settings, drop, monkeypatch):
    monkeypatch.delenv("BASSETLAW_PSEUDONYM_KEY")
    with pytest.raises(KeyMissing):
        land.land_extract(VISITS, [drop(GOOD)], Settings())
    plain = contract(column("id", key=True, required=True))
    assert land.land(drop("id\na\n", agreed=plain), Settings()).verdict == "accepted"
    assert land.land_extract(VISITS, [], Settings()) == []


def test_another_key_stops_the_run(settings, drop, monkeypatch):
    land.land_extract(VISITS, [drop(GOOD)], settings)
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", "ab" * 32)
    later = drop(GOOD.replace("a,", "c,"), "visits_201906.csv")
    with pytest.raises(KeyMismatch):
        land.land_extract(VISITS, [later], Settings())


def test_what_a_crash_left_behind_is_no_delivery_and_is_cleared(settings, drop, monkeypatch):
    def crash(moves):
        raise KeyboardInterrupt

    came = drop(GOOD)
    with monkeypatch.context() as broken:
        broken.setattr(delivery_files, "put_all", crash)
        with pytest.raises(KeyboardInterrupt):
            land.land_extract(VISITS, [came], settings)
    left = settings.home.root / ".incoming" / "hospital__visits" / came.delivery_id
    left.mkdir(parents=True)
    (left / "rows.parquet").write_text("half a file")
    assert Ledger(settings.home).receipts() == [] and not Ledger(settings.home).knows(came)
    [receipt] = land.land_extract(VISITS, [came], settings)
    assert receipt.verdict == "accepted" and len(rows(settings)) == 2


def test_files_are_synced_before_the_rename(settings, drop, monkeypatch):
    steps = []
    monkeypatch.setattr(os, "fsync", lambda handle: steps.append("sync"))
    real = delivery_files.Path.rename
    monkeypatch.setattr(delivery_files.Path, "rename", lambda a, b: steps.append("rename") or real(a, b))
    land.land_extract(VISITS, [drop(GOOD)], settings)
    assert steps[-6:] == ["sync"] * 4 + ["rename", "sync"]


def test_a_file_nobody_knows_is_refused_with_the_reasons_found(settings, drop):
    unknown = drop("x\n", "holiday.csv", agreed=None, findings=(Finding(code="FILE_UNRECOGNISED"),))
    receipt = land.land(unknown, settings)
    assert (receipt.verdict, receipt.extract) == ("rejected", None)
    assert files(settings.home.rejected) == [f"hospital/_unrecognised/{unknown.delivery_id}/receipt.json"]


def test_two_refused_files_of_equal_content_both_have_their_receipt(settings, drop):
    finding = (Finding(code="FILE_UNRECOGNISED"),)
    for name in ("one.csv", "two.csv", "one.csv"):
        land.land(drop("x\n", name, agreed=None, findings=finding), settings)
    assert sorted(r.file_name for r in Ledger(settings.home).rejected()) == ["one.csv", "two.csv"]


def test_receipts_are_reported_as_they_are_written(settings, drop):
    told = []
    land.land_extract(VISITS, [drop(GOOD), drop(ONE_BAD, "visits_201906.csv")], settings, told.append)
    assert [r.file_name for r in told] == ["visits_201905.csv", "visits_201906.csv"]


def test_the_quarantine_list_says_where_and_what_to_do(settings, drop):
    land.land_extract(VISITS, [drop(ONE_BAD)], settings)
    [listed] = settings.home.receipts.glob("hospital/*.csv")
    header, line = listed.read_text().splitlines()
    assert header == "table,row_number,code,column,what_to_do"
    assert line.startswith("visits,3,VALUE_NUMBER,n,")


def test_revision_and_period_stand_in_the_receipt(settings, drop):
    came = drop(GOOD, received_at=arrival(VISITS).received_at + timedelta(days=1))
    [receipt] = land.land_extract(VISITS, [came], settings)
    stored = json.loads(
        (settings.home.accepted / "hospital/visits" / came.delivery_id / "receipt.json").read_text()
    )
    assert stored["periods"] == ["2019-05-01"] and stored["contract_version"] == "1.0.0"
    assert stored["received_at"] == "2019-06-04T09:30:00Z" and receipt.is_synthetic


def test_a_long_file_name_still_gets_its_receipt(settings, drop):
    came = drop(ONE_BAD, f"visits_201905{'é' * 110}.csv", parts={"year": "2019", "month": "05"})
    [receipt] = land.land_extract(VISITS, [came], settings)
    assert receipt.verdict == "accepted_with_warnings" and len(files(settings.home.receipts)) == 2


def test_a_refused_copy_does_not_keep_the_right_file_out(settings, drop):
    copy, right = drop(GOOD, "copy.csv"), drop(GOOD)
    receipts = land.land_extract(VISITS, [copy, right], settings)
    assert [r.verdict for r in receipts] == ["rejected", "accepted"]


def test_columns_are_named_as_in_the_partners_file(settings, drop):
    own = VISITS.main.columns[2].model_copy(update={"source_name": "Number of visits"})
    renamed = VISITS.main.model_copy(update={"columns": (*VISITS.main.columns[:2], own)})
    agreed = VISITS.model_copy(update={"tables": (renamed,)})
    came = drop(ONE_BAD.replace(",n\n", ",Number of visits\n"), agreed=agreed)
    [receipt] = land.land_extract(agreed, [came], settings)
    told = "".join(p.read_text() for p in settings.home.receipts.rglob("*") if p.is_file())
    assert told.count("Number of visits") == 2 and receipt.findings[0].column == "n"


def test_a_file_that_cannot_be_read_still_tells_its_month(settings, drop):
    came = drop("id;nhs_number;n\na;9990000018;1\n", parts={"year": "2019", "month": "05"})
    [receipt] = land.land_extract(VISITS, [came], settings)
    assert receipt.verdict == "rejected"
    assert [str(p) for p in receipt.periods] == ["2019-05-01"]
