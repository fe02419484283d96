"""Files damaged by a seed, and what is known of each: which record is which, and which cells were touched.

The property that nothing lands in a wrong column stands in test_mutants.py.

A *record* is known by its number in the file, as landing counts: lines of a text, rows of a sheet, elements
of an XML file. Damages to bytes leave it open which record became which (`records` is None).
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import openpyxl
import xlrd
import xlwt

from bassetlaw_pipeline.contracts.model import Contract

Grid = list[list]
MUCH = 100_000  # letters of a huge cell


@dataclass
class Mutant:
    """A damaged file. `records` says which record of the clean file each one is, by table; `touched` how many
    cells of a clean record changed; `anywhere` how many cells of any record, where that is not known."""

    kind: str
    data: bytes
    name: str
    records: dict | None = None
    touched: dict = field(default_factory=dict)
    anywhere: int = 0
    count: int | None = None  # records beside the header
    lost: bool = False  # a column is gone: its cells may be empty without a word


@dataclass
class Work:
    """One table under damage: its rows, where they come from, and the first row of data."""

    rows: Grid
    origin: list[int]
    first: int
    touched: dict[int, int] = field(default_factory=dict)
    lost: bool = False

    @classmethod
    def of(cls, rows: Grid, first: int) -> Work:
        return cls([list(row) for row in rows], list(range(1, len(rows) + 1)), first)

    def touch(self, at: int, cells: int = 1) -> None:
        self.touched[self.origin[at]] = self.touched.get(self.origin[at], 0) + cells

    def columns(self) -> int:
        return max(map(len, self.rows), default=0)

    def data(self) -> range:
        return range(self.first, len(self.rows))

    def put(self, at: int, column: int, value) -> None:
        """Change one cell, if it is there."""
        if column < len(self.rows[at]):
            self.rows[at][column] = value
            self.touch(at)


Change = Callable[[Work, random.Random], None]


def swap_cells(work: Work, dice: random.Random) -> None:
    """Two cells of a row trade places: of a row, not of a column."""
    at = dice.choice(work.data())
    one, other = dice.randrange(len(work.rows[at])), dice.randrange(len(work.rows[at]))
    row = work.rows[at]
    row[one], row[other] = row[other], row[one]
    work.touch(at, 2)


def swap_down(work: Work, dice: random.Random) -> None:
    """Two rows trade the cells of a column."""
    one, other = dice.choice(work.data()), dice.choice(work.data())
    column = dice.randrange(min(len(work.rows[one]), len(work.rows[other])))
    first, second = work.rows[one][column], work.rows[other][column]
    work.put(one, column, second)
    work.put(other, column, first)


def insert_in_row(work: Work, dice: random.Random) -> None:
    """A row has a field more: a delimiter that nothing quotes."""
    at = dice.choice(work.data())
    work.rows[at].insert(dice.randrange(len(work.rows[at]) + 1), dice.choice(["", "x"]))


def drop_in_row(work: Work, dice: random.Random) -> None:
    """A row has a field less."""
    at = dice.choice(work.data())
    del work.rows[at][dice.randrange(len(work.rows[at]))]


def shift_row(work: Work, dice: random.Random) -> None:
    """The cells of a row move one to the right, and the last is lost: as many fields as before."""
    at = dice.choice(work.data())
    row = work.rows[at]
    work.rows[at] = _shifted(row, dice.randrange(len(row)))


def shift_all(work: Work, dice: random.Random) -> None:
    """The cells of all rows move one to the right under their headers, and the last is lost."""
    column = dice.randrange(work.columns())
    for at in work.data():
        work.rows[at] = _shifted(work.rows[at], column)


def _shifted(row: list, column: int) -> list:
    return [*row[:column], "", *row[column:-1]] if column < len(row) else row


def drop_column(work: Work, dice: random.Random) -> None:
    """A column with its header is gone."""
    column = dice.randrange(work.columns())
    for row in work.rows:
        del row[column : column + 1]
    work.lost = True


def drop_header(work: Work, dice: random.Random) -> None:
    """The header of a column is gone, its cells are not: every name after it stands one too far left."""
    if work.first:
        header = work.rows[work.first - 1]
        del header[dice.randrange(len(header))]


def duplicate_column(work: Work, dice: random.Random) -> None:
    """A column stands twice."""
    column = dice.randrange(work.columns())
    for row in work.rows:
        row[column:column] = row[column : column + 1]


def insert_column(work: Work, dice: random.Random) -> None:
    """A column more, with a header or without, with values or without."""
    column, header, value = (
        dice.randrange(work.columns() + 1),
        dice.choice(["", "New"]),
        dice.choice(["", "1"]),
    )
    for at, row in enumerate(work.rows):
        if at >= work.first - 1 and len(row) >= column:
            row.insert(column, header if at == work.first - 1 else value)


def move_column(work: Work, dice: random.Random) -> None:
    """A column with its header moves elsewhere."""
    old, new = dice.randrange(work.columns()), dice.randrange(work.columns())
    for row in work.rows:
        cells = row + [""] * (work.columns() - len(row))
        cells.insert(new, cells.pop(old))
        row[:] = cells


def rename_column(work: Work, dice: random.Random) -> None:
    """A header is called otherwise."""
    if work.first:
        header = work.rows[work.first - 1]
        column = dice.randrange(len(header))
        header[column] = dice.choice(
            ["", "x", f"{header[column]}2", str(header[column])[:-1], f" {header[column]}\u00a0"]
        )
        work.lost = True


def cut_rows(work: Work, dice: random.Random) -> None:
    """Some rows are gone, perhaps all."""
    start = dice.choice(work.data())
    stop = dice.choice([start + 1, len(work.rows)])
    del work.rows[start:stop], work.origin[start:stop]


def duplicate_rows(work: Work, dice: random.Random) -> None:
    """Some rows stand twice, at their place or at the end."""
    at = dice.choice(work.data())
    to = dice.choice([at, len(work.rows)])
    work.rows.insert(to, list(work.rows[at]))
    work.origin.insert(to, work.origin[at])


def shuffle_rows(work: Work, dice: random.Random) -> None:
    """The rows stand in another order."""
    order = list(work.data())
    dice.shuffle(order)
    work.rows[work.first :] = [work.rows[at] for at in order]
    work.origin[work.first :] = [work.origin[at] for at in order]


def repeat_header(work: Work, dice: random.Random) -> None:
    """The header stands again between the rows."""
    if work.first:
        at = dice.choice(work.data())
        work.rows.insert(at, list(work.rows[work.first - 1]))
        work.origin.insert(at, 0)


def blank_rows(work: Work, dice: random.Random) -> None:
    """Rows without a value between the others."""
    at = dice.choice(work.data())
    work.rows.insert(at, [""] * len(work.rows[at]))
    work.origin.insert(at, 0)


def odd_cell(work: Work, dice: random.Random) -> None:
    """A cell holds what nobody agreed."""
    at = dice.choice(work.data())
    odd = [
        "",
        "NULL",
        "=1+1",
        "-1",
        "1e400",
        "99999999999999999999",
        "31/02/2019",
        "x" * MUCH,
        "\u202e",
        "'1",
    ]
    odd += ["a\nb", 'a"b', "a,b", "\u00a0", "*", "0", "<script>", "\ufeff", "1.5", "١٢٣"]
    work.put(at, dice.randrange(len(work.rows[at])), dice.choice(odd))


CHANGES: tuple[Change, ...] = (
    swap_cells, swap_down, insert_in_row, drop_in_row, shift_row, shift_all, drop_column, drop_header,
    duplicate_column, insert_column, move_column, rename_column, cut_rows, duplicate_rows, shuffle_rows,
    repeat_header, blank_rows, odd_cell,
)  # fmt: skip


def flip_bytes(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    changed, times = bytearray(data), dice.randint(1, 4)
    for _ in range(times):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed), times


def truncate(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    return data[: dice.randrange(len(data))], 1


def cut_out(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    start = dice.randrange(len(data))
    return data[:start] + data[start + dice.randint(1, 40) :], 3


def nul(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    at = dice.randrange(len(data))
    return data[:at] + b"\0" + data[at:], 1


def junk_behind(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    return data + dice.randbytes(dice.randint(1, 200)), 1


BYTES = (flip_bytes, truncate, cut_out, nul, junk_behind)


def utf16(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    return _text(data).encode("utf-16"), 0


def other_encoding(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    encoding = dice.choice(["utf-8", "cp1252", "utf-8-sig", "cp037"])
    return _text(data).encode(encoding, "replace"), 0


def other_delimiter(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    old, new = dice.sample([b",", b";", b"\t", b"|"], 2)
    return data.replace(old, new), 0


def line_ends(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    return data.replace(b"\r\n", b"\n").replace(b"\n", dice.choice([b"\r\n", b"\r", b"\n"])), 0


def quotes(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    """A quotation mark that nothing closes."""
    at = dice.choice([m.start() for m in re.finditer(rb"[,|\n]", data)] or [0]) + 1
    return data[:at] + b'"' + data[at:], 1


def mark(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    return b"\xef\xbb\xbf" * dice.randint(1, 2) + data, 0


TEXTS = (utf16, other_encoding, other_delimiter, line_ends, quotes, mark)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def mutant(contract: Contract, name: str, data: bytes, header: dict[str, int], seed: int) -> Mutant:
    """The file damaged as the seed says; `header` is the number of the header's record by table."""
    dice = random.Random(f"{contract.id} {seed}")
    kind = contract.file.format
    if kind == "csv" and not data.startswith(b"PK"):
        return _of_text(contract, name, data, header[contract.main.name], dice)
    if kind == "zip":
        return _of_zip(contract, name, data, header, dice)
    if kind == "xml":
        return _of_xml(name, data, dice)
    return _of_workbook(contract, name, data, header, dice)


