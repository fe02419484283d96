"""Names of files, sheets, members and headers that may name a person are shown nowhere."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from small_contracts import column, contract, read_bytes, table, workbook

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Layout
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.intake.discover.naming import masked, shown, shown_file
from bassetlaw_pipeline.intake.land import check_file, land
from bassetlaw_pipeline.intake.model import FileRejected
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.receipt import render_html, render_text

PERSON = "Ann Canary"
NAMES = [f"{PERSON} {mark}" for mark in ("9434765919", "943 476 5919", "S80 1ZZ", "03.02.1950", "1950-02-03")]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_may_be_of_a_person_is_not_shown(name):
    assert PERSON not in shown(name, "a sheet") and PERSON not in shown_file(f"{name}.xlsx")


@pytest.mark.parametrize(
    "name",
    ["EMAS_RP5BA_Handover_WC_24092018.csv", "NCC_CLD_20170701_20180630.csv",
     "DBTH DTOC SitRep w-e 31.07.18.xlsx", "lookup_lsoa11_ccg21_stp21_ltla21.csv", "RP5_APC_201807_FLEX.txt"],
)  # fmt: skip
def test_periods_and_codes_in_agreed_names_stay(name):
    assert shown_file(name) == name


def test_a_message_keeps_its_words_and_loses_the_number():
    assert masked("sheet of 943 476 5919 at S80 1ZZ") == "sheet of (not shown) at (not shown)"
    assert masked("about 1,234,567 of 20 columns") == "about 1,234,567 of 20 columns"


def zipped(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(f"{name}.csv", "a,b\n1,2\n")
    return target.getvalue()


A_SHEET = contract(table("a", "b", layouts=(Layout(sheet=".*"),)), file={"format": "xlsx"})
ALL_FILES = {
    "an empty sheet": ("xlsx", A_SHEET, lambda name: workbook({name: []})),
    "two sheets": ("xlsx", A_SHEET, lambda n: workbook({n: [["a", "b"], [1, 2]], "x": [["a", "b"], [1, 2]]})),
    "a header": ("csv", contract(table("a", "b")), lambda name: f"a,b,{name}\n1,2,3\n".encode()),
    "no such sheet": (
        "xlsx",
        contract(table("a", layouts=(Layout(sheet="s"),)), file={"format": "xlsx"}),
        lambda name: workbook({name: [["x"]]}),
    ),
    "a member": ("zip", contract(table(column("a"), member="visits.csv"), file={"format": "zip"}), zipped),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ALL_FILES)
def test_no_reader_shows_such_a_name(kind, name, tmp_path):
    ending, to, made = ALL_FILES[kind]
    with pytest.raises(FileRejected) as refused:
        read_bytes(made(name), to, tmp_path, name=f"visits_201904.{ending}")
    assert PERSON not in str(refused.value) and PERSON.split()[1] not in str(refused.value)


@pytest.mark.parametrize("extract", load_contracts())
def test_no_receipt_of_any_contract_shows_such_a_name(extract, settings, tmp_path):
    """A file under a person's name, which holds a sheet of that name."""
    known = load_contracts()
    for number, name in enumerate(NAMES[:3]):
        path = tmp_path / str(number) / f"{name}.{known[extract].file.format}"
        path.parent.mkdir()
        path.write_bytes(workbook({name: [[name, "x"], ["1", "2"]]}))
        receipt = check_file(path, settings, known, extract)
        told = render_text(receipt, load_reasons()) + render_html(receipt, load_reasons())
        assert PERSON not in told + receipt.model_dump_json(), receipt.findings


def test_a_file_of_such_a_name_is_known_again(settings, tmp_path):
    """What is refused once is not read again, and nothing outside landing/ has its name."""
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    path = settings.home.landing / "ccg" / f"{NAMES[0]}.csv"
    path.parent.mkdir(parents=True)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    arrival = identify(path, load_contracts(), "ccg")
    assert land(arrival, settings).verdict == "rejected"
    assert Ledger(settings.home).knows(arrival)
    for kept in (p for p in settings.home.root.rglob("*") if settings.home.landing not in p.parents):
        assert PERSON not in kept.name
        assert not kept.is_file() or PERSON.encode() not in kept.read_bytes()


def test_what_is_kept_of_a_manifest_shows_no_such_name(tmp_path):
    path = tmp_path / f"{NAMES[0]}.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    stated = {"file_name": path.name, "extract_id": NAMES[0], "sha256": "1234567890ab"}
    path.with_name(f"{path.name}.manifest.json").write_text(json.dumps(stated), encoding="utf-8")
    kept = identify(path, load_contracts(), "ccg").manifest
    assert PERSON not in str(kept) and kept["sha256"] == stated["sha256"]
