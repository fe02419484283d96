"""Text without what nobody sees or means: invisible characters, and quotes that only mark text."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

# Zero width and direction marks, soft hyphen, byte order mark: pasted along from web pages and documents.
INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
# A spreadsheet's sign that a cell is text, and quotes doubled by an export.
QUOTES = "['\"`\u00b4\u2018\u2019\u201c\u201d]"
_MARKS = (b"\xc2\xad", b"\xe2\x80", b"\xe2\x81", b"\xef\xbb\xbf")  # how they begin in UTF-8


def visible(texts: pa.Array) -> pa.Array:
    """The texts without invisible characters. Most columns have none and are handed back as they are."""
    characters = _characters(texts)
    if not any(mark in characters for mark in _MARKS):
        return texts
    return pc.replace_substring_regex(texts, INVISIBLE, "")


def code(texts: pa.Array) -> pa.Array:
    """Codes without invisible characters, blanks around them and quotes around them."""
    trimmed = pc.utf8_trim_whitespace(visible(texts))
    return pc.replace_substring_regex(trimmed, f"^{QUOTES}+|{QUOTES}+$", "")


def letters_and_digits(texts: pa.Array) -> pa.Array:
    """Codes in upper case, letters and digits only: what `clean: code` of a column means."""
    return pc.replace_substring_regex(pc.utf8_upper(texts), "[^A-Z0-9]", "")


def _characters(texts: pa.Array) -> bytes:
    """The characters of an array, one text after the other."""
    data = texts.buffers()[2]
    return b"" if data is None else data.to_pybytes()