def _raw(change, name: str, data: bytes, dice: random.Random) -> Mutant:
    changed, cells = change(data, dice)
    return Mutant(change.__name__, changed, name, anywhere=cells)


def _of_text(contract: Contract, name: str, data: bytes, header: int, dice: random.Random) -> Mutant:
    change = dice.choice([*CHANGES, *CHANGES, *BYTES, *TEXTS])
    if change not in CHANGES:
        return _raw(change, name, data, dice)
    return _changed_text(contract, name, data, header, change, dice)


def changed(
    contract: Contract, name: str, data: bytes, header: dict[str, int], table: str, change: Change
) -> Mutant:
    """The file with one table changed; `header` is the number of the header's record by table."""
    dice = random.Random(0)
    if contract.file.format == "zip":
        return _changed_member(contract, name, data, header, table, change, dice)
    if contract.file.format == "csv" and not data.startswith(b"PK"):
        return _changed_text(contract, name, data, header[table], change, dice)
    book = _sheets(data)
    return _changed_sheet(contract, name, book, header, table, change, dice, data.startswith(b"PK"))


def _changed_text(
    contract: Contract, name: str, data: bytes, header: int, change: Change, dice: random.Random
) -> Mutant:
    encoding, delimiter = contract.file.encoding, contract.file.delimiter
    body, trailer = _without_trailer(contract, data.decode(encoding))
    work = Work.of(list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)), header)
    change(work, dice)
    changed = _written(work.rows, delimiter).encode(encoding, "replace")
    if trailer:
        changed += _trailer(changed, len(work.rows) - header)
    found = _mutant(change, changed, name, work)
    found.count = len(work.rows) - bool(work.first) + bool(trailer)
    return found


