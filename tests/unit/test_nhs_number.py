"""NHS numbers: the SQL agrees with the rule as it is written down, on any text."""

from __future__ import annotations

import re

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bassetlaw_pipeline.intake.cast import nhs_number

CON = duckdb.connect()
SEPARATORS = "[ \t\n\v\f\r\u00a0\u2000-\u200b\u202f\u2010-\u2015\ufeff-]"


def judge(text: str | None, environment: str = "synthetic") -> tuple[str | None, str | None]:
    """Normalised number and reason, by SQL."""
    reason = nhs_number.sql_reason("t", "n", "d", environment)
    query = f"""SELECT n, {reason} FROM (SELECT *, TRY_CAST(n AS BIGINT) AS d FROM (
        SELECT t, {nhs_number.sql_normalise("t")} AS n FROM (SELECT $1 AS t)))"""
    return CON.execute(query, [text]).fetchone()


def expected_reason(text: str) -> str | None:
    """The rules in plain Python, synthetic environment."""
    bare = re.sub(SEPARATORS, "", text)
    number = re.sub(r"^([0-9]+)\.0+$", r"\1", bare)
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+", number):
        return "NHS_NUMBER_SCIENTIFIC"
    if not re.fullmatch("[0-9]{10}", number):
        return "NHS_NUMBER_LENGTH"
    if len(set(number)) == 1 or number == "1234567890":
        return "NHS_NUMBER_DUMMY"
    check = (11 - sum(int(d) * (10 - i) for i, d in enumerate(number[:9])) % 11) % 11
    if check != int(number[9]):  # a check of 10 equals no digit
        return "NHS_NUMBER_CHECK_DIGIT"
    if not number.startswith("999"):
        return "NHS_NUMBER_NOT_SYNTHETIC"
    if number != bare:
        return "NHS_NUMBER_FLOAT"
    return None if number == text else "NHS_NUMBER_FORMATTED"


numbers = st.integers(9990000000, 9999999999).map(str) | st.from_regex(r"[0-9]{8,11}", fullmatch=True)
dressed = st.builds(
    lambda n, gap, tail: f"{n[:3]}{gap}{n[3:6]}{gap}{n[6:]}{tail}",
    numbers,
    st.sampled_from(["", " ", "-", "\u00a0", "\u2013", "x"]),
    st.sampled_from(["", ".0", ".00", ".5", "E+09", " "]),
)


@settings(deadline=None)
@given(st.text(max_size=16) | dressed | st.from_regex(r"[0-9]\.[0-9]{5}E\+09", fullmatch=True))
@example("9990000018")
@example("9990000018.0 ")
@example("９９９００００００１８")
@example("9.43477E+09")
def test_sql_agrees_with_plain_python_on_any_text(text):
    assert judge(text)[1] == expected_reason(text)


@pytest.mark.parametrize("number", ["9434765919", "5551000737", "9876543210"])
def test_numbers_outside_the_test_range_belong_to_the_real_environment_only(number):
    assert judge(number, "synthetic")[1] == "NHS_NUMBER_NOT_SYNTHETIC"
    assert judge(number, "real")[1] in (None, "NHS_NUMBER_RANGE")
    assert judge("9990000018", "real")[1] == "NHS_NUMBER_TEST_RANGE"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 943 476 5919 ", "9434765919"),
        ("943-476-5919", "9434765919"),
        ("943\u00a0476\u00a05919", "9434765919"),
        ("9434765919.0", "9434765919"),
    ],
)
def test_separators_and_a_spreadsheets_decimals_are_removed(text, number):
    assert judge(text)[0] == number


def test_ten_equal_digits_pass_modulus_11_and_are_refused_all_the_same():
    for digit in "0123456789":
        passes = nhs_number.sql_passes_modulus_11(str(int(digit * 10)))
        assert CON.execute(f"SELECT {passes}").fetchone() == (True,)
        assert judge(digit * 10)[1] == "NHS_NUMBER_DUMMY"


def test_nine_digits_are_not_padded():
    assert judge("943476591")[1] == "NHS_NUMBER_LENGTH"


def test_missing_is_told_apart_from_unusable():
    assert judge(None) == (None, "NHS_NUMBER_MISSING")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rang about 999 000 0018 today", True),
        ("ref:9990000018.", True),
        ("ref 9990000019", False),
        ("call 07700 900123", False),
        ("no number", False),
    ],
)
def test_numbers_in_free_text_are_seen(text, found):
    query = f"SELECT {nhs_number.sql_contains_nhs_number('t')} FROM (SELECT $1 AS t)"
    assert CON.execute(query, [text]).fetchone() == (found,)
