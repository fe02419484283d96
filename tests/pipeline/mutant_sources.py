"""A small clean file of every contract: of the sample where it has one, else of the extract's own test.

How they are damaged stands in mutants.py.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import test_extract_ncc_ncmp as measured
import test_extract_nhft_iapt as therapies
import test_extract_public_beds as beds
import test_extract_public_geography as geography
import test_extract_public_organisations as organisations
import test_extract_public_practices as practices
import test_extract_public_waits as waits
from extract_files import text

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.settings import Settings
from bassetlaw_sample import generate

MOST_LINES = 40
LEAST_BYTES = 900  # of a sample file, so that it has some rows
_LIFE = "REQ3292_LifeExpectancy_2011MSOAs_England_2016_to_2020.xlsx"
_SERIES = "Monthly-AE-Time-Series-October-2024.xls"
_CLINICS = ("Monthly-Diagnostics-Web-File-Provider-April-2024_X.csv", waits.DM01)

Source = tuple[str, str, bytes]  # contract, file name, content


def sources(folder: Path, settings: Settings) -> list[Source]:
    """One file for each contract, in the order of the contracts."""
    found = dict(_of_tests()) | dict(_of_sample(folder, settings))
    contracts = load_contracts()
    assert not contracts.keys() - found.keys(), "a contract has no file to damage"
    found["nhft_iapt"] = (therapies.NAME, therapies.CLEAN)  # the sample's smallest lacks a member
    return [(extract, *found[extract]) for extract in contracts]


def _of_sample(folder: Path, settings: Settings) -> Iterator[tuple[str, tuple[str, bytes]]]:
    generate(folder, seed=7, people=3000, start="2018-04", end="2018-06", defects=False, settings=settings)
    contracts = load_contracts()
    best: dict[str, tuple[bool, int, Path]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        partner = path.relative_to(folder).parts[0]
        own = {k: c for k, c in contracts.items() if c.partner == partner}
        extract = identify(path, own, partner).contract if own else None
        if extract and not path.name.endswith(".json"):
            size = path.stat().st_size
            rank = (size < LEAST_BYTES, size, path)
            best[extract.id] = min(rank, best.get(extract.id, rank))
    for extract, (_, _, path) in best.items():
        yield extract, (path.name, shortened(contracts[extract], path.read_bytes()))


def _of_tests() -> Iterator[tuple[str, tuple[str, bytes]]]:
    for extract, name, rows in reversed(geography.EDITIONS):
        yield extract, (name, text(rows))
    for extract, name, rows, *_ in reversed(practices.FORMS):
        yield extract, (name, text(rows))
    yield "nhse_rtt_provider", (waits.RTT_NAME, text(waits.RTT))
    yield "nhse_diagnostics_provider", (waits.DM01_NAME, text(waits.DM01))
    yield "nhsd_iapt_monthly", ("iapt_sicbl_2022.csv", text(waits.IAPT))
    yield "ohid_life_expectancy_msoa", (_LIFE, waits.life())
    yield "nhse_ae_timeseries", (_SERIES, waits.england())
    yield "nhse_kh03", (beds.NAME, beds.book())
    yield "ods_epcn", ("ePCN.xlsx", organisations.book())
    yield "ods_epraccur", ("epraccur_2022-02.csv", organisations.REGISTER.encode())
    yield measured.EXTRACT, (measured.NAME, measured.CLEAN)


def shortened(contract, data: bytes) -> bytes:
    """The first lines of a text file, of every member of a bundle, and a trailer that says so."""
    if contract.file.format == "zip":
        return repacked(data, lambda member: _lines(member))
    if contract.file.format != "csv" or contract.file.trailer:
        return data
    return _lines(data)


def _lines(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:MOST_LINES])


def repacked(data: bytes, change) -> bytes:
    """A zip file with each member changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return target.getvalue()
