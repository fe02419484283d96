"""NHS numbers: normalising and judging them, as SQL expressions over a text column."""

from __future__ import annotations

from typing import Literal

Environment = Literal["synthetic", "real"]

# Spaces of every width, the byte order mark, hyphens and dashes: people type them to group the digits.
SEPARATORS = r"[\s\x{a0}\x{2000}-\x{200b}\x{202f}\x{2010}-\x{2015}\x{feff}-]"
# Accepted all the same: the digits are complete.
USABLE_CODES = ("NHS_NUMBER_FLOAT", "NHS_NUMBER_FORMATTED", "NHS_NUMBER_RANGE")
# First three digits issued in England and the Isle of Man; Scottish and Northern Irish numbers lie elsewhere.
ISSUED_PREFIX = "^(3[01]|4[0-9]|[67][0-9])"
MISSING = "NHS_NUMBER_MISSING"


def sql_normalise(text: str) -> str:
    """SQL: separators and a spreadsheet's `.0` removed; anything else is left as it is."""
    bare = f"regexp_replace({text}, '{SEPARATORS}', '', 'g')"
    whole = rf"regexp_replace({bare}, '^([0-9]+)\.0+$', '\1')"
    return f"CASE WHEN regexp_full_match({text}, '[0-9]{{10}}') THEN {text} ELSE {whole} END"


def sql_passes_modulus_11(digits: str) -> str:
    """SQL: true when a ten-digit number (BIGINT) carries the right check digit.

    With weights 10 to 2, and 1 for the check digit, the weighted sum is a multiple of 11 exactly when the
    check digit is 11 minus the remainder (11 counting as 0; a remainder of 10 never fits one digit). The
    weighted sum of the digits equals, modulo 11, the sum of (1 + 2 i) times the number without its last
    i digits, which needs no digit by itself.
    """
    terms = " + ".join(f"{(1 + 2 * i) % 11} * ({digits} // {10**i})" for i in range(10) if (1 + 2 * i) % 11)
    return f"(({terms}) % 11 = 0)"


def sql_reason(cell: str, number: str, digits: str, environment: Environment) -> str:
    """SQL: why a cell is unusable or remarkable; NULL when it is fine.

    `number` is the normalised cell (NULL when empty), `digits` the same as BIGINT. The synthetic
    environment accepts only the never-issued range 999…, the real one rejects it, so neither can be mixed
    into the other.
    """
    strange = (
        f"WHEN NOT starts_with({number}, '999') THEN 'NHS_NUMBER_NOT_SYNTHETIC'"
        if environment == "synthetic"
        else f"WHEN starts_with({number}, '999') THEN 'NHS_NUMBER_TEST_RANGE'"
    )
    foreign = (
        ""
        if environment == "synthetic"
        else (f"WHEN NOT regexp_matches({number}, '{ISSUED_PREFIX}') THEN 'NHS_NUMBER_RANGE'")
    )
    return rf"""CASE
        WHEN {number} IS NULL THEN '{MISSING}'
        WHEN regexp_full_match({number}, '[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+') THEN 'NHS_NUMBER_SCIENTIFIC'
        WHEN NOT regexp_full_match({number}, '[0-9]{{10}}') THEN 'NHS_NUMBER_LENGTH'
        WHEN {number} = repeat(left({number}, 1), 10) OR {number} = '1234567890' THEN 'NHS_NUMBER_DUMMY'
        WHEN NOT {sql_passes_modulus_11(digits)} THEN 'NHS_NUMBER_CHECK_DIGIT'
        {strange}
        WHEN regexp_matches({cell}, '\.0+{SEPARATORS}*$') THEN 'NHS_NUMBER_FLOAT'
        {foreign}
        WHEN {cell} <> {number} THEN 'NHS_NUMBER_FORMATTED'
    END"""


def sql_contains_nhs_number(text: str) -> str:
    """SQL: true when free text holds ten digits (also grouped 3 3 4) that pass modulus 11."""
    pattern = r"\b[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\b"
    found = f"regexp_extract_all({text}, '{pattern}')"
    passing = sql_passes_modulus_11("TRY_CAST(regexp_replace(n, '[ -]', '', 'g') AS BIGINT)")
    return f"(regexp_matches({text}, '{pattern}') AND len(list_filter({found}, lambda n: {passing})) > 0)"
