"""Names that partners give to files, sheets, members and headers, fit for a message.

Every message, receipt and log that quotes a name of a partner takes it from here.
"""

from __future__ import annotations

import re
from pathlib import PurePath

LENGTH = 60  # letters of a name in a message
_RUN = re.compile(r"\d[\d -]{4,}\d")  # a run that could be somebody's number
_NUMBER = re.compile(r"(?<!\d)\d{3}[ ._-]?\d{3}[ ._-]?\d{4}(?!\d)")  # as long as an NHS number
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d[A-Za-z\d]?[ _-]?\d[A-Za-z]{2}(?![A-Za-z0-9])")
_YEAR = r"(?:19\d\d|200\d)"  # nobody's extract is older, so that a date in it is of birth
_BIRTH = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[ ./_-]\d{{1,2}}[ ./_-]{_YEAR}|{_YEAR}[ ./_-]\d{{1,2}}[ ./_-]\d{{1,2}}"
    rf"|\d{{4}}{_YEAR}|{_YEAR}(?:0\d|1[0-2])[0-3]\d)(?!\d)"
)


def is_identifying(text: str) -> bool:
    """True when a text holds what may be an NHS number, a postcode or a date of birth."""
    return any(pattern.search(text) for pattern in (_NUMBER, _POSTCODE, _BIRTH))


def shown(text: str, place: str) -> str:
    """A header, sheet, member or element for a message; `place` stands in for one that is not shown."""
    text = " ".join(text.split())
    if not text:
        return f"{place} (no header but values)"
    if _RUN.search(text) or is_identifying(text):
        return f"{place} (name not shown)"
    return text[:LENGTH]


def shown_file(name: str) -> str:
    """A file's name for receipts and logs: dates of periods stay, what may name a person does not."""
    if not is_identifying(name):
        return name
    suffix = PurePath(name).suffix
    return f"name not shown{suffix if suffix[1:].isalpha() else ''}"


def masked(text: str) -> str:
    """A whole message without numbers as long as an NHS number, postcodes and dates of birth."""
    for pattern in (_NUMBER, _POSTCODE):
        text = pattern.sub("(not shown)", text)
    return text
