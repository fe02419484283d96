"""Proposals for drifted files of every contract: right, or not sure, and never a value in a wrong column.

Right means: what is proposed, once applied, lands the rows that the file has under agreed names; a column
that the drifted file lacks is empty. A failure names the contract, the drift and the seed.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from drifted import DRIFTS, Columns, Drift, apply
from mutant_sources import Source, sources
from mutants import Mutant, Work, changed
from test_mutants import Rows, header_records, land, misplaced, rows_of

from bassetlaw_pipeline.contracts.load import load_contract, load_contracts
from bassetlaw_pipeline.intake.read.header import fold, locate
from bassetlaw_pipeline.proposal.propose import propose
from bassetlaw_pipeline.settings import CONTRACTS_DIR, Settings

COPIES = int(os.environ.get("DRIFTS", "2"))  # of every contract
OFTEN = ("nhse_diagnostics_provider", "nhs_staff_survey")  # have every drift
OUTCOMES: Counter[str] = Counter()


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> dict[str, Source]:
    """A file of every contract."""
    folder = tmp_path_factory.mktemp("drifted")
    return {found[0]: found for found in sources(folder, Settings(BASSETLAW_HOME=folder / "home"))}


@pytest.fixture
def landing(monkeypatch):
    """The pseudonym key of tests; expectations about whole files say nothing about columns and take long."""
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", "0" * 63 + "1")
    monkeypatch.setattr("bassetlaw_pipeline.intake.land._validate", lambda *_: None)


def file_of(contract) -> Path:
    """Where the contract stands."""
    return CONTRACTS_DIR / f"{contract.partner}__{contract.id}.odcs.yaml"


def with_header(contract) -> bool:
    """False for what cannot be compared by its header."""
    return contract.file.format != "xml" and not any(lay.stated_header for lay in contract.main.layouts)


@pytest.mark.parametrize("extract", [c.id for c in load_contracts().values() if with_header(c)])
def test_a_proposal_for_a_drifted_file_of(extract, clean, tmp_path, landing):
    contract = load_contracts()[extract]
    place = list(load_contracts()).index(extract)
    copies = len(DRIFTS) if extract in OFTEN else COPIES
    faults = []
    for seed in range(copies):
        make = DRIFTS[(place * COPIES + seed) % len(DRIFTS)]
        outcome, why = judged(contract, clean[extract], make, seed, tmp_path / str(seed))
        OUTCOMES[outcome] += 1
        if os.environ.get("DRIFTS_SHOWN"):
            print(extract, make.__name__, seed, outcome, why)
        faults += [f"{extract} {make.__name__} seed {seed}: {why}"] if outcome == "wrong" else []
    assert not faults, "\n".join(faults)


def judged(contract, source: Source, make, seed: int, folder: Path) -> tuple[str, str]:
    """The outcome for one drifted copy, and why it is wrong."""
    dice = random.Random(f"{contract.id} {make.__name__} {seed}")
    _, name, data = source
    columns, layout, first, table = columns_of(contract, name, data, folder, dice)
    drift = make(columns, dice)
    files = [
        changed(contract, name, data, first, table.name, apply(h, layout)) for h in (drift.base, drift.heads)
    ]
    path = folder / "proposed" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(files[1].data)
    found = propose(path, file_of(contract), Settings(BASSETLAW_HOME=folder / "home"))
    if not found.is_needed:
        return "nothing to propose", ""
    wrong = [pair for t in found.tables for pair in t.pairs if not is_true(pair, drift, columns)]
    if wrong:
        return "wrong", f"{wrong[0].was} -> {wrong[0].header} ({drift.kind})"
    if any("the reader failed" in doubt.why for doubt in found.doubts):
        return "wrong", found.doubts[0].why
    if not found.is_complete:
        return "not sure", drift.kind
    return applied(contract, found, files, drift, name, folder)


def columns_of(contract, name: str, data: bytes, folder: Path, dice: random.Random):
    """The header of one table of the clean file, the layout that it has, and where headers lie."""
    path = folder / "clean" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    first = header_records(contract, path)
    needed = [t for t in contract.tables if not t.optional and t.name in first]
    table = dice.choice(needed)
    seen: list[list] = []
    changed(contract, name, data, first, table.name, lambda work, _: seen.append(work.rows))
    texts = [["" if cell is None else str(cell) for cell in row] for row in seen[0]]
    found = []
    for layout in table.layouts:
        at = locate(texts, table, layout)
        if at is not None:
            found.append((Columns.of(texts, at + 1, table, layout), layout, first | {table.name: at + 1}))
    return *max(found, key=lambda one: len(one[0].own)), table


def is_true(pair, drift: Drift, columns: Columns) -> bool:
    """True when the header stands over the values of the column."""
    lower = {fold(h.text): h for h in drift.heads}
    text = pair.header.rpartition("|")[2] if "|" in pair.header else pair.header
    head = lower.get(fold(text))
    if head is None or head.origin is None or head.part is not None:
        return False
    base = next(h.text for h in drift.base if h.origin == head.origin)
    return columns.names[columns.texts.index(base)] == pair.column or columns.texts.count(base) > 1


def applied(contract, found, files: list[Mutant], drift: Drift, name: str, folder: Path) -> tuple[str, str]:
    """What landing by the proposed contract gives, compared with the file under agreed names."""
    new = folder / file_of(contract).name
    new.write_text(found.text, encoding="utf-8")
    [(_, before)] = land(contract, [(name, files[0].data)], folder / "agreed")
    [(receipt, after)] = land(load_contract(new), [(name, files[1].data)], folder / "changed")
    if receipt.verdict == "rejected":
        return "wrong", "the applied proposal does not take the file"
    if drift.kind == "split":
        return "wrong", "the split column is called absent"
    made = Mutant(drift.kind, b"", name)
    for table in contract.tables:
        old, landed = rows_of(contract, table, before), rows_of(contract, table, after)
        if not drift.gone and _in_any_order(old) != _in_any_order(landed):
            return "wrong", f"{table.name}: other rows than under agreed names ({drift.kind})"
        made.records = {n: n for n in old}
        if wrong := misplaced(old, landed, made, table.name, bool(drift.gone)):
            return "wrong", f"{table.name}: records {wrong[:5]} have a value in a wrong column ({drift.kind})"
    return "right", drift.kind


def _in_any_order(rows: Rows) -> dict:
    """Rows of wide columns come in the order of the columns."""
    return {number: Counter(map(str, found)) for number, found in rows.items()}


@pytest.mark.parametrize("extract", [c.id for c in load_contracts().values() if not with_header(c)])
def test_what_has_no_header_is_not_proposed_for(extract, clean, tmp_path, landing):
    contract = load_contracts()[extract]
    _, name, data = clean[extract]
    for seed in range(COPIES):
        path = tmp_path / str(seed) / name
        path.parent.mkdir()
        path.write_bytes(_without_header_drifted(contract, data, random.Random(seed)))
        found = propose(path, file_of(contract), Settings(BASSETLAW_HOME=tmp_path / "home"))
        OUTCOMES["not sure" if found.is_needed else "nothing to propose"] += 1
        assert not found.is_needed or (not found.is_complete and not found.diff)


def _without_header_drifted(contract, data: bytes, dice: random.Random) -> bytes:
    if contract.file.format == "xml":
        tag = dice.choice([b"BusinessName", b"FHRSID"])
        return data.replace(b"<" + tag, b"<New" + tag).replace(b"</" + tag, b"</New" + tag)
    rows = Work.of([line.split(",") for line in data.decode().splitlines()], 0).rows
    place = dice.randrange(len(rows[0]))
    return "\n".join(",".join([*row[:place], *row[place + 1 :]]) for row in rows).encode()


def test_outcomes_are_printed():
    """The counts; pytest shows them with -s."""
    print("\n" + "\n".join(f"{what}: {n}" for what, n in sorted(OUTCOMES.items())))
