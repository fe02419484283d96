"""Adult social care of the sample: all events of the people whom the county council supports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.county_council import care_events as care
from bassetlaw_sample.county_council import long_term_care, reablement
from bassetlaw_sample.months import Month, age_at, day, months_between
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World, draw

FIRST = Month(2016, 4)  # since when the council sends the extract
_ASKING_WEIGHT = [[0, 0], [18, 0.5], [65, 2], [75, 5], [85, 12]]
_CARER_WEIGHT = [[0, 0], [25, 0.5], [45, 1.5], [60, 2], [80, 1]]
_ANSWERS = (
    care.ADVISED,
    care.TO_ASSESSMENT,
    care.NOTHING_OFFERED,
    care.TO_SERVICES,
    care.DECLINED,
    care.TO_NHS,
)
_ROUTES = (
    "Community / other",
    "Diversion from hospital services",
    care.FROM_HOSPITAL,
    "Planned entry (transition)",
    "Self-funder with depleted funds",
)
# One event: the fields by which the national rules tell events apart, without the end, which may be open.
_SAME = ["who", "carer", "kind", "start", "route", "assessment", "service", "component"]


def draw_events(world: World) -> pd.DataFrame:
    """Every event in order of its start.

    Columns: who (position in people), kind (Request, Assessment, Service, Review), carer (bool), start, end
    (day numbers), and the labels outcome, route, assessment, service, component, review (None where not
    applicable), in the words of release 2. The outcome is what is known once the event has ended.
    """
    rng = world.rng("social care")
    months = months_between(max(FIRST, world.first.plus(-11)), world.last)
    held = long_term_care.Held.nobody(len(world.people))
    parts = long_term_care.stock(rng, world, months[0], held)
    for number, month in enumerate(months):
        parts += reablement.after_hospital(rng, world, month, held)
        parts += reablement.from_home(rng, world, month, held)
        parts += long_term_care.admissions(rng, world, month, number, held)
        parts += long_term_care.at_home(rng, world, month, held)
        parts += [*_requests(rng, world, month), *_carers(rng, world, month)]
    drawn = _lived_through(world, care.one_frame(parts))
    reviewed = long_term_care.reviews(rng, world, drawn[drawn["kind"] == care.SERVICE])
    whole = pd.concat([drawn, reviewed], ignore_index=True).drop_duplicates(_SAME)
    return whole.sort_values(["start", "who", "kind"], kind="stable", ignore_index=True)


def _lived_through(world: World, frame: pd.DataFrame) -> pd.DataFrame:
    """Events of people who are still there; a service ends with the life of its client, or the move."""
    who = frame["who"].to_numpy()
    last, dead = care.gone(world)[who], world.people["died"].to_numpy()[who]
    here = (frame["start"] >= world.people["since"].to_numpy()[who]) & (frame["start"] < last)
    cut = (frame["end"] >= last).to_numpy()
    ending = np.where(dead == last, care.DIED, care.MOVED)
    outcome = np.where(cut, ending, frame["outcome"])
    frame = frame.assign(outcome=outcome, end=np.minimum(frame["end"], last))
    return frame[here & ~(cut & (frame["kind"] != care.SERVICE))]


def _requests(rng: np.random.Generator, world: World, month: Month) -> list[care.Events]:
    """Requests besides those that lead to reablement, the assessments after them, and small help."""
    model, today = world.calibration["social_care"], day(month.first)
    count = world.scaled(model["requests"])
    who = draw(rng, _adults(world, today, _ASKING_WEIGHT), count)
    when = today + rng.integers(0, month.days, count)
    answer = care.among(rng, _ANSWERS, [46, 30, 10, 6, 5, 3], count)
    done = when + rng.integers(0, 6, count)
    route = care.among(rng, _ROUTES, [86, 6, 5, 1, 2], count)
    assessed, begins = answer == care.TO_ASSESSMENT, done + rng.integers(2, 25, count)
    result = care.among(rng, (care.ADVISED, care.NOTHING_OFFERED, care.DECLINED), [60, 25, 15], count)
    helped = care.few_of(rng, assessed.astype(float), world.scaled(model["low_level_starts"]))
    result[helped] = care.TO_SERVICES
    finished = begins + rng.integers(1, 25, count)
    lasting = 200 + rng.integers(0, 700, len(helped))
    return [
        care.events(care.REQUEST, who, when, done, route=route, outcome=answer),
        care.events(
            care.ASSESSMENT, who[assessed], begins[assessed], finished[assessed], outcome=result[assessed],
            assessment="Short term assessment",
        ),
        reablement.equipment(who[helped], finished[helped] + 5, lasting),
    ]  # fmt: skip


def _carers(rng: np.random.Generator, world: World, month: Month) -> list[care.Events]:
    """Unpaid carers: assessed, then a one-off payment or support for some months."""
    today = day(month.first)
    who = draw(
        rng, _adults(world, today, _CARER_WEIGHT), world.scaled(world.calibration["social_care"]["carers"])
    )
    when = today + rng.integers(0, month.days, len(who))
    return [
        care.events(
            care.ASSESSMENT, who, when, when + 7, carer=True, outcome=care.TO_SERVICES,
            assessment="Unpaid carer assessment",
        ),
        care.events(
            care.SERVICE, who, when + 10, when + 10 + rng.integers(0, 180, len(who)), carer=True,
            outcome=care.ENDED, service=care.CARER_SUPPORT, component="Other",
        ),
    ]  # fmt: skip


def _adults(world: World, when: int, weight: Sequence[Any]) -> np.ndarray:
    here = alive_on(world.people, when) & world.people["resident"].to_numpy()
    return here * by_age(weight, age_at(world.people["born"].to_numpy(), when))
