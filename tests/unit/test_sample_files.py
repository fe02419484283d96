"""A small sample as it lies in the landing folder."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.manifest import SUFFIX
from bassetlaw_sample import generate
from bassetlaw_sample.sources import SOURCES

SMALL = {"people": 700, "start": "2017-10", "end": "2018-01"}
LAST = date(2018, 1, 31)


@pytest.fixture(scope="module")
def landing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "landing"
    generate(folder, **SMALL)
    return folder


@pytest.fixture(scope="module")
def truth(landing):
    return json.loads((landing.parent / "truth.json").read_text())


def contents(landing):
    found = (p for p in landing.glob("[!.]*/**/*") if p.is_file() and not p.name.endswith(SUFFIX))
    return {p.relative_to(landing).as_posix(): p.read_bytes() for p in found}


def rows_of(path, encoding="cp1252"):
    return list(csv.reader(path.read_text(encoding=encoding).splitlines()))


def test_every_extract_is_there_and_the_truth_names_every_file(landing, truth):
    needed = {e for e in SOURCES if (load_contracts()[e].since or LAST) <= LAST}
    assert {e["extract"] for e in truth["deliveries"].values()} == needed
    files = contents(landing)
    assert set(files) == set(truth["deliveries"])
    assert all(hashlib.sha256(b).hexdigest() == truth["deliveries"][n]["sha256"] for n, b in files.items())


def test_the_same_seed_writes_the_same_bytes(landing, tmp_path):
    generate(tmp_path / "landing", **SMALL)
    assert contents(tmp_path / "landing") == contents(landing)


def test_another_seed_writes_other_people(landing, tmp_path):
    generate(tmp_path / "landing", seed=1, **SMALL)
    name = "ccg/02Q_GPREG_201712.csv"
    assert contents(tmp_path / "landing")[name] != contents(landing)[name]


def test_a_clean_sample_has_no_defect(tmp_path):
    generate(tmp_path / "landing", defects=False, **SMALL)
    entries = json.loads((tmp_path / "truth.json").read_text())["deliveries"].values()
    assert all(not e["defects"] and not e["habits"] and e["verdict"] == "accepted" for e in entries)


def test_missing_nhs_numbers_stand_where_the_truth_says(landing, truth):
    found = 0
    for name, entry in truth["deliveries"].items():
        if entry["extract"] == "ccg_gp_population":
            header, *_ = rows = rows_of(landing / name, "utf-8-sig")
            column = header.index("nhs_number")
            empty = [number for number, row in enumerate(rows, start=1) if not row[column]]
            assert empty == entry["defects"].get("D02", {"rows": []})["rows"]
            found += len(empty)
    assert found


def test_repeated_rows_are_equal_to_the_row_above(landing, truth):
    for name, entry in truth["deliveries"].items():
        if name.endswith(".csv") and "D11" in entry["defects"]:
            rows = (landing / name).read_bytes().splitlines()
            assert all(rows[n - 1] == rows[n - 2] for n in entry["defects"]["D11"]["rows"])


@pytest.mark.parametrize(("month", "days"), [("10.17", 27), ("11.17", 40), ("12.17", 18), ("01.18", 10)])
def test_social_care_days_are_those_the_council_reported(landing, month, days):
    """27 in October 2017 and 10 in January 2018, whatever the size of the sample."""
    total = 0
    for path in (landing / "hospital").glob(f"DBTH DTOC SitRep w-e ??.{month}.xlsx"):
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Delays").to_python(skip_empty_area=False)
        header = rows[5]
        by, count = header.index("Attributable to"), header.index("Days delayed in period")
        total += sum(row[count] for row in rows[6:] if row[by] == "Social Care")
    assert total == days


def test_the_trailer_states_rows_and_hash(landing):
    data = (landing / "hospital" / "RP5_APC_201801_FREEZE.txt").read_bytes()
    body, trailer = data[: data.rindex(b"TRAILER")], data[data.rindex(b"TRAILER") :].decode().strip()
    sha1 = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    assert trailer == f"TRAILER|{body.count(chr(10).encode()) - 1}|{sha1}"


def test_the_total_row_is_the_sum_and_rp5_the_published_figure(landing):
    _, *rows, total = rows_of(landing / "public" / "Monthly-AE-October-2017.csv")
    assert total[0].strip() == "Total"
    assert [int(v) for v in total[4:]] == [sum(int(r[i]) for r in rows) for i in range(4, 22)]
    assert next(r[4] for r in rows if r[1] == "RP5") == "11236"


def test_delivery_times_are_file_times(landing, truth):
    for name, entry in truth["deliveries"].items():
        modified = datetime.fromtimestamp((landing / name).stat().st_mtime, UTC)
        assert modified.strftime("%Y-%m-%dT%H:%M:%SZ") == entry["received"]
    sent = [truth["deliveries"][f"hospital/RP5_ECDS_201712_{e}.csv"]["received"] for e in ("FLEX", "FREEZE")]
    assert sent == sorted(sent)


def test_nothing_that_identifies_anybody_leaves_the_landing_folder(landing):
    text = (landing.parent / "truth.json").read_text()
    assert not re.search(r"\b999\d{7}\b", text)
    assert not re.search(r"\b[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}\b", text)
    assert "TEST PATIENT" not in text
