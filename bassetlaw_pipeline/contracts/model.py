"""What an extract promises: the typed, strict form of a contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from bassetlaw_pipeline.contracts.shape import Layout, NonData, Strict

LogicalType = Literal["string", "integer", "number", "date", "time", "timestamp", "boolean"]
Classification = Literal["direct", "indirect", "quasi", "special", "none"]
Severity = Literal["critical", "warning", "info"]

DUCKDB_TYPES: dict[str, str] = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}

# Of a column that states none; strptime patterns.
DEFAULT_FORMATS: dict[str, tuple[str, ...]] = {
    "date": ("%Y-%m-%d",),
    "time": ("%H:%M:%S", "%H:%M"),
    "timestamp": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
}

RECORDS = ("jsonl", "ndjson", "parquet")  # suffixes of files whose values carry the names of their columns

# Columns every accepted row carries besides its own, in this order.
LINEAGE_COLUMNS: dict[str, str] = {
    "_delivery_id": "VARCHAR",
    "_file_sha256": "VARCHAR",
    "_row_number": "BIGINT",
    "_contract_version": "VARCHAR",
    "_period_start": "DATE",
    "_revision_rank": "INTEGER",
    "_received_at": "TIMESTAMP",
}


class Transform(Strict):
    """What happens to an identifying value while the file is read (nothing of it is kept).

    person_key  NHS number -> keyed pseudonym of the person, domain `person/v1:`
    row_key     local id -> keyed pseudonym, domain `<domain>/<organisation>/v1:`
    age         date of birth -> completed years at the date column `at`
    lsoa        postcode -> LSOA 2011 code by the restricted look-up
    month       date -> first day of its month
    drop        removed
    """

    kind: Literal["person_key", "row_key", "age", "lsoa", "month", "drop"]
    becomes: str | None = None
    becomes_description: str | None = None
    domain: str | None = None
    organisation: str | None = None  # who issued the local id, when it is not who sends the file
    at: str | None = None


class Column(Strict):
    """One column as the partner sends it and as the warehouse receives it.

    source_name, aliases  headers as they stand in the file; compared after collapsing white space
                (line breaks too), dropping a BOM, and without regard to case
    header_like  regular expression for the whole header, when it names an edition: `ccg21_code`, `CCG22CD`
    The cell is text and goes through these steps, in this order:
    clean       `code`: upper case, letters and digits only, so that `s72.0 ` is S720
    units       texts that may follow a number (`3hrs`); taken off, and noted
    pad         left-padded with zeros to so many characters, where a spreadsheet lost them
    code_map    other spelling (trimmed, lower case) -> declared text; codes in lower case are added to it
    null_markers  texts that mean "no value here" (trimmed, any case): NULL, never 0
    formats     accepted: strptime patterns, or `excel_serial` (days since 1899-12-30, fraction = time of
                day). A date cell of a workbook arrives as ISO text
    codes       allowed texts -> meaning
    pattern     regular expression for the whole text
    minimum, maximum  inclusive; calendar years for dates and timestamps
    required    the row is of no use without the value: quarantined, whatever `on_invalid` says
    on_invalid  what becomes of a value that breaks any of these: its row is quarantined, or the value
                is NULL and counted as a warning
    reason      code reported instead of the general one
    optional_in_file  the header may be missing
    reference   list of expectations/references.yml that must know the code at the row's date, once delivered
    """

    name: str
    source_name: str
    aliases: tuple[str, ...] = ()
    header_like: str | None = None
    description: str = ""
    standard: str | None = None
    unit: str | None = None
    semantic_type: str | None = None
    logical_type: LogicalType = "string"
    required: bool = False
    key: bool = False
    classification: Classification = "none"
    transform: Transform | None = None
    formats: tuple[str, ...] = ()
    pattern: str | None = None
    clean: Literal["code"] | None = None
    units: tuple[str, ...] = ()
    pad: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    codes: dict[str, str] | None = None
    code_map: dict[str, str] = Field(default_factory=dict)
    null_markers: tuple[str, ...] = ()
    on_invalid: Literal["quarantine", "null"] = "quarantine"
    reason: str | None = None
    optional_in_file: bool = False
    reference: str | None = None

    @property
    def lands_as(self) -> str | None:
        """Column name in the accepted rows, or None when the value is dropped."""
        if self.transform is None:
            return self.name
        return None if self.transform.kind == "drop" else self.transform.becomes or self.name

    @property
    def landed_type(self) -> str:
        """DuckDB type in the accepted rows."""
        if self.transform is None:
            return DUCKDB_TYPES[self.logical_type]
        return {"age": "INTEGER", "month": "DATE"}.get(self.transform.kind, "VARCHAR")


class RowRule(Strict):
    """A rule over several columns of one row.

    `query` selects the offending rows of `{table}`: the rows as they land (identifiers already replaced)
    with their `_row_number`, which is what counts in the result. Outcome `null` empties `columns`.
    """

    code: str
    query: str
    outcome: Literal["quarantine", "null", "warn", "note"] = "quarantine"
    columns: tuple[str, ...] = ()
    description: str = ""


class Expectation(Strict):
    """A Great Expectations rule over a whole delivery."""

    type: str
    kwargs: dict[str, Any] = Field(default_factory=dict)
    severity: Severity = "critical"
    code: str
    description: str


class BelongsTo(Strict):
    """Rows of this table refer by `column` to a row of `table` in the same file; both name it alike."""

    table: str
    column: str
    code: str = "ORPHAN"


class Table(Strict):
    """One table of an extract: a CSV file, a worksheet, or a member of a bundle.

    belongs_to  rows whose parent is not in the file are told
    dated_by    column whose newest date must lie in the period of the file, else PERIOD_MISMATCH
    may_repeat  its figures are of longer periods than the file, so the next file may have them again
    event_date  date, as it lands, by whose month a row of the main table counts: some come with later files
    """

    name: str
    title: str = ""
    description: str = ""
    grain: str = ""
    member: str | None = None
    optional: bool = False
    belongs_to: BelongsTo | None = None
    dated_by: str | None = None
    event_date: str | None = None
    may_repeat: bool = False
    columns: tuple[Column, ...]
    layouts: tuple[Layout, ...] = (Layout(),)
    non_data: tuple[NonData, ...] = ()
    row_rules: tuple[RowRule, ...] = ()
    expectations: tuple[Expectation, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by our name."""
        return {column.name: column for column in self.columns}

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns as they land."""
        return tuple(c.lands_as for c in self.columns if c.key and c.lands_as)

    @property
    def landed(self) -> dict[str, str]:
        """Accepted columns and their DuckDB types, own columns first, then lineage."""
        own = {c.lands_as: c.landed_type for c in self.columns if c.lands_as}
        return own | LINEAGE_COLUMNS

    def layout_for(self, period: date | None) -> tuple[Layout, ...]:
        """Layouts that may apply to a period; all of them when the period is not known yet."""
        if period is None:
            return self.layouts
        return tuple(
            layout
            for layout in self.layouts
            if (layout.valid_from is None or layout.valid_from <= period)
            and (layout.valid_to is None or period <= layout.valid_to)
        )


def _in_words(pattern: str) -> str:
    named = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern)
    optional = re.sub(r"\((?:\?:)?([^()]*)\)\?", r"[\1]", named)
    return re.sub(r"\\(.)", r"\1", optional.replace(r"\d{4}", "<year>"))


class FileSpec(Strict):
    """How the file is named and encoded.

    A text file without a trailer may also come as JSON lines or Parquet, under the agreed name with that
    suffix.
    or_workbook  a text file may also come as the workbook (XLSX or XLS) it was saved from
    """

    format: Literal["csv", "xlsx", "xls", "zip", "xml"]
    or_workbook: bool = False
    names: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    revisions: tuple[str, ...] = ()
    revision_suffix: str | None = None
    trailer: str | None = None
    organisation: str | None = None

    @property
    def names_in_words(self) -> str:
        """The agreed file names for people: `Visits_<month><year>.csv`; empty when too free to say."""
        return " or ".join(n for n in map(_in_words, self.names) if not re.search(r"[*|?+{}]", n))

    def records_suffix(self, file_name: str) -> str | None:
        """`jsonl`, `ndjson` or `parquet` for a file that stands in for the text file, else None."""
        suffix = file_name.rpartition(".")[2].lower()
        taken = self.format == "csv" and self.trailer is None and suffix in RECORDS
        return suffix if taken else None

    def match(self, file_name: str) -> dict[str, str] | None:
        """Named parts of a file name, or None when no pattern matches the whole name."""
        found = next((m for p in self.names for m in self._matches(p, file_name) if m), None)
        return {k: v for k, v in found.groupdict().items() if v is not None} if found else None

    def _matches(self, pattern: str, file_name: str) -> Iterator[re.Match[str] | None]:
        """A pattern held against a name, and against that of the text file it stands in for."""
        yield re.fullmatch(pattern, file_name, flags=re.IGNORECASE)
        if self.records_suffix(file_name):
            stem = file_name.rpartition(".")[0]
            yield from (re.fullmatch(pattern, f"{stem}.{s}", flags=re.IGNORECASE) for s in ("csv", "txt"))

    def has_bare_name(self, file_name: str) -> bool:
        """True when the pattern that fits a name asks for no word of its own: `2024-05.csv`."""
        pattern = next((p for p in self.names if any(self._matches(p, file_name))), "")
        stem = re.sub(r"\\\.\w+\??$", "", re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "", pattern))
        return bool(pattern) and not re.search(r"(?<!\\)[A-Za-z]{3}", stem)


class PeriodSpec(Strict):
    """Where a delivery's period comes from.

    file_name  named groups `year` + `month` (number or name) [+ `day`], or `date` with `format`
    column     each row's own date column `column`; where it is empty, the file name's parts when it has any
    cell       the cell right of the label `label` in the title rows, parsed with `format`
    header     the named groups of the regular expression `label`, in the first header it fits: `ccg21_code`
    A period starts on the first day of its grain; weeks on Monday, a year on 1 January, a financial year on
    1 April, a school year on 1 September.
    undated    what becomes of a file whose name states none: turned away, or taken for one of the period in
               which it was received (a register as it stands on the day)
    """

    source: Literal["file_name", "column", "cell", "header"] = "file_name"
    grain: Literal["day", "week", "month", "quarter", "year", "financial_year", "school_year"] = "month"
    undated: Literal["reject", "received"] = "reject"
    column: str | None = None
    label: str | None = None
    format: str | None = None


class Window(Strict):
    """The periods a delivery reports on, where every row states its own: no others may be replaced by it.

    kind    named  the period in the file name or the manifest; without one, that of most rows
            rows   the period of most rows, whatever the file is called
            span   from the day in the group `start` of the file name to its period, or from one to the other
                   of `columns`, whose commonest values count
            each   every period that rows state: a file of many periods
    again   so many periods before it may come again; one does that comes in full, with more than half as
            many rows as the fullest
    Rows of other periods are set aside (ROW_OTHER_PERIOD).
    """

    kind: Literal["named", "rows", "span", "each"]
    columns: tuple[str, ...] = ()
    again: int = 0


class Resubmission(Strict):
    """How a later delivery relates to an earlier one; `by` are the columns of one partition.

    window    periods it reports on, where the period is a column (`rows` unless stated); everywhere else a
              file reports on its one period
    max_loss  share of the rows of a partition that a later delivery may lose. One that loses more is held:
              the rows before it go on being used until a person confirms it
    """

    mode: Literal["snapshot", "period", "upsert"]
    by: tuple[str, ...] = ("_period_start",)
    window: Window | None = None
    max_loss: float = Field(default=0.5, ge=0, le=1)


ComparisonOutcome = Literal["reject", "warn", "note", "allowed"]


class Comparison(Strict):
    """What a delivery is told, by comparison with those received before it: outcome by kind.

    repeated_period  every figure of a period equals those of another period
    fewer_rows       far fewer rows than the periods before
    total_row        no total row, where every delivery before it had one
    elsewhere        many more rows about other places, or many fewer about ours, than usual
    fell_to_nothing  an organisation or place stands with zero or nothing where it had values
    unknown_codes    codes that the reference lists do not know at that date (columns with `reference`)
    """

    repeated_period: ComparisonOutcome = "warn"
    fewer_rows: ComparisonOutcome = "warn"
    total_row: ComparisonOutcome = "warn"
    elsewhere: ComparisonOutcome = "warn"
    fell_to_nothing: ComparisonOutcome = "warn"
    unknown_codes: ComparisonOutcome = "warn"


class Contract(Strict):
    """One extract of one partner."""

    id: str
    partner: str
    title: str
    version: str
    status: Literal["active", "draft", "retired"] = "active"
    purpose: str
    usage: str = ""
    limitations: str = ""
    owner: str
    standard: str = ""
    licence: str = ""
    purposes: tuple[str, ...] = ()
    cadence: Literal["week", "month", "quarter", "year", "ad_hoc"] = "month"
    expected_within_days: int = 35
    since: date | None = None
    until: date | None = None  # last period of a feed that has ended
    editions: tuple[str, ...] = ()  # of a public feed: what was read as it was published
    file: FileSpec
    period: PeriodSpec
    resubmission: Resubmission
    comparison: Comparison = Comparison()
    tables: tuple[Table, ...]

    @property
    def main(self) -> Table:
        """The first table, whose accepted rows are `rows.parquet`."""
        return self.tables[0]

    @property
    def window(self) -> Window | None:
        """Periods a delivery may replace; None where it states one for all rows, or replaces everything."""
        if self.period.source != "column" or self.resubmission.mode == "snapshot":
            return None
        return self.resubmission.window or Window(kind="rows")

    @property
    def asset_key(self) -> tuple[str, str]:
        """Dagster asset key."""
        return (self.partner, self.id)

    @property
    def needs_key(self) -> bool:
        """True when reading this extract needs the pseudonym key."""
        kinds = {c.transform.kind for t in self.tables for c in t.columns if c.transform}
        return bool(kinds & {"person_key", "row_key"})

    def rows_file(self, table: Table) -> str:
        """File name of a table's accepted rows inside a delivery folder."""
        return "rows.parquet" if table.name == self.main.name else f"rows__{table.name}.parquet"