def _mutant(change: Change, data: bytes, name: str, work: Work) -> Mutant:
    records = dict(enumerate(work.origin, 1))
    return Mutant(change.__name__, data, name, records, work.touched, lost=work.lost)


def _written(rows: Grid, delimiter: str) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return target.getvalue()


def _without_trailer(contract: Contract, text: str) -> tuple[str, str]:
    if not contract.file.trailer:
        return text, ""
    lines = text.splitlines(keepends=True)
    return "".join(lines[:-1]), lines[-1]


def _trailer(body: bytes, rows: int) -> bytes:
    return f"TRAILER|{rows}|{hashlib.sha1(body).hexdigest()}\n".encode()


def _of_zip(
    contract: Contract, name: str, data: bytes, header: dict[str, int], dice: random.Random
) -> Mutant:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    if dice.random() < 0.25:
        return _raw(dice.choice(BYTES), name, data, dice)
    chosen = dice.choice(sorted(members))
    if dice.random() < 0.4:
        what = dice.choice(["more", "again", "renamed", "nested", "gone", "folder"])
        content = members[chosen]
        if what in ("renamed", "gone"):
            del members[chosen]
        new = {"more": "notes.csv", "again": f"x/{chosen}", "renamed": f"x{chosen}", "folder": "x/",
               "nested": "more.zip"}  # fmt: skip
        if what in new:
            members[new[what]] = _zipped({chosen: content}) if what == "nested" else content
        return Mutant(f"member_{what}", _zipped(members), name, anywhere=0)
    table = next(t for t in contract.tables if re.fullmatch(t.member or f"{t.name}.csv", chosen, re.I))
    only = _as_csv(contract)
    found = _of_text(only, name, members[chosen], header[table.name], dice)
    members[chosen] = found.data
    return Mutant(f"member: {found.kind}", _zipped(members), name, None, {}, _cells(found), lost=found.lost)


