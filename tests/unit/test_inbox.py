"""The landing folder: which file belongs to which contract, and what is wrong with the others."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_contracts import column, contract, table

from bassetlaw_pipeline.intake.discover import inbox
from bassetlaw_pipeline.settings import DataHome

DATA = b"id,site\n1,A\n"
VISITS = contract(table(column("id", required=True), column("site", required=True)))
OTHER = contract(
    table(column("x", required=True)), id="other", partner="public", file={"names": (r"other\.csv",)}
)
CONTRACTS = {"visits": VISITS, "other": OTHER}


@pytest.fixture
def home(tmp_path) -> DataHome:
    (tmp_path / "landing" / "ccg").mkdir(parents=True)
    return DataHome(tmp_path)


def drop(home: DataHome, name: str, data: bytes = DATA, manifest: object = None) -> Path:
    path = home.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (1_556_000_000, 1_556_000_000))
    if manifest is not None:
        text = manifest if isinstance(manifest, str) else json.dumps(manifest)
        path.with_name(path.name + ".manifest.json").write_text(text)
    return path


def scanned(home: DataHome):
    (arrival,) = inbox.scan(home, CONTRACTS)
    return arrival


def codes(arrival):
    return [f.code for f in arrival.findings]


def test_a_named_file_finds_its_contract(home):
    drop(home, "ccg/2019/visits_201904.csv")
    arrival = scanned(home)
    assert (arrival.contract, arrival.partner, arrival.findings) == (VISITS, "ccg", ())
    assert arrival.parts == {"year": "2019", "month": "04"}
    assert arrival.sha256 == hashlib.sha256(DATA).hexdigest() and arrival.size == len(DATA)
    assert arrival.received_at == datetime.fromtimestamp(1_556_000_000, UTC)
    assert arrival.delivery_id == f"20190423T061320Z-{arrival.sha256[:12]}"


def test_a_renamed_file_is_known_by_its_header(home):
    drop(home, "ccg/April.csv", b"site,id,more\nA,1,x\n")
    assert scanned(home).contract is VISITS


def test_a_file_of_another_partner_is_not_recognised(home):
    drop(home, "public/visits_201904.csv")
    arrival = scanned(home)
    assert arrival.contract is None and codes(arrival) == ["FILE_UNRECOGNISED"]


def test_what_is_not_a_delivery_is_left_alone(home):
    for name in (".hidden", "~$visits.xlsx", "x.part", "x.csv.tmp", "x.csv.manifest.json", ".git/config"):
        drop(home, f"ccg/{name}")
    assert inbox.scan(home, CONTRACTS) == []
    assert inbox.scan(DataHome(home.root / "nowhere"), CONTRACTS) == []


def test_unknown_folders_and_files_in_no_folder(home):
    drop(home, "stranger/visits_201904.csv")
    drop(home, "visits_201904.csv")
    found = {a.partner: codes(a) for a in inbox.scan(home, CONTRACTS)}
    assert found == {"stranger": ["PARTNER_UNKNOWN"], inbox.NO_PARTNER: ["FILE_UNRECOGNISED"]}


@pytest.mark.parametrize("name", ["..\\..\\visits_201904.csv", "visits\n201904.csv", "visits\x1b[2J.csv"])
def test_unsafe_names_are_not_opened_and_not_repeated(home, name):
    drop(home, f"ccg/{name}")
    arrival = scanned(home)
    assert codes(arrival) == ["FILE_NAME_UNSAFE"]
    assert arrival.file_name.isprintable()


def test_names_that_are_no_text_are_unsafe(home):
    (home.landing / "ccg" / os.fsdecode(b"visits_\xff.csv")).write_bytes(DATA)
    assert codes(scanned(home)) == ["FILE_NAME_UNSAFE"]
    assert scanned(home).file_name.encode()


def test_links_that_lead_out_and_things_that_are_no_files(home):
    secret = home.root / "secret.csv"
    secret.write_bytes(DATA)
    (home.landing / "ccg" / "visits_201904.csv").symlink_to(secret)
    (home.landing / "ccg" / "folder").symlink_to("/")
    os.mkfifo(home.landing / "ccg" / "pipe.csv")
    found = inbox.scan(home, CONTRACTS)
    assert [codes(a) for a in found] == [["FILE_NAME_UNSAFE"]] * 3
    assert hashlib.sha256(DATA).hexdigest() not in {a.sha256 for a in found}


def test_a_file_that_vanishes_is_a_finding(home, monkeypatch):
    path = drop(home, "ccg/visits_201904.csv")

    def gone(self, file, now):
        path.unlink()
        raise FileNotFoundError

    monkeypatch.setattr(inbox.HashCache, "digest", gone)
    assert codes(scanned(home)) == ["FILE_VANISHED"]


def test_a_manifest_that_fits_says_when_the_file_was_sent(home):
    facts = {
        "file_name": "visits_201904.csv",
        "sha256": hashlib.sha256(DATA).hexdigest().upper(),
        "bytes": len(DATA),
        "extract_id": "visits",
        "submitted_at": "2019-05-07T10:30:00.5+01:00",
    }
    drop(home, "ccg/visits_201904.csv", manifest=facts)
    arrival = scanned(home)
    assert arrival.findings == () and arrival.manifest == facts
    assert arrival.received_at == datetime(2019, 5, 7, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("manifest", "code", "detail"),
    [
        ({"sha256": "0" * 64, "bytes": 1}, "MANIFEST_MISMATCH", "sha256, bytes"),
        ({"file_name": "other.csv"}, "MANIFEST_MISMATCH", "file_name"),
        ({"extract_id": "other"}, "MANIFEST_MISMATCH", "extract_id"),
        ({"submitted_at": "yesterday"}, "MANIFEST_INVALID", "submitted_at is not a time"),
        ({"bytes": float("nan")}, "MANIFEST_MISMATCH", "bytes"),
        ({"submitted_at": "2999-01-01T00:00:00Z"}, "MANIFEST_INVALID", "submitted_at lies in the future"),
        ("{", "MANIFEST_INVALID", "it is not a JSON object"),
        ([1], "MANIFEST_INVALID", "it is not a JSON object"),
    ],
)
def test_a_manifest_that_does_not_fit(home, manifest, code, detail):
    drop(home, "ccg/visits_201904.csv", manifest=manifest)
    (found,) = scanned(home).findings
    assert (found.code, found.detail) == (code, detail)


def test_known_files_are_left_out(home):
    drop(home, "ccg/visits_201904.csv")
    assert inbox.scan(home, CONTRACTS, known=lambda arrival: True) == []


def test_the_cache_saves_hashing_and_never_decides(home, monkeypatch):
    path = drop(home, "ccg/visits_201904.csv")
    first = scanned(home)
    cache = home.warehouse.parent / "inbox-cache.json"
    monkeypatch.setattr("bassetlaw_pipeline.intake.discover.hashes.digest", lambda path: "f" * 64)
    assert scanned(home) == first
    path.write_bytes(DATA + b"2,B\n")
    assert scanned(home).sha256 == "f" * 64
    monkeypatch.undo()
    for damaged in ("", "[]", '{"a": 1}', '{"a": [1]}', "{"):
        cache.write_text(damaged)
        assert scanned(home).sha256 == hashlib.sha256(DATA + b"2,B\n").hexdigest()


def test_a_file_is_stable_once_it_stops_changing(home):
    path = drop(home, "ccg/visits_201904.csv")
    seen = inbox.file_stat(path)
    assert not inbox.is_stable(path, None)
    assert inbox.is_stable(path, seen)
    path.write_bytes(DATA + b"2,B\n")
    assert not inbox.is_stable(path, seen)
    path.unlink()
    assert not inbox.is_stable(path, seen)


def nothing_known(arrival) -> bool:
    return False


def test_a_file_is_new_once_it_has_settled_whatever_time_it_claims(home):
    """A copy that keeps times shows an old one from the beginning; the system's own cannot be set."""
    path = drop(home, "ccg/visits_201904.csv")
    assert inbox.new_files(home, CONTRACTS, nothing_known, 60).writing[0].path == path
    assert inbox.new_files(home, CONTRACTS, nothing_known, 0).complete[0].path == path


