"""Templates of every contract that has one: filled in they are accepted, empty they have no rows."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from mutant_sources import sources
from typer.testing import CliRunner

from bassetlaw_pipeline.cli import app
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.template import example, file_name, files, newest, why_none
from bassetlaw_pipeline.intake.land import check_file
from bassetlaw_pipeline.intake.read import period
from bassetlaw_pipeline.settings import Settings

CONTRACTS = load_contracts()
WITH = [c for c in CONTRACTS.values() if why_none(c) is None]


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    return Settings(BASSETLAW_HOME=tmp_path_factory.mktemp("templates") / "home")


@pytest.fixture(scope="module")
def clean(tmp_path_factory, settings) -> dict[str, tuple[str, bytes]]:
    """A clean file of every contract."""
    folder = tmp_path_factory.mktemp("clean")
    return {extract: (name, data) for extract, name, data in sources(folder, settings)}


def _check(path, data, settings):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return check_file(path, settings, CONTRACTS)


def _grid(rows) -> list[list]:
    return [["" if c is None else " ".join(c.split()) if isinstance(c, str) else c for c in r] for r in rows]


def _row(grid: list[list], header: list[str], at: int = 0) -> list:
    """A row of the clean file, in the order of the template's header."""
    lower = [h.lower() for h in header]
    start = max(range(len(grid)), key=lambda n: sum(str(c).lower() in lower for c in grid[n]))
    named = dict(
        zip((str(c).lower() for c in grid[start]), grid[min(start + 1 + at, len(grid) - 1)], strict=False)
    )
    return [named.get(h, "") for h in lower]


def _filled(contract, data: bytes, template: bytes, at: int) -> bytes:
    if contract.file.format == "csv":
        spec = contract.file
        grid = _grid(
            csv.reader(
                io.StringIO(data.decode(spec.encoding).removeprefix("\ufeff")), delimiter=spec.delimiter
            )
        )
        header = next(csv.reader([template.decode(spec.encoding)], delimiter=spec.delimiter))
        out = io.StringIO()
        csv.writer(out, delimiter=spec.delimiter).writerow(_row(grid, header, at))
        return template + out.getvalue().encode(spec.encoding)
    source, book = openpyxl.load_workbook(io.BytesIO(data)), openpyxl.load_workbook(io.BytesIO(template))
    for table in contract.tables:
        name = newest(table).sheet
        sheet = book[name or "Data"]
        header = [" ".join(c.value.split()) for c in sheet[1]]
        grid = _grid((source[name] if name else source.worksheets[0]).values)
        for position, value in enumerate(_row(grid, header, at), start=1):
            sheet.cell(2, position, value if value != "" else None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("contract", WITH, ids=lambda c: c.id)
def test_a_filled_template_is_accepted(contract, clean, settings, tmp_path):
    name, data = clean[contract.id]
    parts = contract.file.match(name)
    start = period.named(parts, None, contract.period)
    suggested = file_name(contract, start)
    assert period.named(contract.file.match(suggested), None, contract.period) == start
    template = next(iter(files(contract).values()))
    told = [
        _check(tmp_path / str(n) / suggested, _filled(contract, data, template, n), settings)
        for n in range(5)
    ]
    assert any(r.verdict != "rejected" and all(t.accepted for t in r.tables.values()) for r in told), [
        (f.code, f.outcome, f.detail) for f in told[0].findings
    ]


@pytest.mark.parametrize("contract", WITH, ids=lambda c: c.id)
def test_an_empty_template_has_no_rows_and_is_always_the_same(contract, settings, tmp_path):
    written = files(contract)
    assert written == files(contract)
    receipt = _check(tmp_path / file_name(contract), next(iter(written.values())), settings)
    assert receipt.verdict == "rejected"
    assert [f.code for f in receipt.findings if f.outcome == "reject"] == ["FILE_HEADER_ONLY"]


def test_the_command_writes_a_template_or_says_in_one_sentence_why_there_is_none(tmp_path):
    assert len(WITH) > 10
    for contract in CONTRACTS.values():
        result = CliRunner().invoke(app, ["contract", "template", contract.id, "--to", str(tmp_path)])
        assert result.exit_code == (0 if contract in WITH else 2), result.output
        assert contract in WITH or "has no template: " in " ".join(result.output.split())


def test_examples_keep_the_form_of_their_column():
    for column in (c for k in WITH for t in k.tables for c in t.columns if c.pattern and not c.codes):
        is_text = column.logical_type == "string"
        assert not (is_text and example(column)) or re.fullmatch(column.pattern, example(column))
