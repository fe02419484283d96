"""XML with one element per record as a grid.

The element of a record is named like the table's `member`; its leaf elements are the columns, whatever they
are grouped in.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice
from xml.etree import ElementTree

import pyarrow as pa

from bassetlaw_pipeline.contracts.model import Table
from bassetlaw_pipeline.intake.discover import naming
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
    """Records numbered from 1.

    Raises FileRejected FILE_UNREADABLE, FILE_HEADER_ONLY, FILE_TOO_WIDE, RECORD_NAME_UNKNOWN.
    """
    root = parse(data)
    pattern = re.compile(table.member or re.escape(table.name), re.IGNORECASE)
    tags = {tag for tag in _tags(root) if pattern.fullmatch(_name(tag))}
    records = [_leaves(e) for e in root.iter() if e.tag in tags]
    if not records:
        raise reject("FILE_HEADER_ONLY", "the file has no record")
    header = tuple(dict.fromkeys(name for leaves in records for name, _ in leaves))
    _check_all_read(root, tags, set(header))
    if len(header) > COLUMN_LIMIT:
        raise reject("FILE_TOO_WIDE", f"{len(header)} columns, at most {COLUMN_LIMIT} are read")
    dicts = [dict(leaves) for leaves in records]
    repeats = [len(flat) < len(leaves) for flat, leaves in zip(dicts, records, strict=True)]
    ragged = tuple(Ragged(number) for number, twice in enumerate(repeats, 1) if twice)
    flat = [(number, one) for number, one in enumerate(dicts, 1) if not repeats[number - 1]]
    columns = {f"c{i}": [record.get(name) for _, record in flat] for i, name in enumerate(header)}
    arrays = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    numbers = pa.array([number for number, _ in flat], pa.int64())
    return Grid(header=header, rows=pa.table(arrays | {ROW_NUMBER: numbers}), ragged=ragged)


def _check_all_read(root: ElementTree.Element, tags: set[str], header: set[str]) -> None:
    """Raise FileRejected RECORD_NAME_UNKNOWN when elements beside the records are records in all but name."""
    strange: Counter[str] = Counter()
    for parent in root.iter():
        if any(e.tag in tags for e in parent):
            beside = (e for e in parent if isinstance(e.tag, str) and e.tag not in tags and len(e))
            strange.update(_name(e.tag) for e in beside if _is_similar(e, header))
    if strange:
        told = {name: naming.shown(name, "an element") for name in sorted(strange)[:5]}
        names = ", ".join(f"{strange[name]} called {text!r}" for name, text in told.items())
        raise reject("RECORD_NAME_UNKNOWN", names, count=strange.total())


def _is_similar(element: ElementTree.Element, header: set[str]) -> bool:
    """True when at least half of an element's fields are fields of a record."""
    names = {name for name, _ in _leaves(element)}
    return 2 * len(names & header) >= len(names)


def _tags(root: ElementTree.Element) -> set[str]:
    """The different tags; comments have none."""
    return {e.tag for e in root.iter() if isinstance(e.tag, str)}


@lru_cache(maxsize=4 * COLUMN_LIMIT)
def _name(tag: str) -> str:
    """The tag without its namespace."""
    return tag.rpartition("}")[2]


def _leaves(record: ElementTree.Element) -> list[tuple[str, str | None]]:
    below = islice(record.iter(), 1, None)
    return [(_name(e.tag), (e.text or "").strip() or None) for e in below if not len(e)]
