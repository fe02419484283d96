"""A first contract for a file that no contract describes, ready to be edited.

No value is printed but short codes of columns that identify nobody; a range is a round number around the
values.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from bassetlaw_pipeline.contracts.model import Column, Layout, Table
from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.read import csv, excel, guarded, identifiers, records
from bassetlaw_pipeline.intake.read.encoding import to_utf8
from bassetlaw_pipeline.intake.read.grid import Grid, reject
from bassetlaw_pipeline.proposal.evidence import Evidence
from bassetlaw_pipeline.proposal.names import words

_MARKERS = ("-", "*", "n/a", "na", "null", "none", "..", ":")
_MOSTLY = 0.95
_SOME = 0.2  # from this share on, values of an identifying shape make the whole column identifying
_CODE = re.compile(r"[A-Z]{1,3}|[A-Z0-9]{1,6}")
_POSTCODE = r"(?i)^[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9O][A-Z]{2}$"
_PERSON = {"name", "surname", "forename", "address", "email", "phone", "telephone", "mobile", "initial"}
_OF_NO_PERSON = {
    "org",
    "organisation",
    "trust",
    "practice",
    "provider",
    "site",
    "ward",
    "area",
    "region",
    "service",
}
_NAME_SHAPE = r"^[A-Z][a-z'-]+,? (?:[A-Z][A-Za-z'-]* ?){1,2}$"
_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M")
_FEW, _OFTEN, _LONG = 20, 5, 40


def first_contract(path: Path, partner: str) -> tuple[str, str]:
    """The file name a contract must have, and its text. Raises FileRejected when the file cannot be read."""
    grid, kind, delimiter = guarded(lambda: _open(path))
    extract = _slug(path.stem, "extract")
    columns: list[dict[str, Any]] = []
    keyed = False
    for position, text in enumerate(grid.header):
        if not text:
            continue
        column = _column(text, position, grid, {c["name"] for c in columns}, may_be_key=not keyed)
        keyed = keyed or bool(column.get("primaryKey"))
        columns.append(column)
    body = _body(extract, partner, path, kind, delimiter, columns)
    text = yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=1_000_000)
    return f"{partner}__{extract}.odcs.yaml", text


def _open(path: Path) -> tuple[Grid, str, str]:
    data = path.read_bytes()
    table = Table(name="first", columns=(Column(name="unknown", source_name=""),))
    if excel.is_workbook(data):
        book = excel.open_workbook(data)
        sheet = next((n for n in book.rows if n in book.visible and any(map(any, book.rows[n]))), None)
        if sheet is None:
            raise reject("FILE_EMPTY", "no sheet has content")
        lay = _known_by(book.top(sheet))
        return excel.to_grid(book, sheet, table, lay), path.suffix.lower().lstrip(".") or "xlsx", ","
    if suffix := records.kind(data):
        return records.read(data, suffix).grid(table, Layout()), "csv", ","
    text, _ = to_utf8(data, "utf-8")
    delimiter = max(",;\t|", key=text[: text.find(b"\n")].decode("utf-8", "replace").count)
    first = csv.first_records(text, delimiter)
    index = _header_row(first)
    return csv.to_grid(text, delimiter, lambda _: index), "csv", delimiter


def _known_by(top: list[list[str]]) -> Layout:
    return Layout(signature=tuple(text for text in top[_header_row(top)] if text))


def _header_row(rows: list[list[str]]) -> int:
    """The first row that is about as full as the fullest one and holds no number."""
    widest = max((sum(map(bool, row)) for row in rows), default=0)
    for index, row in enumerate(rows):
        filled = [text for text in row if text]
        if (
            filled
            and len(filled) >= 0.8 * widest
            and not any(re.fullmatch(r"[\d.,/: -]+", t) for t in filled)
        ):
            return index
    raise reject("HEADER_NOT_FOUND", "no row of the first ones looks like a header")


def _column(text: str, position: int, grid: Grid, taken: set[str], *, may_be_key: bool) -> dict[str, Any]:
    if naming.shown(text, "") != " ".join(text.split())[:60]:
        raise reject("HEADER_NOT_FOUND", f"the header of column {position + 1} holds a long number")
    name = _slug(text, f"column_{position + 1}")
    name = name if name not in taken else f"{name}_{position + 1}"
    cells = pc.utf8_trim_whitespace(grid.rows.column(position)).combine_chunks().drop_null()
    lower = pc.utf8_lower(cells)
    markers = sorted(m for m in _MARKERS if pc.any(pc.equal(lower, m)).as_py())
    cells = cells.filter(pc.invert(pc.is_in(lower, pa.array([*_MARKERS, ""]))))
    custom = [{"property": "nullMarkers", "value": markers}] if markers else []
    semantic = _identifying(text, cells)
    if semantic:
        custom.insert(0, {"property": "semanticType", "value": semantic})
        return {"name": name, "physicalName": text, "customProperties": custom}
    shape, more = _shape(cells)
    unique = len(cells) == grid.rows.num_rows > 1 and len(cells.unique()) == len(cells)
    key = (
        {"primaryKey": True}
        if may_be_key and unique and not markers and "number" not in shape.values()
        else {}
    )
    described = {"name": name, "physicalName": text, "description": f"{text}."}
    custom += more
    return described | shape | key | ({"customProperties": custom} if custom else {})


def _identifying(text: str, cells: pa.Array) -> str | None:
    """The shared type of a column whose header or values point to a person."""
    named, size = set(words(text)), max(len(cells), 1)
    numbers = sum(bool(identifiers.count_in([cell])) for cell in cells.to_pylist())
    if {"nhs", "number"} <= named or numbers > _SOME * size:
        return "nhs_number"
    postcodes = pc.sum(pc.match_substring_regex(cells, _POSTCODE)).as_py() or 0
    if {"post", "code"} <= named or postcodes > _SOME * size:
        return "postcode"
    if "birth" in named:
        return "date_of_birth"
    shaped = pc.sum(pc.match_substring_regex(cells, _NAME_SHAPE)).as_py() or 0
    if (named & _PERSON or shaped > 0.5 * size) and not named & _OF_NO_PERSON:
        return "person_name"
    if {"patient", "hospital", "client"} & named and {"number", "id", "identifier", "reference"} & named:
        return "local_patient_id"
    return "free_text" if (pc.mean(pc.utf8_length(cells)).as_py() or 0) > _LONG else None


def _shape(cells: pa.Array) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Type, range and codes of a column that identifies nobody."""
    codes = _codes(cells)
    if codes:
        return {}, [{"property": "codes", "value": dict.fromkeys(codes, "to be described")}]
    if not len(cells):
        return {}, []
    for kind in ("integer", "number"):
        if _fits(cells, logical_type=kind):
            return {"logicalType": kind, "logicalTypeOptions": _range(cells)}, []
    formats = [
        f for f in _FORMATS if _fits(cells, logical_type="timestamp" if "%H" in f else "date", formats=(f,))
    ]
    if formats:
        kind = "timestamp" if "%H" in formats[0] else "date"
        return {"logicalType": kind}, [{"property": "formats", "value": formats[:1]}]
    return {}, []