def test_who_waits_takes_what_did_not_change_meanwhile_and_leaves_the_rest(home):
    drop(home, "ccg/visits_201904.csv")
    growing = drop(home, "ccg/visits_201905.csv")
    asked = []

    def wait(seconds: float, files: int) -> None:
        asked.append((round(seconds), files))
        growing.write_bytes(DATA + b"2,B\n")
        drop(home, "ccg/visits_201906.csv")

    found = inbox.new_files(home, CONTRACTS, nothing_known, 60, wait=wait)
    assert asked == [(60, 2)]
    assert [a.file_name for a in found.complete] == ["visits_201904.csv"]
    assert [a.file_name for a in found.writing] == ["visits_201905.csv"]


def test_a_file_that_cannot_be_opened_is_refused_and_not_waited_for(home):
    link = home.landing / "ccg" / "visits_201904.csv"
    link.symlink_to(home.root / "nowhere")
    assert len(inbox.new_files(home, CONTRACTS, nothing_known, 60).complete) == 1


def test_check_identifies_a_file_of_any_folder(tmp_path):
    named = tmp_path / "visits_201904.csv"
    named.write_bytes(DATA)
    assert inbox.identify(named, CONTRACTS).partner == "ccg"
    strange = tmp_path / "strange.csv"
    strange.write_bytes(b"a,b\n1,2\n")
    assert codes(inbox.identify(strange, CONTRACTS)) == ["FILE_UNRECOGNISED"]
    assert inbox.identify(strange, {"visits": VISITS}).contract is VISITS
    assert codes(inbox.identify(tmp_path / "gone.csv", CONTRACTS)) == ["FILE_VANISHED"]


