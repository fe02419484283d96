"""What goes wrong in the files of admitted patient care."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.damage import FREE_ETHNICITY, UNMAPPED_POSTCODE, edited, fixed
from bassetlaw_sample.defects import (
    Orphans,
    Rule,
    both,
    closed_practices,
    days_later,
    empty,
    equals,
    filled,
    how_many,
    nhs_numbers,
)
from bassetlaw_sample.source import Spoil
from bassetlaw_sample.world import World


def single_episode(table: pa.Table) -> np.ndarray:
    """Episodes that are their spell's only one."""
    return equals("episode_number", "01")(table) & equals("last_episode_in_spell", "1")(table)


def planned(table: pa.Table) -> np.ndarray:
    """Admissions that no indicator of emergencies counts."""
    return equals("admission_method", "11", "12", "13")(table)


def without_first_episodes(rng: np.random.Generator, table: pa.Table) -> tuple[pa.Table, pa.Array | None]:
    """Planned spells of several episodes that lose their first one; and the numbers of those spells."""
    first = pc.and_(pc.equal(table["episode_number"], "01"), pc.equal(table["last_episode_in_spell"], "2"))
    candidates = np.flatnonzero(pc.fill_null(first, False).to_numpy().astype(bool) & planned(table))
    count = how_many(rng, 0.02, len(candidates), table.num_rows)
    if not count:
        return table, None
    gone = np.sort(rng.permutation(candidates)[:count])
    spells = table["spell_number"].take(pa.array(gone)).combine_chunks()
    return table.take(pa.array(np.delete(np.arange(table.num_rows), gone))), spells


ORPHANS = Orphans("dbth_apc", "spell_number", without_first_episodes)

RULES = {
    "dbth_apc": [
        *nhs_numbers(0.005, 0.01),
        # Emergencies keep their postcodes: those of residents are counted to the last one (truth.json).
        Rule("D04", "postcode", UNMAPPED_POSTCODE, 0.01, planned),
        Rule("D06", "episode_end", fixed("2017-02-30", "20170412"), 0.001),
        Rule("D06", "admission_date", fixed("01/04/2016", "12/09/17"), 0.0004, both(single_episode, planned)),
        *closed_practices(0.0008),
        Rule("D12", "admission_method", fixed("28"), 0.004, both(planned, single_episode)),
        Rule("D13", "ethnic_category", FREE_ETHNICITY, 0.003),
        Rule("D14", "diag_03", fixed("HYPERTENSION", "unknown"), 0.002, both(planned, filled("diag_03"))),
        Rule(
            "D29",
            "admission_date",
            edited("discharge_date", days_later(3, "%Y-%m-%d")),
            0.001,
            both(single_episode, planned, empty("discharge_ready_date")),
        ),
    ],
}

# Share of the rows that come twice.
REPEATED = {"dbth_apc": 0.0008}


def spoilt(world: World) -> dict[str, tuple[str, Spoil]]:
    """One transfer of a flex file broke off; its freeze is right."""
    return {f"hospital/RP5_APC_{world.last.plus(-7).stamp}_FLEX.txt": ("TRAILER_MISSING", _cut_short)}


def _cut_short(data: bytes) -> bytes:
    """In the middle of a line."""
    return data[: len(data) * 7 // 10]
