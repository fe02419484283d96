"""Renders a delivery as the bytes of a file, the same bytes on every machine."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.csv as pa_csv

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Table
from bassetlaw_sample.delivery import Delivery


def contract_table(extract: str, name: str) -> Table:
    """The contract's declaration of one table of an extract."""
    return next(t for t in load_contracts()[extract].tables if t.name == name)


def conform(extract: str, name: str, rows: pa.Table) -> pa.Table:
    """Rows with the columns of their contract, in its order and under the partner's own headers.

    Raises KeyError naming the column when the sample does not produce a column of the contract.
    """
    columns = [
        c
        for c in contract_table(extract, name).columns
        if not c.optional_in_file or c.name in rows.column_names
    ]
    missing = [c.name for c in columns if c.name not in rows.column_names]
    if missing:
        raise KeyError(f"{extract}.{name}: the sample does not produce {', '.join(missing)}")
    return rows.select([c.name for c in columns]).rename_columns([c.source_name for c in columns])


def csv_file(
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    quoted: bool = False,
    line_end: str = "\n",
    trailer: bool = False,
) -> Callable[[Delivery], bytes]:
    """A renderer of one-table text files; `trailer` adds TRAILER|rows|sha1 of the bytes before it."""

    def render(delivery: Delivery) -> bytes:
        ((name, rows),) = delivery.tables.items()
        rows = conform(delivery.extract, name, rows)
        body = csv_bytes(rows, delimiter=delimiter, quoted=quoted, line_end=line_end)
        body = "".join(title + line_end for title in delivery.titles).encode() + body
        if delivery.extra_fields:
            body = _with_extra_fields(body, delivery.extra_fields, delimiter, line_end)
        body = body if encoding == "utf-8" else body.decode().encode(encoding)
        if trailer:
            line = (
                f"TRAILER|{rows.num_rows}|{hashlib.sha1(body, usedforsecurity=False).hexdigest()}{line_end}"
            )
            body += line.encode()
        return body

    return render


def zip_of_csv(delivery: Delivery) -> bytes:
    """A zip with one CSV per table, `<table>.csv`, made when it was delivered."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, rows in delivery.tables.items():
            entry = zipfile.ZipInfo(f"{name}.csv", delivery.received.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, csv_bytes(conform(delivery.extract, name, rows)))
    return sink.getvalue()


def csv_bytes(rows: pa.Table, *, delimiter: str = ",", quoted: bool = False, line_end: str = "\n") -> bytes:
    """Delimited text with a header; empty cells for NULL."""
    mark = '"' if quoted else ""
    sink = io.BytesIO()
    sink.write((delimiter.join(f"{mark}{c}{mark}" for c in rows.column_names) + line_end).encode())
    options = pa_csv.WriteOptions(
        include_header=False,
        delimiter=delimiter,
        eol=line_end,
        quoting_style="all_valid" if quoted else "none",
        batch_size=65_536,
    )
    # In one piece: for a chunk without rows the writer repeats what memory happens to hold.
    pa_csv.write_csv(rows.combine_chunks(), sink, options)
    return sink.getvalue()


def _with_extra_fields(body: bytes, records: tuple[int, ...], delimiter: str, line_end: str) -> bytes:
    """One field too many at the end of some records (numbered from 1, one line each)."""
    lines = body.decode().split(line_end)
    for number in records:
        lines[number - 1] += f"{delimiter}checked"
    return line_end.join(lines).encode()


def headers(extract: str, name: str) -> Mapping[str, str]:
    """Our field name -> the partner's header, in the contract's order."""
    return {c.name: c.source_name for c in contract_table(extract, name).columns}