def _as_csv(contract: Contract) -> Contract:
    return contract.model_copy(update={"file": contract.file.model_copy(update={"format": "csv"})})


def _changed_member(
    contract: Contract, name: str, data: bytes, header: dict, table: str, change: Change, dice: random.Random
) -> Mutant:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    pattern = next(t.member for t in contract.tables if t.name == table) or f"{table}.csv"
    chosen = next(n for n in members if re.fullmatch(pattern, n, re.I))
    found = _changed_text(_as_csv(contract), name, members[chosen], header[table], change, dice)
    members[chosen] = found.data
    return Mutant(found.kind, _zipped(members), name)


def _cells(found: Mutant) -> int:
    return max([found.anywhere, *found.touched.values()])


def _zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return target.getvalue()


def _of_xml(name: str, data: bytes, dice: random.Random) -> Mutant:
    if dice.random() < 0.4:
        change = dice.choice([*BYTES, utf16, mark, entity])
        return _raw(change, name, data, dice)
    root = ElementTree.fromstring(data)
    parents = [e for e in root.iter() if len(e) and all(len(c) == 0 or len(c) < 12 for c in e)]
    leaves = [e for e in root.iter() if not len(e)]
    what = dice.choice(["tag", "tags", "gone", "twice", "text", "record", "order"])
    if what == "tag":
        dice.choice(leaves).tag += "x"
    elif what == "tags":
        tag = dice.choice(leaves).tag
        for leaf in leaves:
            leaf.tag = leaf.tag + "x" if leaf.tag == tag else leaf.tag
    elif what == "record":
        dice.choice(parents).tag += "s"
    else:
        parent = dice.choice([e for e in parents if len(e) > 1])
        child = dice.choice(list(parent))
        if what == "gone":
            parent.remove(child)
        elif what == "twice":
            parent.append(child)
        elif what == "order":
            parent[:] = reversed(list(parent))
        else:
            child.text = dice.choice(["", "x" * MUCH, "<&>", "0"])
    return Mutant(f"xml_{what}", ElementTree.tostring(root), name, anywhere=2, lost=True)


def entity(data: bytes, dice: random.Random) -> tuple[bytes, int]:
    """A document type whose entities grow."""
    return b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + data, 0


