"""Bytes of a text file as valid UTF-8, or the reason why not.

Nothing is guessed: a file that is not encoded as its contract says is turned away.
"""

from __future__ import annotations

import codecs
import csv
import io

from bassetlaw_pipeline.intake.model import FileRejected, Finding
from bassetlaw_pipeline.intake.read.grid import reject

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ARCHIVE_MARKS = {b"PK\x03\x04": "a zip or XLSX file", b"\xd0\xcf\x11\xe0": "an old Excel file"}


def to_utf8(data: bytes, declared: str) -> tuple[bytes, list[Finding]]:
    """The text as UTF-8 without byte order mark; a mark wins over the declared encoding, with a note.

    Raises FileRejected: FILE_EMPTY, FILE_UNREADABLE (not text at all), FILE_ENCODING, FILE_NUL_BYTES.
    """
    if is_blank(data):
        raise reject("FILE_EMPTY", "the file has no content")
    for mark, name in _ARCHIVE_MARKS.items():
        if data.startswith(mark):
            raise reject("FILE_UNREADABLE", f"expected delimited text, found {name}")
    if data.startswith(_WIDE_MARKS):
        raise reject("FILE_ENCODING", f"expected {declared}, found UTF-16")
    marked = data.startswith(codecs.BOM_UTF8)
    text = data[len(codecs.BOM_UTF8) :] if marked else data
    if b"\0" in text:
        row = text.count(b"\n", 0, text.index(b"\0")) + 1
        raise reject("FILE_NUL_BYTES", f"first in line {row}", count=text.count(b"\0"), rows=(row,))
    if is_blank(text):
        raise reject("FILE_EMPTY", "the file has no content")
    if text.isascii():
        return text, []
    other = marked and codecs.lookup(declared).name != "utf-8"
    findings = [Finding(code="FILE_ENCODING_OTHER", detail="UTF-8")] if other else []
    return _decode(text, "utf-8" if marked else declared), findings


def is_blank(data: bytes) -> bool:
    """True when there is nothing but white space; looks at the start first, as files are large."""
    return not data[:100].strip() and not data.strip()


def _decode(text: bytes, declared: str) -> bytes:
    codec = codecs.lookup(declared).name
    if codec != "utf-8" and _is_utf8(text):
        raise _wrong(text, next(i for i, b in enumerate(text) if b > 127), declared, "; it looks like UTF-8")
    try:
        decoded = text.decode(codec)
    except UnicodeDecodeError as error:
        raise _wrong(text, error.start, declared) from None
    return text if codec == "utf-8" else decoded.encode()


def _is_utf8(text: bytes) -> bool:
    """Other encodings with accented letters or pound signs are practically never valid UTF-8."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wrong(text: bytes, position: int, declared: str, hint: str = "") -> FileRejected:
    row = _record(text[:position])
    return reject("FILE_ENCODING", f"row {row} is not {declared}{hint}", rows=(row,))


def _record(before: bytes) -> int:
    """Number of the record that starts or goes on at the end of `before`."""
    lines = io.StringIO((before + b"x").decode("latin-1"), newline="")
    try:
        return sum(1 for _ in csv.reader(lines))
    except csv.Error:
        return before.count(b"\n") + 1
