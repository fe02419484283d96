"""The data dictionary: what every extract holds, in words a partner can check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bassetlaw_pipeline.contracts.derive_dbt import HEADER, landed_description
from bassetlaw_pipeline.contracts.model import (
    Column,
    Contract,
    Expectation,
    Layout,
    NonData,
    Resubmission,
    Table,
    Window,
)

_CADENCE = {"week": "every week", "month": "every month", "quarter": "every quarter", "year": "every year"}
_MODES = {
    "snapshot": "the newest file replaces all earlier ones",
    "period": "the newest file replaces what it covers, by {by}",
    "upsert": "the newest row of each {by} counts",
}
_OUTCOMES = {
    "critical": "the file is rejected",
    "warning": "the file is used, with a warning",
    "info": "noted",
    "quarantine": "the row is set aside",
    "null": "the value is emptied, with a warning",
    "warn": "the row is used, with a warning",
    "note": "the row is used, and noted",
}
_TRANSFORMS = {
    "person_key": "replaced by a keyed pseudonym",
    "row_key": "replaced by a keyed pseudonym",
    "age": "only the age is kept",
    "lsoa": "only the area is kept",
    "month": "only the month is kept",
    "drop": "not kept",
}


def dictionary(contracts: Mapping[str, Contract]) -> str:
    """The whole page."""
    parts = [
        f"<!-- {HEADER} -->",
        "# Data dictionary",
        "What each partner sends, what it means, what is checked, and what becomes of identifying columns. "
        "Column names on the left are those of the warehouse. See [contracts](../docs/contracts.md) for how "
        "a contract is written.",
        table_of(["extract", "partner", "what", "sent"], [_overview(c) for c in contracts.values()]),
    ]
    for contract in contracts.values():
        parts += _extract(contract)
    return "\n\n".join(parts) + "\n"


def _overview(contract: Contract) -> list[str]:
    cadence = _CADENCE.get(contract.cadence, "now and then")
    return [f"[`{contract.id}`](#{contract.id})", contract.partner, contract.title, cadence]


def _extract(contract: Contract) -> Iterator[str]:
    yield f"## {contract.id}"
    yield f"**{contract.title}.** {contract.purpose}"
    yield "\n".join(f"- {label}: {text}" for label, text in _facts(contract) if text)
    for table in contract.tables:
        if len(contract.tables) > 1:
            yield f"### {contract.id}: {table.name}"
        yield f"{table.description} Grain: {table.grain}."
        yield table_of(["column", "in the file", "type", "meaning", "rules", "protection"], _columns(table))
        yield from _lists(table)


def _facts(contract: Contract) -> Iterator[tuple[str, str]]:
    spec = contract.file
    yield "Used for", contract.usage
    yield "Mind", contract.limitations
    yield "Sender", contract.owner
    yield "Standard", contract.standard
    yield "Licence", contract.licence
    yield "File", " or ".join(f"`{readable_name(n)}`" for n in spec.names) + f", {_form(contract)}"
    cadence = _CADENCE.get(contract.cadence, "now and then")
    since = f", from {contract.since:%B %Y} on" if contract.since else ""
    yield "Sent", f"{cadence}{since}; late after {contract.expected_within_days} days"
    yield "Sent again", resubmission_words(contract.resubmission)
    if contract.window:
        yield "Reporting window", window_words(contract.window)
    if spec.revisions:
        yield "Editions", f"{' < '.join(spec.revisions)}: a later edition wins over an earlier one"
    yield "Version", f"{contract.version}, {contract.status}"


def readable_name(pattern: str) -> str:
    """A file-name pattern as people write it: `RP5_ECDS_{year}{month}_{FLEX|FREEZE}.csv`."""
    text = re.sub(r"\(\?P<(\w+)>([A-Z]+(?:\|[A-Z]+)+)\)", r"{\2}", pattern)
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", text)
    text = re.sub(r"\(\?:((?:[^()])*)\)\?", r"[\1]", text)
    text = re.sub(r"\(\?:(.*?)\)", r"\1", text)
    return (
        text.replace(r"\.", ".")
        .replace(r"\d{4}", "{year}")
        .replace(r"\d\d", "nn")
        .replace(".*", "…")
        .replace("?", "")
    )


def _form(contract: Contract) -> str:
    spec = contract.file
    if spec.format != "csv":
        return spec.format.upper()
    separator = {",": "comma", "|": "vertical bar", ";": "semicolon", "\t": "tab"}[spec.delimiter]
    return (
        f"text separated by {separator}, {spec.encoding}"
        + (", with a closing line" if spec.trailer else "")
        + (", or the workbook it was saved from" if spec.or_workbook else "")
    )


def resubmission_words(rule: Resubmission) -> str:
    """How a second file relates to the first, in words."""
    by = " and ".join("period" if c == "_period_start" else f"`{c}`" for c in rule.by)
    return _MODES[rule.mode].format(by=by)


def window_words(rule: Window) -> str:
    """Which periods a file may replace, in words."""
    columns = " to ".join(f"`{c}`" for c in rule.columns)
    words = {
        "named": "the period in the file name",
        "rows": "the period of most rows",
        "span": f"the days in the file name, else {columns}",
        "each": "every period that rows state",
    }[rule.kind]
    again = f", and of the {rule.again} periods before it those that come again in full" if rule.again else ""
    return words + again + ("" if rule.kind == "each" else "; rows of other periods are set aside")


def _columns(table: Table) -> Iterator[list[str]]:
    for column in table.columns:
        name = f"`{column.lands_as}`" if column.lands_as else f"(`{column.name}`)"
        kind = column.landed_type.lower() if column.lands_as else ""
        unit = f" ({column.unit})" if column.unit else ""
        described = landed_description(column) + (f" {column.standard}." if column.standard else "")
        rules = "; ".join(column_rules(column))
        yield [name, f"`{column.source_name}`", kind + unit, described, rules, protection(column)]


def protection(column: Column) -> str:
    """Classification and what becomes of the value."""
    kind = "" if column.classification == "none" else column.classification
    done = _TRANSFORMS[column.transform.kind] if column.transform else ""
    return ": ".join(part for part in (kind, done) if part)


def column_rules(column: Column) -> list[str]:
    """The rules of one column in plain words."""
    optional = ["may be missing from the file"] if column.optional_in_file else []
    if column.transform and column.transform.kind == "drop":
        return optional
    presence = ["key"] if column.key else ["required"] if column.required else []
    return presence + list(_value_rules(column)) + optional


def _value_rules(column: Column) -> Iterator[str]:
    if column.formats:
        yield "written as " + " or ".join(_format_words(f) for f in column.formats)
    if column.minimum is not None or column.maximum is not None:
        yield _range_words(column)
    if column.pattern:
        yield f"form `{column.pattern}`"
    if column.codes:
        yield "one of the codes below"
    if column.pad:
        yield f"filled with zeros to {column.pad} characters"
    if column.units:
        yield "taken off behind the number: " + " ".join(f"`{u}`" for u in column.units)
    if column.null_markers:
        yield "empty when " + " ".join(f"`{m}`" for m in column.null_markers)


def _format_words(text: str) -> str:
    if text == "excel_serial":
        return "a spreadsheet's day number"
    words = {"%Y": "yyyy", "%m": "mm", "%d": "dd", "%b": "Mon", "%B": "Month", "%y": "yy"}
    clock = {"%H": "hh", "%M": "mm", "%S": "ss"}
    return "`" + re.sub(r"%[A-Za-z]", lambda m: (words | clock).get(str(m[0]), str(m[0])), text) + "`"


def _range_words(column: Column) -> str:
    low, high = (None if b is None else f"{b:g}" for b in (column.minimum, column.maximum))
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"{high} or less"


def _lists(table: Table) -> Iterator[str]:
    """Codes, rules, rows that are not data, layouts: each only where there are any."""
    codes = [f"- `{c.lands_as}`: {_codes(c.codes)}" for c in table.columns if c.codes and c.lands_as]
    rules = [f"- {r.description} {_then(r.outcome)} (`{r.code}`)" for r in table.row_rules]
    rules += [f"- {text}" for text in _file_rules(table)]
    rules += [f"- {_expectation_words(r)}" for r in table.expectations]
    rows = [f"- {_rows_words(rule)}" for rule in table.non_data]
    layouts = [f"- {_layout_words(lay)}" for lay in table.layouts if len(table.layouts) > 1]
    headings = {"Codes": codes, "Rules": rules, "Rows that are not data": rows, "Layouts": layouts}
    for heading, lines in headings.items():
        if lines:
            yield f"{heading}:\n\n" + "\n".join(lines)


def _file_rules(table: Table) -> Iterator[str]:
    """What the tables of one file say of each other and of its period."""
    if table.event_date:
        yield f"A row counts in the month of its `{table.event_date}`, and may come with a later file."
    if table.dated_by:
        yield f"The newest `{table.dated_by}` lies in the period of the file. Otherwise it is rejected."
    if table.belongs_to:
        link = table.belongs_to
        yield f"Each `{link.column}` stands in `{link.table}`. Otherwise {_OUTCOMES['warn']} (`{link.code}`)."


def _expectation_words(rule: Expectation) -> str:
    share = f" At least {rule.kwargs['mostly']:.0%} of the rows." if "mostly" in rule.kwargs else ""
    return f"{rule.description}{share} Otherwise {_OUTCOMES[rule.severity]} (`{rule.code}`)."


def _then(outcome: str) -> str:
    return f"Then {_OUTCOMES[outcome]}"


def _codes(codes: dict[str, str]) -> str:
    return "; ".join(f"`{code}` {text}" if code != text else f"`{code}`" for code, text in codes.items())


def _rows_words(rule: NonData) -> str:
    where = f"`{rule.column}`" if rule.column else "the first filled cell"
    if rule.kind == "elsewhere":
        return f"rows about other places: {where} is not like `{rule.unless}`."
    compared = " They are compared with the sum of the rows." if rule.check_sum_of else ""
    return f"{rule.kind} rows: {where} is like `{rule.matches}`.{compared}"


def _layout_words(layout: Layout) -> str:
    start = f"{layout.valid_from:%B %Y}" if layout.valid_from else "the beginning"
    end = f"{layout.valid_to:%B %Y}" if layout.valid_to else "now"
    absent = f", without {', '.join(f'`{c}`' for c in layout.absent)}" if layout.absent else ""
    return f"`{layout.id}`: {start} to {end}{absent}"


def table_of(header: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
