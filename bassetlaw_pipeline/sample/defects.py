"""Which extract gets which defects, and how often.

Belongs here: the rules, by extract; each names the defect of the catalogue that the pipeline must report
(`expectations/reasons.yml` says which reason codes stand for it). A row gets one defect at most, so that
counts can be compared exactly. Does not belong here: applying them (inject.py), damaged values (damage.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.sample.damage import (
    BAD_NHS_NUMBER,
    FREE_ETHNICITY,
    UNMAPPED_POSTCODE,
    Damage,
    edited,
    fixed,
)

Eligible = Callable[[pa.Table], np.ndarray]

# Practices that have closed, and the last day on which their code was right.
CLOSED_PRACTICES = {
    "C84143": date(2016, 12, 31),
    "C84700": date(2016, 12, 31),
    "Y02833": date(2017, 4, 30),
    "C84052": date(2019, 4, 30),
}


@dataclass(frozen=True)
class Rule:
    """One way in which rows of a table go wrong.

    share     of the eligible rows
    eligible  which rows may be chosen; None is any row
    since     the rule applies to files that arrive after this day
    """

    id: str
    column: str
    damage: Damage
    share: float
    eligible: Eligible | None = None
    since: date | None = None


def filled(*columns: str) -> Eligible:
    """Rows with a value in every column."""
    return lambda table: _all([pc.is_valid(table[c]) for c in columns])


def empty(column: str) -> Eligible:
    """Rows without a value."""
    return lambda table: _numpy(pc.is_null(table[column]))


def equals(column: str, *values: str) -> Eligible:
    """Rows with one of some values."""
    return lambda table: _numpy(pc.is_in(table[column], pa.array(values)))


def both(*conditions: Eligible) -> Eligible:
    """Rows that meet every condition."""
    return lambda table: np.logical_and.reduce([c(table) for c in conditions])


def single_episode(table: pa.Table) -> np.ndarray:
    """Episodes that are their spell's only one."""
    return equals("episode_number", "01")(table) & equals("last_episode_in_spell", "1")(table)


def planned(table: pa.Table) -> np.ndarray:
    """Admissions that no indicator of emergencies counts."""
    return equals("admission_method", "11", "12", "13")(table)


def _all(masks: list[pa.ChunkedArray]) -> np.ndarray:
    return np.logical_and.reduce([_numpy(m) for m in masks])


def _numpy(mask: pa.ChunkedArray) -> np.ndarray:
    return pc.fill_null(mask, False).to_numpy().astype(bool)


def _day_later(days: int, layout: str) -> Callable[[str], str]:
    """Edit that moves a date by some days."""
    return lambda text: (datetime.strptime(text, layout) + timedelta(days=days)).strftime(layout)


def _closed(share: float) -> list[Rule]:
    return [
        Rule("D08", "gp_practice", fixed(code), share, filled("gp_practice"), since=last)
        for code, last in CLOSED_PRACTICES.items()
    ]


_PERSON = {"bad": ("nhs_number", BAD_NHS_NUMBER), "none": ("nhs_number", fixed(None))}


def _nhs(bad: float, missing: float) -> list[Rule]:
    return [
        Rule("D01", *_PERSON["bad"], bad, filled("nhs_number")),
        Rule("D02", *_PERSON["none"], missing, filled("nhs_number")),
    ]


