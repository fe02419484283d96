"""A first contract loads, knows identifying columns, and shows none of their values."""

from __future__ import annotations

import csv

import pytest
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.contracts.load import load_contract
from bassetlaw_pipeline.proposal.first import first_contract

HEADER = ["Ref", "NHS No", "Who", "Home", "DOB", "Seen on", "Status", "Score", "Hours", "Site code", "Number"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "Wellbeing visits 2024.csv"
    rows = [
        [f"R{n:04}", "943 476 5919", "Smith, Jane", "S81 7AA", "12/03/1950", f"2024-05-{n + 1:02}",
         "ABC"[n % 3], str(n), f"{n}.5", f"0{n % 3}", "9434765919"]
        for n in range(24)
    ]  # fmt: skip
    rows[3][7] = "n/a"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return path


def test_a_first_contract_loads_and_knows_its_columns(file, tmp_path):
    name, text = first_contract(file, "bcvs")
    (tmp_path / name).write_text(text, encoding="utf-8")
    contract = load_contract(tmp_path / name)
    found = contract.main.by_name
    kinds = {c.name: c.semantic_type for c in found.values() if c.semantic_type}
    assert kinds == {
        "nhs_no": "nhs_number", "who": "person_name", "home": "postcode",
        "dob": "date_of_birth", "number": "nhs_number",
    }  # fmt: skip
    assert all(found[column].transform for column in kinds)
    assert contract.main.key == ("ref",) and found["seen_on"].logical_type == "date"
    assert set(found["status"].codes) == {"A", "B", "C"} and set(found["site_code"].codes) == {
        "00",
        "01",
        "02",
    }
    assert found["score"].logical_type == "integer" and found["score"].null_markers == ("n/a",)
    assert found["hours"].logical_type == "number" and found["hours"].maximum == 100
    assert contract.file.match(file.name) is not None


def test_no_identifying_value_is_shown(file):
    shown = CliRunner().invoke(app, ["contract", "propose", str(file), "--partner", "bcvs"])
    assert shown.exit_code == 0
    assert not any(text in shown.output for text in ("943", "Smith", "S81", "1950"))
    assert CliRunner().invoke(app, ["contract", "propose", str(file), "--partner", "nobody"]).exit_code == 2


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04 broken", b"\x00\xff\xfe", b"1,2,3\n4,5,6\n"])
def test_a_file_without_a_readable_header_is_refused_in_words(tmp_path, content):
    path = tmp_path / "unknown.csv"
    path.write_bytes(content)
    done = CliRunner().invoke(app, ["contract", "propose", str(path), "--partner", "bcvs"])
    assert done.exit_code == 1 and "no contract can be proposed" in done.output