def _codes(cells: pa.Array) -> list[str]:
    """Short codes that come again; numbers are left to their range, but for 01 and the like."""
    found = sorted(cells.unique().to_pylist())
    often = len(found) <= _FEW and len(cells) >= _OFTEN * len(found)
    short = all(_CODE.fullmatch(text) for text in found)
    counted = all(text.isdigit() and not (text.startswith("0") and len(text) > 1) for text in found)
    return found if found and often and short and not counted else []


def _fits(cells: pa.Array, **stated: Any) -> bool:
    if stated["logical_type"] == "integer" and pc.any(pc.match_substring_regex(cells, "^0[0-9]")).as_py():
        return False  # a code with a leading zero is no number
    column = Column(name="c", source_name="c", **stated)
    shape = Evidence(Table(name="t", columns=(column,))).shape(pa.chunked_array([cells]), column)
    return shape.share >= _MOSTLY


def _range(cells: pa.Array) -> dict[str, int]:
    """At least 0 where nothing is below; at most the next power of ten, which is no value of the file."""
    digits = pc.replace_substring_regex(cells, r"[^0-9.-]", "")
    whole = max((len(text.split(".")[0].lstrip("-")) for text in digits.to_pylist()), default=1)
    below = pc.any(pc.starts_with(digits, "-")).as_py()
    return {"minimum": -(10**whole) if below else 0, "maximum": 10**whole}


def _slug(text: str, otherwise: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower()).strip("_")
    return slug if slug[:1].isalpha() else f"{otherwise}_{slug}".strip("_")


def _body(
    extract: str, partner: str, path: Path, kind: str, delimiter: str, columns: list[dict[str, Any]]
) -> dict[str, Any]:
    title = extract.replace("_", " ").capitalize()
    name = re.sub(r"\d+", r"\\d+", re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", path.name))
    file = {"format": kind, "names": [name]} | ({"delimiter": delimiter} if kind == "csv" else {})
    layout = {"signature": [c["physicalName"] for c in columns[:3]]}
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": extract,
        "name": title,
        "version": "0.1.0",
        "status": "draft",
        "domain": partner,
        "description": {"purpose": "To be stated.", "usage": "To be stated.", "limitations": "To be stated."},
        "team": {"name": "To be named"},
        "customProperties": [
            {"property": "cadence", "value": "ad_hoc"},
            {"property": "file", "value": file},
            {"property": "period", "value": {"source": "file_name", "undated": "received"}},
            {"property": "resubmission", "value": {"mode": "snapshot"}},
        ],
        "schema": [
            {
                "name": extract,
                "businessName": title,
                "description": "To be stated.",
                "dataGranularityDescription": "to be stated",
                "customProperties": [{"property": "layouts", "value": [layout]}],
                "properties": columns,
            }
        ],
    }