# Rows copied whole (D11) and rows taken away (D20) are handled in inject.py; here are values.
RULES: dict[tuple[str, str], list[Rule]] = {
    ("ccg_gp_population", "ccg_gp_population"): [
        *_nhs(0.003, 0.003),
        Rule(
            "D06",
            "date_of_registration",
            fixed("31-Feb-2015", "30/06/98"),
            0.0005,
            filled("date_of_registration"),
        ),
        *_closed(0.0001),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.002),
        Rule("D14", "qof_registers", fixed("HYP;DM", "hyp dm"), 0.0005, filled("qof_registers")),
        Rule("D29", "date_of_registration", fixed("01-Jan-2030"), 0.0003, filled("date_of_registration")),
    ],
    ("dbth_ecds", "dbth_ecds"): [
        *_nhs(0.006, 0.025),
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.006),
        Rule("D06", "departure_date", edited("departure_date", lambda t: t[:6] + t[8:]), 0.001),
        Rule("D06", "arrival_date", edited("arrival_date", lambda t: f"{t[6:]}-{t[3:5]}-{t[:2]}"), 0.0004),
        *_closed(0.0008),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.003),
        Rule("D27", "departure_date", edited("arrival_date", _day_later(-1, "%d/%m/%Y")), 0.002),
        Rule("D27", "departure_date", edited("arrival_date", _day_later(9, "%d/%m/%Y")), 0.0004),
    ],
    ("dbth_apc", "dbth_apc"): [
        *_nhs(0.005, 0.01),
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.005),
        Rule("D06", "episode_end", fixed("2017-02-30", "20170412"), 0.001),
        Rule("D06", "admission_date", fixed("01/04/2016", "12/09/17"), 0.0004, both(single_episode, planned)),
        *_closed(0.0008),
        Rule("D12", "admission_method", fixed("28"), 0.004, both(planned, single_episode)),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.003),
        Rule("D14", "diag_03", fixed("HYPERTENSION", "unknown"), 0.002, both(planned, filled("diag_03"))),
        Rule(
            "D29",
            "admission_date",
            edited("discharge_date", _day_later(3, "%Y-%m-%d")),
            0.001,
            both(single_episode, planned, empty("discharge_ready_date")),
        ),
    ],
    ("dbth_discharge_sitrep", "delays"): [
        Rule("D13", "dementia_flag", fixed("maybe"), 0.02),
        Rule("D19", "delayed_days_in_period", fixed("*"), 0.01, equals("attributable_to", "NHS")),
        Rule(
            "D29", "delay_end", edited("delay_start", _day_later(-2, "%Y-%m-%d")), 0.01, filled("delay_end")
        ),
    ],
    ("dbth_discharge_sitrep", "census"): [
        *_nhs(0.004, 0.006),
        Rule("D06", "admission_date", fixed("31/02/2018"), 0.001),
    ],
    ("ncc_pcmd_deaths", "ncc_pcmd_deaths"): [
        *_nhs(0.006, 0.01),
        Rule("D06", "death_date", fixed("2021029", "20180230"), 0.004),
        Rule(
            "D14",
            "underlying_cause",
            fixed("UNK", "not yet"),
            0.003,
            equals("age", *map(str, range(75, 110))),
        ),
        Rule("D29", "death_date", fixed("20291101"), 0.002),
    ],
    ("bdc_leisure", "bdc_leisure"): [
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.004, filled("postcode")),
        Rule("D06", "visit_datetime", fixed("45/13/2018 10:00", "last Tuesday"), 0.0003),
        Rule("D13", "sex", fixed("n/k", "fem."), 0.003, filled("sex")),
        Rule("D13", "site", fixed("Langold Lido"), 0.0002),
    ],
    ("bcvs_social_prescribing", "bcvs_social_prescribing"): [
        *_nhs(0.004, 0.008),
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.006),
        Rule("D06", "closed_date", fixed("31/02/2019", "Easter"), 0.002, empty("closed_date")),
        Rule("D13", "referrer_type", fixed("Neighbour", "see notes"), 0.006),
        Rule("D13", "sex", fixed("prefer not to say"), 0.003),
        Rule("D14", "sp_case_ref", edited("sp_case_ref", lambda t: t.replace("/", "-")), 0.0007),
        Rule("D19", "ons4_happy_start", fixed("*", "-"), 0.006, filled("ons4_happy_start")),
        Rule("D22", "pam_score_start", fixed("about 55", "60ish"), 0.003, filled("pam_score_start")),
        Rule(
            "D29",
            "first_contact_date",
            edited("referral_date", _day_later(-20, "%Y-%m-%d")),
            0.002,
            filled("first_contact_date"),
        ),
    ],
}

# Tables in which some rows come twice: share of the rows.
REPEATED = {
    ("ccg_gp_population", "ccg_gp_population"): 0.0002,
    ("dbth_ecds", "dbth_ecds"): 0.0008,
    ("dbth_apc", "dbth_apc"): 0.0008,
    ("bdc_leisure", "bdc_leisure"): 0.0003,
    ("bcvs_social_prescribing", "bcvs_social_prescribing"): 0.0015,
}
