"""Conforming single cells: text in, the declared type out, or a reason."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_cases import CON, codes, column, contract, run

from bassetlaw_pipeline.intake.cast.columns import sql_typed
from bassetlaw_pipeline.intake.cast.dates import shape, sql_ambiguous

ID = column("id", key=True)


def one(cell: str | None, **fields):
    """Conform one cell of a column that empties what it cannot use: (value, reason code or None)."""
    agreed = contract(ID, column("x", **{"on_invalid": "null"} | fields))
    found, [row], _ = run(agreed, {"id": "a", "x": cell})
    return row["x"], next(iter(codes(found)), None)


DATE = {"logical_type": "date"}


@pytest.mark.parametrize(
    ("cell", "fields", "value", "code"),
    [
        # trimming and null markers
        ("\u00a0 F \ufeff", {}, "F", None),
        ("   ", {}, None, None),
        # what nobody sees, and what marks a cell as text, is no part of a code, number or date
        ("\u200bF", {"codes": {"F": "female"}}, "F", None),
        ("'C84001", {"pattern": "C84[0-9]{3}"}, "C84001", None),
        ('"C84001"', {"pattern": "C84[0-9]{3}"}, "C84001", None),
        ("'12", {"logical_type": "integer"}, 12, None),
        ("\u2019\u200b2019-05-01", DATE, date(2019, 5, 1), None),
        ("'quoted' text", {}, "'quoted' text", None),
        ("N/A", {"null_markers": ("n/a",)}, None, None),
        ("*", {"logical_type": "integer", "null_markers": ("*", "<5")}, None, "VALUE_SUPPRESSED"),
        ("*", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("0", {"logical_type": "integer", "null_markers": ("*",)}, 0, None),
        # whole numbers: never rounded, never guessed
        ("007", {"logical_type": "integer"}, 7, None),
        ("1,234", {"logical_type": "integer"}, 1234, None),
        ("(12)", {"logical_type": "integer"}, -12, None),
        ("12.0", {"logical_type": "integer"}, 12, None),
        ("3.7", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("1_000", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("12,34", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("9223372036854775808", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        ("72.4%", {"logical_type": "integer"}, None, "VALUE_NUMBER"),
        # numbers
        ("72.4%", {"logical_type": "number"}, 72.4, None),
        ("50 %", {"logical_type": "number", "unit": "proportion"}, 0.5, None),
        ("(1,234.5)", {"logical_type": "number"}, -1234.5, None),
        ("1.2k", {"logical_type": "number"}, None, "VALUE_NUMBER"),
        ("nan", {"logical_type": "number"}, None, "VALUE_NUMBER"),
        ("101", {"logical_type": "number", "maximum": 100}, None, "VALUE_RANGE"),
        ("100", {"logical_type": "number", "maximum": 100}, 100.0, None),
        # dates: by declared formats, all digits of the year, no shifting fields
        ("2019-05-01", DATE, date(2019, 5, 1), None),
        ("3/4/2019", DATE | {"formats": ("%d/%m/%Y",)}, date(2019, 4, 3), None),
        ("03/04/19", DATE | {"formats": ("%d/%m/%Y",)}, None, "VALUE_DATE"),
        ("29/02/2019", DATE | {"formats": ("%d/%m/%Y",)}, None, "VALUE_DATE"),
        ("2021029", DATE | {"formats": ("%Y%m%d",)}, None, "VALUE_DATE"),
        ("01-apr-2019", DATE | {"formats": ("%d-%b-%Y",)}, date(2019, 4, 1), None),
        (
            "03/04/2019",
            DATE | {"formats": ("%d/%m/%Y", "%m/%d/%Y")},
            date(2019, 4, 3),
            "VALUE_DATE_AMBIGUOUS",
        ),
        ("13/04/2019", DATE | {"formats": ("%d/%m/%Y", "%m/%d/%Y")}, date(2019, 4, 13), None),
        ("04/04/2019", DATE | {"formats": ("%d/%m/%Y", "%m/%d/%Y")}, date(2019, 4, 4), None),
        ("31/12/9999", DATE | {"formats": ("%d/%m/%Y",)}, None, "VALUE_RANGE"),
        ("1899-12-31", DATE, None, "VALUE_RANGE"),
        ("1980-01-01", DATE | {"minimum": 1990}, None, "VALUE_RANGE"),
        # the 1900 date system of spreadsheets
        ("43556", DATE | {"formats": ("excel_serial",)}, date(2019, 4, 1), None),
        ("61", DATE | {"formats": ("excel_serial",)}, date(1900, 3, 1), None),
        ("60", DATE | {"formats": ("excel_serial",)}, None, "VALUE_DATE"),
        (
            "43556.75",
            {"logical_type": "timestamp", "formats": ("excel_serial",)},
            datetime(2019, 4, 1, 18),
            None,
        ),
        ("43556", DATE | {"formats": ("%Y-%m-%d", "excel_serial")}, date(2019, 4, 1), "VALUE_EXCEL_DATE"),
        ("9:05:00", {"logical_type": "time"}, time(9, 5), None),
        ("25:00:00", {"logical_type": "time"}, None, "VALUE_DATE"),
        ("0.75", {"logical_type": "time", "formats": ("excel_serial",)}, time(18), None),
        ("yes", {"logical_type": "boolean"}, True, None),
        ("maybe", {"logical_type": "boolean"}, None, "VALUE_CODE"),
        # codes, spellings, patterns
        ("1", {"codes": {"1": "male"}}, "1", None),
        ("3", {"codes": {"1": "male"}}, None, "VALUE_CODE"),
        (" Femail ", {"codes": {"2": "female"}, "code_map": {"femail": "2"}}, "2", "VALUE_CODE_LOCAL"),
        ("hardly EVER", {"codes": {"Hardly ever": "rarely"}}, "Hardly ever", None),
        ("s72.0", {"clean": "code", "pattern": "[A-Z][0-9]{2,3}"}, "S720", None),
        ("S72000", {"pattern": "[A-Z][0-9]{2,3}"}, None, "VALUE_PATTERN"),
        ("123", {"pad": 5, "pattern": "[0-9]{5}"}, "00123", None),
        ("123456", {"pad": 5, "pattern": "[0-9]{5}"}, None, "VALUE_PATTERN"),
        ("x", {"pattern": "[0-9]", "reason": "POSTCODE_UNMAPPED"}, None, "POSTCODE_UNMAPPED"),
        ("=1+1", {}, None, "VALUE_FORMULA"),
    ],
)
def test_a_cell(cell, fields, value, code):
    expected = None if code == "VALUE_DATE_AMBIGUOUS" else value
    assert one(cell, **fields) == (expected, code)


def typed(text: str, **fields):
    """A text cast as a column of its kind."""
    return CON.execute(
        f"SELECT {sql_typed(column('x', **fields), 't')} FROM (SELECT $1 AS t)", [text]
    ).fetchone()[0]


@settings(deadline=None)
@given(st.text(max_size=12) | st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{1,2})?", fullmatch=True))
def test_an_integer_column_never_holds_a_number_the_cell_does_not_say(text):
    value = typed(text, logical_type="integer")
    digits = "".join(c for c in text.split(".")[0] if c in "0123456789")
    assert value is None or abs(value) == int(digits)


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d/%m/%Y", "%Y%m%d", "%d %B %Y"]))
def test_a_date_written_in_its_format_is_read_back(day, form):
    assert typed(day.strftime(form), **DATE, formats=(form,)) == day


def test_parts_of_a_date_without_separators_have_fixed_widths():
    assert shape("%Y%m%d") == "[0-9]{4}[0-9]{2}[0-9]{2}"
    assert shape("%d/%m/%Y") == "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"


@pytest.mark.parametrize(
    ("formats", "unclear"),
    [
        (("%d/%m/%Y", "%m/%d/%Y"), True),
        (("%Y%m%d", "%d%m%Y"), True),
        (("%d/%m/%y", "%d/%m/%Y"), False),
        (("%d-%b-%Y", "%Y-%m-%d", "excel_serial"), False),
        (("%y%m%d", "excel_serial"), True),
    ],
)
def test_only_formats_that_one_text_can_fit_are_compared(formats, unclear):
    assert (sql_ambiguous("t", "date", formats) is not None) == unclear
