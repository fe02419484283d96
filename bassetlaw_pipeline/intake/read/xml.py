"""XML with one element per record as a grid.

Belongs here: parsing without document types or entities, and flat records. The element of a record is
named like the table's `member`; its leaf elements are the columns, whatever they are grouped in.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pyarrow as pa

from bassetlaw_pipeline.contracts.model import Table
from bassetlaw_pipeline.intake.read.grid import COLUMN_LIMIT, ROW_NUMBER, Grid, Ragged, reject


class _NoDoctype(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str, system: str) -> None:
        raise reject("FILE_UNREADABLE", "XML with a document type or entities is not read")


def parse(data: bytes) -> ElementTree.Element:
    """The root element. Raises FileRejected FILE_UNREADABLE, for document types in any encoding too."""
    try:
        return ElementTree.fromstring(data, ElementTree.XMLParser(target=_NoDoctype()))
    except (ElementTree.ParseError, LookupError, ValueError):
        raise reject("FILE_UNREADABLE", "the XML is damaged or cut off") from None


def to_grid(data: bytes, table: Table) -> Grid:
    """Records numbered from 1. Raises FileRejected FILE_UNREADABLE, FILE_HEADER_ONLY, FILE_TOO_WIDE."""
    pattern = re.compile(table.member or re.escape(table.name), re.IGNORECASE)
    elements = [e for e in parse(data).iter() if pattern.fullmatch(_name(e))]
    if not elements:
        raise reject("FILE_HEADER_ONLY", "the file has no record")
    records = [_leaves(e) for e in elements]
    header = tuple(dict.fromkeys(name for leaves in records for name, _ in leaves))
    if len(header) > COLUMN_LIMIT:
        raise reject("FILE_TOO_WIDE", f"{len(header)} columns, at most {COLUMN_LIMIT} are read")
    flat = [(number, dict(leaves)) for number, leaves in enumerate(records, 1) if not _repeats(leaves)]
    ragged = tuple(Ragged(number) for number, leaves in enumerate(records, 1) if _repeats(leaves))
    columns = {f"c{i}": [record.get(name) for _, record in flat] for i, name in enumerate(header)}
    arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    numbers = pa.array([number for number, _ in flat], pa.int64())
    return Grid(header=header, rows=pa.table(arrays | {ROW_NUMBER: numbers}), ragged=ragged)


def _name(element: ElementTree.Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _leaves(record: ElementTree.Element) -> list[tuple[str, str | None]]:
    return [
        (_name(e), (e.text or "").strip() or None) for e in record.iter() if e is not record and not len(e)
    ]


def _repeats(leaves: list[tuple[str, str | None]]) -> bool:
    return len({name for name, _ in leaves}) < len(leaves)
