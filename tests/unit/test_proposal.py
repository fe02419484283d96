"""Proposed layouts: right, or not sure, and never a value in a wrong column."""

from __future__ import annotations

import csv
import json
import shutil
from html import unescape
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.intake.land import check_file, land_extract
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.receipt import render_html, render_text
from bassetlaw_pipeline.orchestration import landing_events
from bassetlaw_pipeline.proposal import entry, short, words
from bassetlaw_pipeline.proposal.model import SURE
from bassetlaw_pipeline.proposal.names import likeness
from bassetlaw_pipeline.proposal.propose import propose
from bassetlaw_pipeline.proposal.short import with_proposals
from bassetlaw_pipeline.settings import CONTRACTS_DIR

AE = CONTRACTS_DIR / "public__nhse_ae_monthly.odcs.yaml"
NAME = "Monthly-AE-June-2024.csv"
COLUMNS = load_contracts()["nhse_ae_monthly"].main.columns
HEADER = [column.source_name for column in COLUMNS]
PROVIDERS = ("RP5", "RWD", "RHQ")


def rows() -> list[list[str]]:
    """Providers with figures that keep the contract's rules, each column with values of its own."""
    texts = {"period": "MSitAE-JUNE-2024", "parent_org": "NHS ENGLAND NORTH", "org_name": "A TRUST"}
    body = []
    for number, code in enumerate(PROVIDERS):
        figures = [str(2000 - 40 * place + number) for place in range(len(COLUMNS))]
        row = [texts.get(c.name, f) for c, f in zip(COLUMNS, figures, strict=True)]
        row[1] = code
        body.append(row)
    return body