@pytest.mark.parametrize("name", [os.fsdecode(b"visits_\xff.csv"), "visits\n201904.csv"])
def test_check_refuses_the_names_that_landing_refuses(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(DATA)
    arrival = inbox.identify(path, CONTRACTS)
    assert codes(arrival) == ["FILE_NAME_UNSAFE"]
    assert arrival.file_name.encode() and arrival.file_name.isprintable()


def test_a_name_too_long_for_a_manifest_has_none(home):
    drop(home, f"ccg/visits_201904{'x' * 230}.csv")
    assert scanned(home).findings == ()


def test_a_clock_that_runs_ahead_does_not_outrank_later_deliveries(home):
    path = drop(home, "ccg/visits_201904.csv")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    assert scanned(home).received_at <= datetime.now(UTC)


def test_only_the_agreed_facts_of_a_manifest_are_kept(home):
    facts = {"file_name": "visits_201904.csv", "patient": "9990000018", "submitted_at": "2019-05-07T10:30:00"}
    text = json.dumps(facts)[:-1] + ', "period_start": "\\ud800"}'
    drop(home, "ccg/visits_201904.csv", manifest=text)
    assert scanned(home).manifest == {k: facts[k] for k in ("file_name", "submitted_at")}


def test_a_misplaced_file_is_told_where_it_belongs(home):
    drop(home, "public/visits_201904.csv")
    (found,) = scanned(home).findings
    assert "visits" in found.detail and "ccg" in found.detail
    drop(home, "public/visits_201904.csv").unlink()
    drop(home, "public/strange.csv", b"a,b\n1,2\n")
    assert scanned(home).findings[0].detail == "Agreed names in this folder: other.csv."
