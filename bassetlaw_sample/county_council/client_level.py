"""Client level data of adult social care (ncc_asc_cld): the quarterly files, each with twelve months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.county_council import care_events as care
from bassetlaw_sample.county_council.social_care import FIRST, draw_events
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month, age_at, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.world import World, draw
from bassetlaw_sample.write import csv_file

EXTRACT = "ncc_asc_cld"
LAYOUT = "%d/%m/%Y"
ETHNICITY = {
    "A": "White: English, Welsh, Scottish, Northern Irish or British",
    "B": "White: Irish",
    "C": "White: Any other White background",
    "D": "Mixed or multiple ethnic groups: White and Black Caribbean",
    "F": "Mixed or multiple ethnic groups: White and Asian",
    "H": "Asian or Asian British: Indian",
    "J": "Asian or Asian British: Pakistani",
    "L": "Asian or Asian British: Any other Asian background",
    "M": "Black, Black British, Caribbean or African: Caribbean",
    "N": "Black, Black British, Caribbean or African: African",
    "R": "Asian or Asian British: Chinese",
    "Z": "No data: Unknown",
}
_REASONS = (
    "Physical Support: Personal care support",
    "Physical Support: Access & mobility only",
    "Support with Memory & Cognition",
    "Learning Disability Support",
    "Mental Health Support",
    "Sensory Support: Support for visual impairment",
    "Social Support: Support for Social Isolation/Other",
    "Unknown",
)
_HOMES = (
    "Owner occupier or shared ownership scheme",
    "Tenant: Local authority or other social housing provider",
    "Tenant: Private landlord",
    "Sheltered, extra care or other sheltered housing",
    "Settled mainstream housing with family or friends",
    "Unknown",
)
_PAYERS = ("Partly funded by the council", "Fully funded by the council", "Joint funded with the NHS")
_NOTES = ("Call from daughter", "Visit on the ward", "Package £120 a week", "Key safe fitted", None, None)
_PRICES = {
    care.NURSING: (780, "Weekly", 1),
    care.RESIDENTIAL: (620, "Weekly", 1),
    care.TEMPORARY: (650, "Weekly", 1),
    care.COMMUNITY: (17, "Hourly", 9),
    care.REABLING: (21, "Hourly", 7),
    care.LOW_LEVEL: (95, "One-off", 0),
    care.CARER_SUPPORT: (150, "One-off", 0),
}


@dataclass(frozen=True)
class Traits:
    """What the council knows of each person, by position in people: positions in the lists above."""

    reason: np.ndarray
    home: np.ndarray
    payer: np.ndarray
    has_carer: np.ndarray
    dementia: np.ndarray
    client: pa.Array


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """A file after each quarter, with the twelve months before its end, or as many as there are."""
    events, traits = draw_events(world), _traits(world)
    for last in quarters(world):
        first = first_month(last)
        shown = events[_reported(events, day(first.first), day(last.last))]
        yield Delivery(
            partner="county_council",
            extract=EXTRACT,
            name=file_name(last),
            received=working_day(last, 22, hour=15),
            tables={EXTRACT: _table(world, identity, traits, shown, first, last)},
            render=csv_file(quoted=True, line_end="\r\n"),
        )


def quarters(world: World) -> list[Month]:
    """The last month of each quarter that ends in the sample."""
    return [m for m in world.months if m.month % 3 == 0]


def first_month(last: Month) -> Month:
    """The first of the twelve months that a file is about; never before the extract began."""
    return max(FIRST, last.plus(-11))


def file_name(last: Month) -> str:
    """The name of the file whose period ends with a month."""
    return f"NCC_CLD_{first_month(last).first:%Y%m%d}_{last.last:%Y%m%d}.csv"


def _reported(events: pd.DataFrame, first: int, last: int) -> np.ndarray:
    """Services while they go on, everything else when it has ended."""
    service = (events["kind"] == care.SERVICE).to_numpy()
    start, end = events["start"].to_numpy(), events["end"].to_numpy()
    return (end >= first) & np.where(service, start <= last, end <= last)


def _traits(world: World) -> Traits:
    rng, people = world.rng(EXTRACT, "clients"), len(world.people)
    age = age_at(world.people["born"].to_numpy(), day(world.first.first))
    number = rng.permutation(people)
    return Traits(
        reason=np.where(age >= 65, draw(rng, np.array([58, 16, 15, 1, 3, 3, 2, 2]), people),
                        draw(rng, np.array([30, 10, 1, 26, 24, 3, 4, 2]), people)),
        home=draw(rng, np.array([52, 22, 8, 9, 6, 3]), people),
        payer=draw(rng, np.array([49, 46, 5]), people),
        has_carer=draw(rng, np.array([45, 48, 7]), people),
        dementia=(rng.random(people) >= by_age([[0, 0], [65, 0.05], [80, 0.22]], age)).astype(int),
        client=pa.array([f"M{2_000_000 + n}" for n in number], pa.string()),
    )  # fmt: skip


def _table(
    world: World, identity: Identity, traits: Traits, shown: pd.DataFrame, first: Month, last: Month
) -> pa.Table:
    """The rows of a file as known on the last day of its period: nothing that happened later."""
    rng = world.rng(EXTRACT, last.stamp)
    who, rows = shown["who"].to_numpy(), len(shown)
    ended = (shown["end"] <= day(last.last)).to_numpy()
    died = world.people["died"].to_numpy()[who]
    known_death = (died <= day(last.last)) & (died <= world.people["until"].to_numpy()[who])
    columns = {
        "la_code": text.constant("511", rows),
        "reporting_period_start": text.constant(f"{first.first:{LAYOUT}}", rows),
        "reporting_period_end": text.constant(f"{last.last:{LAYOUT}}", rows),
        "nhs_number": text.pick(identity.nhs_number, who),
        "la_person_id": text.pick(traits.client, who),
        "gp_practice": text.pick(identity.practice, who),
        "gender": text.pick(["Male", "Female"], world.people["sex"].to_numpy()[who] - 1),
        "ethnicity": _labels(world.people["ethnic"].map(ETHNICITY).to_numpy()[who]),
        "date_of_birth": text.dates(identity.born[who], LAYOUT),
        "date_of_death": text.dates(died, LAYOUT, known_death),
        "client_type": text.pick(["Service user", "Unpaid carer"], shown["carer"].to_numpy().astype(int)),
        "postcode": text.pick(identity.postcode, who),
        **_client(world, traits, shown),
        "event_type": _labels(shown["kind"]),
        "event_reference": pa.array([f"EV{n}" for n in shown.index], pa.string()),
        "event_start_date": text.dates(shown["start"].to_numpy(), LAYOUT),
        "event_end_date": text.dates(shown["end"].to_numpy(), LAYOUT, ended),
        "event_description": text.pick(_NOTES, rng.integers(0, len(_NOTES), rows)),
        "event_outcome": _labels(np.where(ended, shown["outcome"], None)),
        "request_route_of_access": _labels(shown["route"]),
        "assessment_type": _labels(shown["assessment"]),
        "service_type": _labels(shown["service"]),
        "service_component": _labels(shown["component"]),
        "review_reason": _labels(shown["review"]),
        **_service(rng, shown),
    }
    return pa.table(columns)


def _client(world: World, traits: Traits, shown: pd.DataFrame) -> dict[str, pa.Array]:
    """What the council says about the person, alike in every event, except where somebody lives."""
    who = shown["who"].to_numpy()
    home = traits.home[who]
    home = np.where(shown["service"] == care.RESIDENTIAL, len(_HOMES), home)
    home = np.where(shown["service"] == care.NURSING, len(_HOMES) + 1, home)
    age = age_at(world.people["born"].to_numpy()[who], shown["start"].to_numpy())
    return {
        "primary_support_reason": text.pick(_REASONS, traits.reason[who], ~shown["carer"].to_numpy()),
        "accommodation_status": text.pick([*_HOMES, "Registered care home", "Registered nursing home"], home),
        "employment_status": text.pick(["Retired", "Unemployed: Not actively seeking work"], (age < 66) * 1),
        "has_unpaid_carer": text.pick(["Yes", "No", "Unknown"], traits.has_carer[who]),
        "dementia": text.pick(["Yes: Diagnosed", "No"], traits.dementia[who]),
        "client_funding_status": text.pick(
            _PAYERS, traits.payer[who], (shown["kind"] == care.SERVICE).to_numpy()
        ),
    }


def _service(rng: np.random.Generator, shown: pd.DataFrame) -> dict[str, pa.Array]:
    """Provider, cost and hours of services; whether a review found its outcomes reached."""
    rows = len(shown)
    price = [_PRICES.get(s, (0, None, 0)) for s in shown["service"]]
    cost = np.array([p[0] for p in price]) * rng.uniform(0.85, 1.3, rows)
    units = np.array([p[2] for p in price]) * rng.uniform(0.5, 1.8, rows)
    direct = (shown["component"] == "Direct payment").to_numpy()
    review = (shown["kind"] == care.REVIEW).to_numpy()
    mechanism = np.where(direct, 0, np.where(rng.random(rows) < 0.2, 1, 2))
    community = (shown["service"] == care.COMMUNITY).to_numpy()
    return {
        "delivery_mechanism": text.pick(
            ["Direct payment", "CASSR managed personal budget", "CASSR commissioned support"],
            mechanism,
            community,
        ),
        "provider_location": text.pick(
            [f"1-{140_000_000 + 7_919 * n}" for n in range(40)], rng.integers(0, 40, rows), cost > 0
        ),
        "review_outcomes_achieved": text.pick(
            ["Fully achieved", "Partially achieved", "Not achieved"], rng.integers(0, 3, rows), review
        ),
        "unit_cost": text.decimals(cost, 2, cost > 0),
        "cost_frequency": _labels([p[1] for p in price]),
        "planned_units_per_week": text.decimals(units, 2, units > 0),
    }


def _labels(values: Iterable[object]) -> pa.Array:
    """Texts as a column; a missing one stays empty."""
    return pa.array([v if isinstance(v, str) else None for v in values], pa.string())
