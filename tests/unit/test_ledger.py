"""The ledger: receipts on disk decide what is known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from intake_cases import arrival, column, contract

from bassetlaw_pipeline.intake.model import Finding, Receipt
from bassetlaw_pipeline.intake.store.ledger import Ledger, contract_sha256

AGREED = contract(column("id", key=True))


@pytest.fixture
def record(settings):
    """Write a receipt into the data home, as landing does."""

    def write(verdict: str = "accepted", **fields) -> Receipt:
        came = arrival(AGREED)
        stated = {
            "delivery_id": fields.pop("delivery_id", came.delivery_id),
            "partner": "hospital",
            "extract": "visits",
            "file_name": came.file_name,
            "sha256": came.sha256,
            "bytes": 0,
            "received_at": came.received_at,
            "contract_sha256": contract_sha256(AGREED),
            "verdict": verdict,
        }
        receipt = Receipt(**stated | fields)
        base = settings.home.rejected if verdict == "rejected" else settings.home.accepted
        folder = base / receipt.partner / (receipt.extract or "_unrecognised") / receipt.delivery_id
        folder.mkdir(parents=True)
        (folder / "receipt.json").write_text(receipt.model_dump_json())
        return receipt

    return write


def test_nothing_is_known_of_an_empty_home(settings):
    ledger = Ledger(settings.home)
    assert ledger.receipts() == [] and ledger.newest_received_at() is None
    assert not ledger.knows(arrival(AGREED))


def test_accepted_content_is_known_under_any_file_name_and_contract_version(settings, record):
    record()
    ledger = Ledger(settings.home)
    assert ledger.knows(arrival(AGREED, file_name="again.csv"))
    assert ledger.knows(arrival(AGREED.model_copy(update={"version": "2.0.0"})))
    assert not ledger.knows(arrival(AGREED, sha256="0" * 64))
    assert not ledger.knows(arrival(AGREED.model_copy(update={"id": "other"})))


def test_a_rejected_file_is_tried_again_when_its_contract_changed(settings, record):
    record("rejected")
    ledger = Ledger(settings.home)
    assert ledger.knows(arrival(AGREED))
    changed = contract(column("id", key=True), column("late"))
    assert not Ledger(settings.home).knows(arrival(changed))
    assert not ledger.knows(arrival(AGREED, file_name="other.csv"))


@pytest.mark.parametrize("code", ["INTERNAL_ERROR", "FILE_VANISHED"])
def test_a_passing_fault_is_tried_again(settings, record, code):
    record("rejected", findings=[Finding(code=code)])
    assert not Ledger(settings.home).knows(arrival(AGREED))


def test_order_newest_and_key(settings, record):
    june, july = datetime(2019, 6, 1, tzinfo=UTC), datetime(2019, 7, 1, tzinfo=UTC)
    record(delivery_id="20190701-b", received_at=july, sha256="2" * 64)
    record(delivery_id="20190601-a", received_at=june, sha256="1" * 64, key_check="old")
    record("rejected", delivery_id="20200101-c", received_at=datetime(2020, 1, 1, tzinfo=UTC))
    ledger = Ledger(settings.home)
    assert [r.delivery_id for r in ledger.receipts()] == ["20190601-a", "20190701-b", "20200101-c"]
    assert ledger.newest_received_at() == july and ledger.newest_key_check() == "old"


def test_stubs_beside_the_deliveries_are_no_receipts(settings):
    stub = settings.home.accepted / "hospital" / "visits" / "_contract"
    stub.mkdir(parents=True)
    (stub / "rows.parquet").write_bytes(b"")
    assert Ledger(settings.home).receipts() == []
