"""Talking therapies (nhft_iapt): a monthly zip of referrals, contacts and scores.

A zip tells the month and, as a refresh, the month before; a referral is in it while anything happens to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.health import draw_health
from bassetlaw_sample.mental_health_trust.iapt_courses import Courses, courses
from bassetlaw_sample.months import Month, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.world import World
from bassetlaw_sample.write import zip_of_csv

EXTRACT = "nhft_iapt"
ISO = "%Y-%m-%d"
TOOLS = {"phq9": "720433000", "gad7": "445455005"}
_EARLIER = 13  # months a referral may go on being told about
_SOURCES = ("B1", "A1", "H2", "M5", "G4")
_COMPLAINTS = ("35489007", "48694002", "247808006")
_CONDITIONS = ("73211009", "13645005", "195967001", "38341003", "73211009|38341003")


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One zip a month. One of them is sent again, with what had been entered by then."""
    health, parts = draw_health(world), {}
    for month in world.months:
        for i in range(_EARLIER, -1, -1):
            earlier = month.plus(-i)
            if earlier not in parts:
                parts[earlier] = courses(world, EXTRACT, health, earlier)
        parts.pop(month.plus(-_EARLIER - 1), None)
        known = Courses(
            pd.concat([c.referrals for c in parts.values()], ignore_index=True),
            pd.concat([c.contacts for c in parts.values()], ignore_index=True),
        )
        yield _file(identity, month, known)
        if month == sent_again(world):
            yield _file(identity, month, known, again=True)


def sent_again(world: World) -> Month:
    """The month whose zip comes twice."""
    return world.last.plus(-1)


def _file(identity: Identity, month: Month, known: Courses, again: bool = False) -> Delivery:
    return Delivery(
        partner="mental_health_trust",
        extract=EXTRACT,
        name=f"RHA_IAPT_{month.stamp}{'_RESUB' if again else ''}.zip",
        received=working_day(month, 16) + timedelta(days=10 * again),
        tables=_tables(identity, month, known, complete=again),
        render=zip_of_csv,
    )


def _tables(identity: Identity, month: Month, known: Courses, complete: bool) -> dict[str, pa.Table]:
    """What a zip of a month holds; unless `complete`, without what is entered late."""
    start, end = day(month.plus(-1).first), day(month.last)
    contacts = known.contacts[known.contacts["at"].between(start, end)]
    if not complete:
        contacts = contacts[~contacts["late"] | (contacts["at"] < day(month.first))]
    touched = known.referrals["id"].isin(contacts["referral"])
    for name in ("referred", "ended", "supported", "works"):
        touched |= known.referrals[name].between(start, end)
    return {
        "referrals": _referrals(identity, known.referrals[touched], end),
        "contacts": _contacts(contacts),
        "scores": pa.concat_tables([_scores(contacts, name, code) for name, code in TOOLS.items()]),
    }


def _referrals(identity: Identity, frame: pd.DataFrame, end: int) -> pa.Table:
    """Referrals as known on a day."""
    supported, works, ended = (frame[name].to_numpy() for name in ("supported", "works", "ended"))
    status = np.where(works <= end, "01", frame["status"])
    recorded = status != ""
    turn = frame["id"].to_numpy() * 7919 % 10_007  # a lasting property of each referral
    columns = {
        **identity.columns(frame["who"].to_numpy(), ISO),
        "service_request_id": text.numbers(frame["id"].to_numpy()),
        "referral_date": text.dates(frame["referred"].to_numpy(), ISO),
        "source_of_referral": text.pick(_SOURCES, np.maximum(turn % 20 - 15, 0)),
        "presenting_complaint": text.pick(_COMPLAINTS, turn % 3),
        "ltc": text.pick(_CONDITIONS, turn % len(_CONDITIONS), frame["condition"].to_numpy()),
        "employment_status": pa.array(status.tolist(), pa.string(), mask=~recorded),
        "employment_status_date": text.dates(np.where(works <= end, works, frame["referred"]), ISO, recorded),
        "sickness_absence": text.pick(["N", "Y"], (turn % 7 == 0).astype(int), status == "01"),
        "emp_support_referral_date": text.dates(supported, ISO, supported <= end),
        "discharge_date": text.dates(ended, ISO, ended <= end),
        "discharge_reason": pa.array(frame["reason"].tolist(), pa.string(), mask=ended > end),
    }
    return pa.table(columns)


def _contacts(contacts: pd.DataFrame) -> pa.Table:
    number = contacts["id"].to_numpy()
    attended = np.where(contacts["seen"], number % 9 == 0, 2 + number % 2).astype(int)
    return pa.table(
        {
            "service_request_id": text.numbers(contacts["referral"].to_numpy()),
            "care_contact_id": text.numbers(number),
            "contact_date": text.dates(contacts["at"].to_numpy(), ISO),
            "appointment_type": pa.array(contacts["kind"].tolist(), pa.string()),
            "attended": text.pick(["5", "6", "3", "2"], attended),
            "ltc_service": text.pick(["N", "Y"], contacts["condition"].to_numpy().astype(int)),
        }
    )


def _scores(contacts: pd.DataFrame, name: str, code: str) -> pa.Table:
    asked = contacts[contacts[name] >= 0]
    return pa.table(
        {
            "service_request_id": text.numbers(asked["referral"].to_numpy()),
            "tool": text.constant(code, len(asked)),
            "score": text.numbers(asked[name].to_numpy()),
            "score_date": text.dates(asked["at"].to_numpy(), ISO),
        }
    )
