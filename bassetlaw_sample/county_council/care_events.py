"""The shape of adult social care events, and the words of the specification that they use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bassetlaw_sample.world import World

REQUEST, ASSESSMENT, SERVICE, REVIEW = "Request", "Assessment", "Service", "Review"

NURSING, RESIDENTIAL = "Long term support: Nursing care", "Long term support: Residential care"
COMMUNITY, REABLING = "Long term support: Community", "Short term support: ST-Max"
TEMPORARY, LOW_LEVEL = "Short term support: Other short term", "Short term support: Ongoing low level"
CARER_SUPPORT = "Unpaid carer support: Direct to unpaid carer"

DIED, MOVED, DECLINED = "NFA: Deceased", "NFA: Responsibility moved", "NFA: Support declined"
SELF_FUNDED = "NFA: Self-funded client or under 12wk disregard"
ENDED, ADVISED = "NFA: Support ended as planned", "NFA: Information and advice or signposting"
NOTHING_OFFERED = "NFA: No services offered for other reason"
TO_NHS = "NFA: Referral to NHS services including NHS funded continuing healthcare"
TO_SERVICES = "Progress to support planning or services"
TO_REABLEMENT = "Progress to reablement/ST-Max"
TO_ASSESSMENT = "Progress to assessment, review or reassessment"
CONTINUED = "Continuation of support or services"

FROM_HOSPITAL = "Discharge from hospital"
LONG_TERM_ASSESSMENT = "Long term assessment"

LABELS = ("outcome", "route", "assessment", "service", "component", "review")
Events = dict[str, np.ndarray]  # a column for each of who, kind, carer, start, end and the labels


def events(
    kind: str, who: np.ndarray, start: np.ndarray, end: np.ndarray, carer: bool = False, **labels: object
) -> Events:
    """Events of one kind; labels are one text for all or one for each."""
    rows = len(who)
    columns = {"who": who, "start": start, "end": end, "carer": np.full(rows, carer)}
    return columns | {
        name: np.broadcast_to(np.asarray(value, object), rows)
        for name, value in [("kind", kind), *((label, labels.get(label)) for label in LABELS)]
    }


def one_frame(parts: list[Events]) -> pd.DataFrame:
    """All events as one frame."""
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def gone(world: World) -> np.ndarray:
    """By person: the day of death or of moving away."""
    return np.minimum(world.people["died"].to_numpy(), world.people["until"].to_numpy())


def among(
    rng: np.random.Generator, choices: tuple[str, ...], weights: Sequence[float], rows: int
) -> np.ndarray:
    """A text for each row, in proportion to the weights."""
    share = np.array(weights, float)
    return np.array(choices, object)[rng.choice(len(choices), rows, p=share / share.sum())]


def few_of(rng: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    """At most so many different positions, drawn in proportion to their weights (none where it is 0).

    Efraimidis and Spirakis (2006): the largest of u ** (1 / weight) are a weighted sample.
    """
    open_to = np.flatnonzero(weights > 0)
    rank = np.log(rng.random(len(open_to))) / weights[open_to]
    return open_to[np.argsort(-rank, kind="stable")[:count]]


def in_months(yearly: float, number: int) -> int:
    """How many of a yearly number fall into the month of this number, so that years add up."""
    return int((number + 1) * yearly / 12) - int(number * yearly / 12)
