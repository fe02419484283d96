"""Columns that every hospital and practice extract carries about a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.world import World


@dataclass(frozen=True)
class Identity:
    """Text of each person's identity, by position in `World.people`."""

    nhs_number: pa.Array
    local_id: pa.Array
    sex: pa.Array
    postcode: pa.Array
    lsoa: pa.Array
    practice: pa.Array
    ethnic: pa.Array
    born: np.ndarray

    def columns(self, people: np.ndarray, date_layout: str) -> dict[str, pa.Array]:
        """Identity columns of the people of some events, named as in the contracts."""
        return {
            "local_patient_id": text.pick(self.local_id, people),
            "nhs_number": text.pick(self.nhs_number, people),
            "nhs_number_status": text.constant("01", len(people)),
            "date_of_birth": text.dates(self.born[people], date_layout),
            "sex": text.pick(self.sex, people),
            "ethnic_category": text.pick(self.ethnic, people),
            "postcode": text.pick(self.postcode, people),
            "gp_practice": text.pick(self.practice, people),
        }


def identity(world: World) -> Identity:
    """Everybody's identity as text. People registered outside the CCG carry V81999 (not known)."""
    people, places = world.people, world.places
    order = world.rng("local ids").permutation(len(people))
    return Identity(
        nhs_number=text.numbers(people["nhs"].to_numpy()),
        local_id=text.pick(pa.array([f"D{1_000_000 + i}" for i in range(len(people))]), order),
        sex=text.numbers(people["sex"].to_numpy()),
        postcode=text.pick(pa.array(places.postcodes["postcode"].tolist()), people["postcode"].to_numpy()),
        lsoa=text.pick(pa.array(places.lsoas["code"].tolist()), people["lsoa"].to_numpy()),
        practice=text.pick(
            [*places.practices, "V81999"], people["practice"].to_numpy() % (len(places.practices) + 1)
        ),
        ethnic=pa.array(people["ethnic"].tolist(), pa.string()),
        born=people["born"].to_numpy(),
    )