def _of_workbook(
    contract: Contract, name: str, data: bytes, header: dict[str, int], dice: random.Random
) -> Mutant:
    if dice.random() < 0.2:
        return _raw(dice.choice(BYTES), name, data, dice)
    zipped = data.startswith(b"PK")
    if zipped and dice.random() < 0.15:
        part = dice.choice(_parts(data))
        return Mutant("part_broken", _with_part(data, part, dice), name, anywhere=3)
    book = _sheets(data)
    if dice.random() < 0.15:
        chosen = dice.choice(sorted(book))
        what = dice.choice(["copied", "renamed", "gone", "empty"])
        rows = book[chosen]
        if what == "renamed":
            book = {f"{k} x" if k == chosen else k: v for k, v in book.items()}
        elif what == "gone":
            del book[chosen]
        book |= {"copied": {f"{chosen[:25]} (2)": rows}, "empty": {"Notes": []}}.get(what, {})
        return Mutant(f"sheet_{what}", _book(book, zipped), name, anywhere=0)
    tables = [t for t in header if _sheet_of(book, contract, t)]
    table = dice.choice(tables)
    change = dice.choice(CHANGES)
    if header[table] >= len(book[_sheet_of(book, contract, table)]):
        return Mutant("as it was", data, name)
    return _changed_sheet(contract, name, book, header, table, change, dice, zipped)


def _changed_sheet(
    contract: Contract,
    name: str,
    book: dict[str, Grid],
    header: dict[str, int],
    table: str,
    change: Change,
    dice: random.Random,
    zipped: bool,
) -> Mutant:
    sheet = _sheet_of(book, contract, table)
    work = Work.of(book[sheet], header[table])
    change(work, dice)
    book = book | {sheet: work.rows}
    found = _mutant(change, _book(book, zipped), name, work)
    here = [t for t in header if _sheet_of(book, contract, t) == sheet]
    found.records = dict.fromkeys(here, found.records)  # rows of the other sheets are as they were
    found.touched = dict.fromkeys(here, found.touched)
    return found


def _sheet_of(book: dict[str, Grid], contract: Contract, table: str) -> str | None:
    layouts = next(t for t in contract.tables if t.name == table).layouts
    patterns = [lay.sheet for lay in layouts if lay.sheet] or [".*"]
    return next((s for s in book if any(re.fullmatch(p, s.strip(), re.I) for p in patterns)), None)


def _sheets(data: bytes) -> dict[str, Grid]:
    if data.startswith(b"PK"):
        book = openpyxl.load_workbook(io.BytesIO(data))
        return {s.title: [[c.value for c in row] for row in s.iter_rows()] for s in book.worksheets}
    book = xlrd.open_workbook(file_contents=data)
    return {s.name: [s.row_values(row) for row in range(s.nrows)] for s in book.sheets()}


def _book(sheets: dict[str, Grid], zipped: bool) -> bytes:
    target = io.BytesIO()
    book = openpyxl.Workbook() if zipped else xlwt.Workbook()
    if zipped:
        book.remove(book.active)
    for name, rows in (sheets or {"empty": []}).items():
        sheet = book.create_sheet(name) if zipped else book.add_sheet(name)
        for at, column, cell in _filled(rows):
            if zipped:
                sheet.cell(at + 1, column + 1, cell)
            else:
                sheet.write(at, column, cell)
    book.save(target)
    return target.getvalue()


def _filled(rows: Grid) -> Iterator[tuple[int, int, object]]:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell not in (None, ""):
                yield at, column, cell[:32_000] if isinstance(cell, str) else cell


def _parts(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


def _with_part(data: bytes, part: str, dice: random.Random) -> bytes:
    """A workbook one part of which is damaged, while its zip structure is sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    change = dice.choice([flip_bytes, truncate, cut_out])
    members[part], _ = change(members[part], dice) if members[part] else (b"", 0)
    return _zipped(members)
