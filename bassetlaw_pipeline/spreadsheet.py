"""Text that a spreadsheet would run as a formula, made harmless in the CSV files we write.

A cell that begins with = + - @, a tab or a line break is a formula to Excel and LibreOffice. Such text gets
an apostrophe in front, as OWASP recommends ("CSV Injection"). Numbers stay as they are, and so does text that
reads as a signed number and holds none of the signs that a call or a link to another program needs.
"""

from __future__ import annotations

import re

_STARTS = r"^[=+\-@\t\r\n]"
_NUMBER = r"^[+\-][0-9][0-9A-Za-z .,:%+\-]*$"


def harmless(text: str) -> str:
    """The text of a cell, with an apostrophe in front when a spreadsheet would run it."""
    runs = re.match(_STARTS, text) and not re.fullmatch(_NUMBER.strip("^$"), text)
    return f"'{text}" if runs else text


def harmless_sql(column: str) -> str:
    """The same rule as an expression of DuckDB over a column of text."""
    runs = f"regexp_matches({column}, '{_STARTS}') and not regexp_full_match({column}, '{_NUMBER}')"
    return f"case when {runs} then '''' || {column} else {column} end"