def put(folder: Path, table: list[list[str]], name: str = NAME) -> Path:
    """A file of the extract."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(table)
    return path


def renamed(changes: dict[str, str]) -> list[list[str]]:
    """The file with other headers."""
    return [[changes.get(text, text) for text in HEADER], *rows()]


def pairs(found) -> dict[str, str]:
    """Proposed columns by name."""
    return {pair.column: pair.header for table in found.tables for pair in table.pairs}


def test_a_file_that_fits_needs_nothing(tmp_path, settings):
    found = propose(put(tmp_path, renamed({})), AE, settings)
    assert not found.is_needed and not found.diff


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A&E attendances Type 1", "Number of A&E attendances Type 1"),
        ("Attendances over 4hrs Type 2", "Attendances over 4 hours Type 2"),
        ("A&E attendances Booked Appointments Type 1", "A&E atendances Booked Appointments Type 1"),
        ("Attendances over 4hrs Type 1", "Type 1 - Attendance_over_4hrs"),
    ],
)
def test_a_renamed_column_is_proposed_and_taken(tmp_path, settings, old, new):
    found = propose(put(tmp_path, renamed({old: new})), AE, settings)
    name = next(c.name for c in COLUMNS if c.source_name == old)
    if new.startswith("Type 1 -"):  # a word of direction in another order could mean something else
        assert not found.is_complete and not pairs(found)
    else:
        assert pairs(found) == {name: new} and found.is_complete
        assert f"{name}: {new}" in found.diff and "\n-" not in found.diff.split("@@")[-1]


def test_records_whose_key_is_new_get_the_entry_that_takes_them(tmp_path, settings):
    header, *body = renamed({"Attendances over 4hrs Type 2": "Attendances over 4 hours Type 2"})
    lines = [json.dumps(dict(zip(header, row, strict=True))) for row in body]
    path = tmp_path / NAME.replace(".csv", ".jsonl")
    path.write_text("\n".join(lines), encoding="utf-8")
    found = propose(path, AE, settings)
    assert found.is_complete and found.after.verdict == "accepted"
    assert found.after.tables["nhse_ae_monthly"].accepted == len(PROVIDERS)


@pytest.mark.parametrize(
    "changes",
    [
        {"A&E attendances Type 1": "A&E attendances Type 3"},
        {"A&E attendances Type 1": "Fréquentation des urgences, type 1"},
        {"Attendances over 4hrs Type 1": "Attendances under 4hrs Type 1"},
        {"Attendances over 4hrs Type 1": "Attendances over 12hrs Type 1"},
        {"Org Code": "Organisation"},
        {
            "A&E attendances Type 1": "Number of A&E attendances Type 2",
            "A&E attendances Type 2": "Number of A&E attendances Type 1",
        },
    ],
)
def test_what_the_file_does_not_settle_is_not_proposed(tmp_path, settings, changes):
    found = propose(put(tmp_path, renamed(changes)), AE, settings)
    assert not found.is_complete and not pairs(found)
    assert "not sure" in words.render(found)


def test_a_name_over_values_that_do_not_fit_is_not_believed(tmp_path, settings):
    table = renamed({"Org Code": "Organisation Code"})
    for row in table[1:]:
        row[1] = "not a code at all, but a sentence"
    found = propose(put(tmp_path, table), AE, settings)
    assert not found.is_complete and "org_code" not in pairs(found)


def test_a_split_column_is_not_guessed(tmp_path, settings):
    table = renamed({})
    at = HEADER.index("A&E attendances Type 1")
    table[0][at : at + 1] = ["A&E attendances adults", "A&E attendances children"]
    for row in table[1:]:
        row[at : at + 1] = ["900", "100"]
    found = propose(put(tmp_path, table), AE, settings)
    assert not found.is_complete and not pairs(found)


def test_a_new_and_a_lost_column_that_cannot_be_each_other(tmp_path, settings):
    table = renamed({"A&E attendances Booked Appointments Type 2": "Comment"})
    for row in table[1:]:
        row[table[0].index("Comment")] = "none"
    [found] = propose(put(tmp_path, table), AE, settings).tables
    assert found.ignored == ("Comment",) and found.absent == ("type2_booked",) and not found.doubts


def test_a_header_that_holds_a_number_of_somebody_is_not_shown(tmp_path, settings):
    table = renamed({"A&E attendances Type 1": "A&E attendances Type 1 943 476 5919"})
    found = propose(put(tmp_path, table), AE, settings)
    assert not found.is_complete and "943 476" not in words.render(found)


SPELLINGS = (
    lambda text: text.upper().replace(" ", "_"),
    lambda text: f"Number of {text}",
    lambda text: f"{text} (adults)",
    lambda text: text.replace("Type 1", "Type 2"),
    lambda text: text.replace("Booked ", ""),
    lambda text: text.replace("over", "under"),
    lambda text: text.replace("Attendances", "Attendance"),
    lambda text: "Anzahl",
)


@given(
    spelt=st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=4),
    at=st.permutations(range(4, 16)),
    order=st.one_of(st.none(), st.permutations(range(len(HEADER)))),
)
@examples(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_drifted_copy_never_lands_a_value_in_a_wrong_column(tmp_path, settings, spelt, at, order):
    changes = {HEADER[place]: spell(HEADER[place]) for spell, place in zip(spelt, at, strict=False)}
    table = renamed(changes)
    if order:
        table = [[row[place] for place in order] for row in table]
    found = propose(put(tmp_path, table), AE, settings)
    truth = {c.name: changes.get(c.source_name, c.source_name) for c in COLUMNS}
    headers = list(truth.values())
    if len(set(headers)) == len(headers):
        assert all(truth[name] == header for name, header in pairs(found).items())
    assert not set(changes.values()) & {t for table in found.tables for t in table.ignored}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("NHS No", "nhs_number", True),
        ("Date of referral", "Referral date", True),
        ("OrgCode", "Organisation Code", True),
        ("First contact date", "Last contact date", False),
        ("Referrer date", "Referred date", False),
        ("Male", "Female", False),
        ("Admitted", "Readmitted", False),
        ("From ward to bed", "From bed to ward", False),
        ("Ward code", "Ward", False),
        ("Type 1", "Type 2", False),
    ],
)
def test_headers_are_alike_only_word_by_word(one, other, alike):
    assert (likeness(one, other)[0] >= SURE) == alike == (likeness(other, one)[0] >= SURE)


def test_a_whole_group_under_a_new_upper_name(tmp_path, settings, shared):
    """A published file in two header rows, where the contract knows its beds under another upper name."""
    known = CONTRACTS_DIR / "public__nhse_dtoc_la.odcs.yaml"
    lines = known.read_text(encoding="utf-8").replace("DTOC Beds", "Beds blocked").splitlines(True)
    contract = tmp_path / known.name
    contract.write_text("".join(line for line in lines if "{id: may19," not in line), encoding="utf-8")
    found = propose(shared / "data/real/02_dtoc/la_sitrep_xls/Nov_18.xls", contract, settings)
    assert found.is_complete, words.render(found)
    assert {name: header for name, header in pairs(found).items() if name.endswith("_beds")} == {
        "nhs_beds": "DTOC Beds | NHS",
        "social_care_beds": "DTOC Beds | Social Care",
        "both_beds": "DTOC Beds | Both",
        "total_beds": "DTOC Beds | Total",
    }


@pytest.mark.parametrize(
    ("file", "taken_out", "complete"),
    [("June_16", "jul15", True), ("April_13", "apr13", True), ("April_11", "apr11", False)],
)
def test_a_published_file_gets_its_layout_back(tmp_path, settings, shared, file, taken_out, complete):
    """Without its layout it is taken again; that SHA was the region is not for the file to say."""
    known = CONTRACTS_DIR / "public__nhse_dtoc_la.odcs.yaml"
    lines = known.read_text(encoding="utf-8").splitlines(True)
    contract = tmp_path / known.name
    contract.write_text("".join(x for x in lines if f"{{id: {taken_out}," not in x), encoding="utf-8")
    found = propose(shared / f"data/real/02_dtoc/la_sitrep_xls/{file}.xls", contract, settings)
    assert found.is_needed and found.is_complete == complete, words.render(found)


def test_an_entry_is_inserted_and_nothing_else_changes():
    for path in sorted(CONTRACTS_DIR.glob("*.odcs.yaml")):
        text = path.read_text(encoding="utf-8")
        contract = load_contracts()[path.name.split("__")[1].removesuffix(".odcs.yaml")]
        for table in contract.tables:
            changed = entry.insert(text, table.name, "{id: proposed}")
            assert changed.replace("{id: proposed}", "").count("\n") - text.count("\n") in (0, 1, 2)
            assert changed.count("{id: proposed}") == 1


def test_the_receipt_of_a_header_that_did_not_fit_names_the_command(tmp_path, settings):
    found = propose(put(tmp_path, renamed({"Org Code": "Site"})), AE, settings)
    told = render_text(found.before, load_reasons()), render_html(found.before, load_reasons())
    assert all("bassetlaw contract propose FILE --contract nhse_ae_monthly" in text for text in told)


DRIFTED = {"A&E attendances Type 1": "Number of A&E attendances Type 1"}


def test_a_rejected_receipt_and_its_check_show_the_proposal_that_the_command_prints(tmp_path, settings):
    contract = load_contracts()["nhse_ae_monthly"]
    receipt = check_file(
        put(tmp_path, renamed(DRIFTED)), settings, load_contracts(), contract.id, propose=with_proposals
    )
    assert receipt.verdict == "rejected"
    assert receipt.proposal == (
        "A layout of nhse_ae_monthly from June 2024 on would take it: renamed A&E attendances Type 1 -> "
        "Number of A&E attendances Type 1. Landing would then accept 3 rows."
    )
    found = propose(put(tmp_path, renamed(DRIFTED)), AE, settings)
    assert short.in_words(found) == receipt.proposal
    for text in (render_text(receipt, load_reasons()), unescape(render_html(receipt, load_reasons()))):
        assert receipt.proposal in text and "propose FILE --contract nhse_ae_monthly --write" in text
    results = landing_events.check_results(contract, dg.AssetKey("x"), [receipt], [receipt])
    [shown] = [r for r in results if r.check_name == "accepted"]
    assert receipt.proposal in shown.metadata["proposals"].value


def test_what_is_not_sure_is_not_proposed_on_a_receipt(tmp_path, settings):
    file = put(tmp_path, renamed({"Org Code": "Site"}))
    receipt = check_file(file, settings, load_contracts(), "nhse_ae_monthly", propose=with_proposals)
    assert receipt.verdict == "rejected" and receipt.proposal == ""


def test_an_accepted_file_costs_nothing_and_many_rejected_ones_little(tmp_path, settings, monkeypatch):
    looked = []
    monkeypatch.setattr(short, "short_proposal", lambda arrival, _: looked.append(arrival.file_name) or "")
    check_file(
        put(tmp_path, renamed({})), settings, load_contracts(), "nhse_ae_monthly", propose=with_proposals
    )
    assert looked == []
    contract = load_contracts()["nhse_ae_monthly"]
    arrivals = [
        identify(put(tmp_path, renamed(DRIFTED | {"Org name": f"Name {n}"}), f"Monthly-AE-June-202{n}.csv"),
                 {contract.id: contract})
        for n in range(6)
    ]  # fmt: skip
    land_extract(contract, arrivals, settings, write=False, propose=with_proposals)
    assert len(looked) == short.MOST_FILES
    monkeypatch.setattr(short, "MOST_BYTES", 10)
    land_extract(contract, arrivals, settings, write=False, propose=with_proposals)
    assert len(looked) == short.MOST_FILES, "a large file is not read several times over"


def test_write_adds_the_entry_once(tmp_path, settings, monkeypatch):
    shutil.copytree(CONTRACTS_DIR, tmp_path / "contracts")
    monkeypatch.setattr("bassetlaw_pipeline.settings.CONTRACTS_DIR", tmp_path / "contracts")
    file = put(tmp_path, renamed({"A&E attendances Type 1": "Number of A&E attendances Type 1 "}))
    arguments = ["contract", "propose", str(file), "--contract", "nhse_ae_monthly", "--write"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 0 and "nothing to propose" in again.stdout
    assert CliRunner().invoke(app, ["contract", "propose", "nothing.csv"]).exit_code == 2
