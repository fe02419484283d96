"""JSON lines and Parquet in the place of a text file: the same rows land, and what is wrong is said."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from mutant_sources import sources
from test_mutants import land

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import (
    LINEAGE_COLUMNS,
    Column,
    Contract,
    FileSpec,
    PeriodSpec,
    Resubmission,
    Table,
)
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.intake.model import FileRejected
from bassetlaw_pipeline.intake.read import read, records
from bassetlaw_pipeline.settings import Settings

TEXT = [i for i, c in load_contracts().items() if c.file.format == "csv" and c.file.trailer is None]


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("records")
    return {e: (n, d) for e, n, d in sources(folder, Settings(BASSETLAW_HOME=folder / "home"))}


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", "0" * 63 + "1")


def table_of(contract: Contract, name: str, data: bytes, folder: Path) -> tuple[list[str], list[list[str]]]:
    """Header and records of a clean text file."""
    path = folder / name
    path.write_bytes(data)
    found = read(identify(path, {contract.id: contract})).tables[0]
    rows = list(
        csv.reader(io.StringIO(data.decode(contract.file.encoding)), delimiter=contract.file.delimiter)
    )
    numbers = sorted(set(found.rows.column("_row_number").to_pylist()))
    return list(found.header), [rows[n - 1][: len(found.header)] for n in numbers]


def json_lines(header: list[str], rows: list[list[str]]) -> bytes:
    records = ({h: v for h, v in zip(header, row, strict=True) if h} for row in rows)
    return "\n".join(json.dumps(r) for r in records).encode()


def parquet(contract: Contract, header: list[str], rows: list[list[str]]) -> bytes:
    """Typed where a column can be: days as dates, whole numbers as such, few texts as a dictionary."""
    named = [h for h in header if h]
    columns = [[row[header.index(h)] or None for row in rows] for h in named]
    made = [typed(contract, h, column) for h, column in zip(named, columns, strict=True)]
    sink = io.BytesIO()
    pq.write_table(pa.table(made, names=named), sink)
    return sink.getvalue()


def typed(contract: Contract, name: str, column: list[str | None]) -> pa.Array:
    kinds = {c.source_name: c for c in contract.main.columns}
    own = kinds.get(name)
    try:
        if own and own.logical_type in ("date", "timestamp"):
            formats = own.formats or ("%Y-%m-%d" if own.logical_type == "date" else "%Y-%m-%d %H:%M:%S",)
            days = [datetime.strptime(v, formats[0]) if v else None for v in column]
            return pa.array([d.date() if d and own.logical_type == "date" else d for d in days])
        if all(v is None or str(int(v)) == v for v in column):
            return pa.array([None if v is None else int(v) for v in column], pa.int64())
    except ValueError:
        pass
    return pa.array(column, pa.string()).dictionary_encode()


def accepted(folder: Path) -> list[tuple]:
    rows = pq.read_table(folder / "rows.parquet")
    own = [n for n in rows.column_names if n not in LINEAGE_COLUMNS or n == "_period_start"]
    return sorted(zip(*(rows.column(n).to_pylist() for n in own), strict=True), key=str)


@pytest.mark.parametrize("extract", TEXT)
def test_the_same_rows_land_whatever_the_form(extract, clean, tmp_path):
    contract, (name, data) = load_contracts()[extract], clean[extract]
    header, rows = table_of(contract, name, data, tmp_path)
    stem = name.rpartition(".")[0]
    forms = {
        name: data,
        f"{stem}.jsonl": json_lines(header, rows),
        f"{stem}.parquet": parquet(contract, header, rows),
    }
    found = [land(contract, [(n, d)], tmp_path / str(i))[0] for i, (n, d) in enumerate(forms.items())]
    for receipt, _ in found:
        assert receipt.verdict != "rejected", receipt.findings
    expected = accepted(found[0][1])
    assert expected and [accepted(folder) for _, folder in found[1:]] == [expected, expected]


def feed(*columns: Column) -> Contract:
    """A contract of one text file `Visits_<year>-<month>.csv`."""
    return Contract(
        id="visits",
        partner="bcvs",
        title="Visits",
        version="1.0.0",
        purpose="Tests",
        owner="Nobody",
        file=FileSpec(format="csv", names=(r"Visits_(?P<year>\d{4})-(?P<month>\d{2})\.csv",)),
        period=PeriodSpec(),
        resubmission=Resubmission(mode="period"),
        tables=(Table(name="visits", columns=columns),),
    )


ID, WHEN = (
    Column(name="id", source_name="Id"),
    Column(name="when", source_name="When", logical_type="timestamp"),
)
DAY = Column(name="day", source_name="Day", logical_type="date", formats=("%d/%m/%Y",))
PLAIN = Column(name="n", source_name="N", optional_in_file=True)


def texts(data: bytes, name: str, folder: Path, *columns: Column) -> list[dict]:
    """What is read of a file, as text, with the numbers of its rows."""
    path = folder / name
    path.write_bytes(data)
    found = read(identify(path, {"visits": feed(*columns)}))
    return found.tables[0].rows.to_pylist()


def stored(**columns: pa.Array) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def test_values_are_written_as_the_contract_expects_them(tmp_path):
    summer = datetime(2024, 7, 1, 12, 30, tzinfo=UTC)
    data = stored(
        Id=pa.array([1.0, 0.5]),
        Day=pa.array([date(2024, 7, 1), None]),
        When=pa.array([summer, None], pa.timestamp("us", "UTC")),
        N=pa.array(["", " "]).dictionary_encode(),
    )
    rows = texts(data, "Visits_2024-07.parquet", tmp_path, ID, DAY, WHEN, PLAIN)
    first = {"id": "1", "day": "01/07/2024", "when": "2024-07-01 13:30:00", "n": None, "_row_number": 1}
    assert rows == [first, dict.fromkeys(first) | {"id": "0.5", "_row_number": 2}]


def test_nothing_known_of_a_moment_is_dropped_to_fit_a_format(tmp_path):
    data = stored(Id=pa.array(["a"]), Day=pa.array([datetime(2024, 7, 1, 18)]))
    [row] = texts(data, "Visits_2024-07.parquet", tmp_path, ID, DAY)
    assert row["day"] == "2024-07-01 18:00:00"  # which the column does not take


def test_numbers_of_json_stay_as_they_are_written(tmp_path):
    data = b'{"Id": 12345678901234567890, "N": 0.10}\n\n{"Id": true}\n{"Id": NaN, "N": 1e3}\n'
    rows = texts(data, "Visits_2024-07.ndjson", tmp_path, ID, PLAIN)
    found = [(r["id"], r["n"], r["_row_number"]) for r in rows]
    assert found == [("12345678901234567890", "0.10", 1), ("TRUE", None, 3), (None, "1e3", 4)]


@pytest.mark.parametrize(
    "line",
    [b'{"Id": 1', b"[1, 2]", b'{"Id": {"of": 1}}', b'{"Id": [1]}', b'{"Id": 1, "Id": 2}', b"[" * 9000, b"12"],
)
def test_a_line_that_is_no_flat_object_is_told_by_its_number(line, tmp_path):
    path = tmp_path / "Visits_2024-07.jsonl"
    path.write_bytes(b'{"Id": 1}\n' + line + b'\n{"Id": 2}\n')
    [table] = read(identify(path, {"visits": feed(ID)})).tables
    assert table.malformed == ((2, "ROW_FIELD_COUNT"),)
    assert table.rows_in_file == 3


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("Visits_2024-07.jsonl", b'{"Id": 1}\n{"Idd": 2}\n', "HEADER_UNKNOWN_COLUMN"),
        ("Visits_2024-07.jsonl", b"", "FILE_EMPTY"),
        ("Visits_2024-07.jsonl", b"Id\n1\n", "FILE_UNREADABLE"),
        ("Visits_2024-07.parquet", b"Id\n1\n", "FILE_UNREADABLE"),
        ("Visits_2024-07.parquet", b"PAR1" + b"x" * 99, "FILE_UNREADABLE"),
        ("Visits_2024-07.parquet", b"PARE" + b"x" * 99 + b"PARE", "FILE_UNREADABLE"),
        ("Visits_2024-07.parquet", stored(Id=pa.array([[1]])), "FILE_UNREADABLE"),
        ("Visits_2024-07.parquet", stored(Id=pa.array([b"1"])), "FILE_UNREADABLE"),
        ("Visits_2024-07.parquet", stored(Other=pa.array(["1"])), "HEADER_NOT_FOUND"),
        ("Visits_2024-07.parquet", stored(**{f"c{n}": pa.array([1]) for n in range(2001)}), "FILE_TOO_WIDE"),
    ],
)
def test_a_file_that_cannot_be_used_is_rejected_in_words(name, data, code, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FileRejected) as refused:
        read(identify(path, {"visits": feed(ID)}))
    assert [f.code for f in refused.value.findings] == [code]


def test_a_few_bytes_that_claim_a_billion_values_are_not_unpacked(tmp_path):
    many = pa.array([None], pa.string()).take(pa.array([0] * 300_000))
    path = tmp_path / "Visits_2024-07.parquet"
    pq.write_table(pa.table({f"c{n}": many for n in range(700)}), path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(FileRejected) as refused:
        read(identify(path, {"visits": feed(ID)}))
    assert [f.code for f in refused.value.findings] == ["FILE_ZIP_BOMB"]


@trying(max_examples=150, deadline=None)
@given(data=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_or_rejected(data):
    for found in (b'{"Id": 1}\n' + data, data):
        try:
            read_records = records.read(found, "jsonl")
        except FileRejected:
            continue
        assert len(read_records.numbers) + len(read_records.ragged) == sum(
            bool(line.strip()) for line in found.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        )


@pytest.mark.parametrize("name", ["Visits_2024-07.JSONL", "visits_2024-07.ndjson", "Visits_2024-07.parquet"])
def test_the_agreed_name_holds_with_another_suffix(name):
    assert feed(ID).file.match(name) == {"year": "2024", "month": "07"}
    assert feed(ID).file.match(f"{name}.gz") is None
    assert FileSpec(format="xlsx", names=(r"Visits_2024-07\.xlsx",)).match(name) is None
