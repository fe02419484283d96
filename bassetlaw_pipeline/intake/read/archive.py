"""Zip files, and workbooks as the zip files they are, looked at before anything unpacks them."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from xml.etree import ElementTree

from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.read import xml
from bassetlaw_pipeline.intake.read.grid import CELL_LIMIT, COLUMN_LIMIT, reject

MAX_BYTES = 500_000_000
MAX_RATIO = 200
RATIO_FROM = 50_000_000  # small files compress extremely well without meaning harm

_DIMENSION = re.compile(rb'dimension\s+ref="(?:[A-Z]{1,3}\d{1,7}:)?([A-Z]{1,3})(\d{1,7})"')
_START = 4_096  # bytes of a sheet that hold its dimension
_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",  # strict Open XML
)


def open_zip(data: bytes) -> zipfile.ZipFile:
    """A zip file that is safe to unpack.

    Raises FileRejected: FILE_ZIP_BOMB, FILE_NAME_UNSAFE, FILE_UNREADABLE.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise reject("FILE_UNREADABLE", "the zip structure is damaged or cut off") from None
    members = archive.infolist()
    total = sum(m.file_size for m in members)
    if total > MAX_BYTES or (total > RATIO_FROM and total > MAX_RATIO * max(1, len(data))):
        raise reject("FILE_ZIP_BOMB", f"{len(data):,} bytes claim to unpack to {total:,}")
    if any(_unsafe(m.filename) for m in members):
        raise reject("FILE_NAME_UNSAFE", "a file inside the zip has a path that leaves its folder")
    _check_content(archive)
    return archive


def _unsafe(name: str) -> bool:
    plain = name.replace("\\", "/")
    return re.match(r"/|[A-Za-z]:", plain) is not None or ".." in PurePosixPath(plain).parts


def _check_content(archive: zipfile.ZipFile) -> None:
    """Unpack once to nothing: sizes and checksums have to be what the directory claims."""
    try:
        damaged = archive.testzip()
    except Exception:
        damaged = "encrypted, or cut off"
    if damaged:
        raise reject("FILE_UNREADABLE", "a part of the zip is damaged, encrypted or cut off")


def members(archive: zipfile.ZipFile) -> list[str]:
    """Names of the files in a bundle, without folders and what computers add by themselves."""
    names = [n for n in archive.namelist() if not n.endswith("/")]
    return [n for n in names if not n.startswith("__MACOSX/") and not PurePosixPath(n).name.startswith(".")]


def check_workbook(archive: zipfile.ZipFile) -> None:
    """Raise FileRejected unless this is a workbook whose sheets are of a sensible size.

    One stray cell in the last row and column makes a reader claim memory for every cell between. A sheet
    that does not own up to it is left to the sandbox.
    """
    if "xl/workbook.xml" not in archive.namelist():
        raise reject("FILE_UNREADABLE", "the zip file is not an XLSX workbook")
    for name, member in sheet_members(archive).items():
        with archive.open(member) as sheet:
            rows, columns = _extent(sheet.read(_START))
        place = f"sheet {naming.shown(name, 'a sheet')!r}"
        if columns > COLUMN_LIMIT:
            detail = f"{place}: {columns} columns, perhaps by a stray cell; at most {COLUMN_LIMIT}"
            raise reject("FILE_TOO_WIDE", detail)
        if rows * columns > CELL_LIMIT:
            detail = f"{place} spans {rows:,} rows by {columns:,} columns, perhaps by a stray cell"
            raise reject("FILE_ZIP_BOMB", detail)


def sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Zip member of each worksheet by sheet name."""
    links = _parse(archive, "xl/_rels/workbook.xml.rels").iterfind("{*}Relationship")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    known = set(archive.namelist())
    found = {}
    for sheet in _parse(archive, "xl/workbook.xml").iterfind(".//{*}sheet"):
        link = next((sheet.get(key) for key in _RELATIONS if sheet.get(key)), None)
        found[sheet.get("name", "")] = _member(targets.get(link, ""))
    return {name: member for name, member in found.items() if member in known}


def _member(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _parse(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    return xml.parse(archive.read(member))


def _extent(start: bytes) -> tuple[int, int]:
    """Rows and columns a sheet says it has; (0, 0) when it does not say."""
    found = _DIMENSION.search(start)
    return (int(found[2]), column_number(found[1])) if found else (0, 0)


def column_number(letters: bytes) -> int:
    """1 for the column A of a sheet, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def uses_1904(archive: zipfile.ZipFile) -> bool:
    """True when the days of a workbook are counted from 1904, as old spreadsheets on a Mac do."""
    found = _parse(archive, "xl/workbook.xml").find("{*}workbookPr")
    return found is not None and found.get("date1904") in ("1", "true")


def pivot_caches(archive: zipfile.ZipFile) -> list[bytes]:
    """Rows kept behind pivot tables, even when their sheet was deleted."""
    return [archive.read(n) for n in archive.namelist() if n.startswith("xl/pivotCache/pivotCacheRecords")]
