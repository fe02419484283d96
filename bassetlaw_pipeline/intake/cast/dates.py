"""Dates, times and timestamps from text by declared formats, as SQL expressions."""

from __future__ import annotations

import re
from datetime import datetime

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import DEFAULT_FORMATS
from bassetlaw_pipeline.intake.read.serials import SERIAL as EXCEL_SERIAL

_SERIAL = "[0-9]{1,6}([.][0-9]+)?"
_DIGITS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%H": 2, "%I": 2, "%M": 2, "%S": 2}
_WORDS = {"%b": "[A-Za-z]{3}", "%B": "[A-Za-z]{3,9}", "%p": "[AaPp][Mm]", "%f": "[0-9]{1,6}"}
_TYPES = {"date": "DATE", "time": "TIME", "timestamp": "TIMESTAMP"}


def shape(date_format: str) -> str:
    """The regular expression of a format's texts.

    strptime alone reads `2021029` as %Y%m%d and `03/04/25` as %d/%m/%Y. Years have all their digits;
    other parts may lose a leading zero only where a separator still tells the parts apart.
    """
    return "".join(form for _, form in parts(date_format))


def parts(date_format: str) -> list[tuple[str, str]]:
    """The tokens of a format in order, `%d` or a separator, each with its regular expression."""
    tokens = re.findall(r"%[a-zA-Z]|.", date_format)
    return [(token, _token_shape(tokens, i)) for i, token in enumerate(tokens)]


def _token_shape(tokens: list[str], i: int) -> str:
    token = tokens[i]
    if token in _WORDS:
        return _WORDS[token]
    if token not in _DIGITS:
        return re.escape(token)
    neighbours = [t for t in (tokens[i - 1] if i else "", tokens[i + 1] if i + 1 < len(tokens) else "") if t]
    glued = any(t in _DIGITS for t in neighbours)
    width = _DIGITS[token]
    return f"[0-9]{{{width}}}" if glued or token in ("%Y", "%y") else f"[0-9]{{1,{width}}}"


def sql_parse(text: str, logical_type: str, date_format: str) -> str:
    """SQL: `text` as date, time or timestamp by one format, NULL when it does not fit exactly."""
    if date_format == EXCEL_SERIAL:
        return _sql_excel(text, logical_type)
    fits = f"regexp_full_match({text}, {sql.text(shape(date_format))})"
    parsed = f"CAST(try_strptime({text}, {sql.text(date_format)}) AS {_TYPES[logical_type]})"
    return f"CASE WHEN {fits} THEN {parsed} END"


def sql_is_serial(text: str) -> str:
    """SQL: true when the text is written like an Excel serial number."""
    return f"regexp_full_match({text}, '{_SERIAL}')"


def _sql_excel(text: str, logical_type: str) -> str:
    """Serial days of the 1900 date system; 60 is the 29 February 1900 that never was."""
    serial = f"TRY_CAST({text} AS DOUBLE)"
    fits = sql_is_serial(text)
    if logical_type == "time":
        seconds = f"CAST(round({serial} * 86400) AS BIGINT)"
        clock = f"CAST(TIMESTAMP '1900-01-01' + to_seconds({seconds}) AS TIME)"
        return f"CASE WHEN {fits} AND {serial} < 1 THEN {clock} END"
    moment = f"TIMESTAMP '1899-12-30' + to_seconds(CAST(round({serial} * 86400) AS BIGINT))"
    value = f"CAST({moment} AS DATE)" if logical_type == "date" else f"({moment})"
    return f"CASE WHEN {fits} AND {serial} >= 61 THEN {value} END"


def sql_first(text: str, logical_type: str, formats: tuple[str, ...]) -> str:
    """SQL: the value by the first format that fits."""
    tried = [sql_parse(text, logical_type, f) for f in formats or DEFAULT_FORMATS[logical_type]]
    return tried[0] if len(tried) == 1 else f"coalesce({', '.join(tried)})"


def sql_ambiguous(text: str, logical_type: str, formats: tuple[str, ...]) -> str | None:
    """SQL: true when two formats fit and disagree; None when no text fits two of the formats."""
    formats = formats or DEFAULT_FORMATS[logical_type]
    rivals = [f for f in formats if any(_overlap(f, other) for other in formats if other != f)]
    if not rivals:
        return None
    tried = ", ".join(sql_parse(text, logical_type, f) for f in rivals)
    return f"least({tried}) <> greatest({tried})"


def _overlap(one: str, other: str) -> bool:
    """True when a text written in one format has the shape of the other."""
    if EXCEL_SERIAL in (one, other):
        form = other if one == EXCEL_SERIAL else one
        return any(re.fullmatch(_SERIAL, text) for text in _examples(form))
    return any(re.fullmatch(shape(other), text) for text in _examples(one))


def _examples(date_format: str) -> list[str]:
    """The same format with two digits and, as far as its shape allows, with one."""
    long, short = datetime(2011, 12, 13, 14, 15, 16), datetime(2001, 2, 3, 4, 5, 6)
    return [long.strftime(date_format), re.sub(r"\b0", "", short.strftime(date_format))]


def sql_completed_years(born: str, at: str) -> str:
    """SQL: completed years from one date to another; 29 February turns a year older on 1 March."""
    birthday_to_come = f"(month({at}), day({at})) < (month({born}), day({born}))"
    return f"CAST(year({at}) - year({born}) - CASE WHEN {birthday_to_come} THEN 1 ELSE 0 END AS INTEGER)"
