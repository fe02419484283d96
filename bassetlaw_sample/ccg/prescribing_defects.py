"""What goes wrong in the files of prescribing.

No row is lost, so that costs stay exact: local codes are understood, marks stand where no cost is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bassetlaw_sample.damage import fixed
from bassetlaw_sample.defects import Rule, filled
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, footer, local_spelling, noted
from bassetlaw_sample.source import Spoil
from bassetlaw_sample.world import World

RULES = {
    "ccg_prescribing": [
        Rule("D19", "adq_usage", fixed("*", "-"), 0.0004, filled("adq_usage")),
        Rule("D19", "net_ingredient_cost", fixed("*"), 0.0002, filled("net_ingredient_cost")),
    ],
}


def sent_again(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D09: a file that replaces the one of the same month."""
    again = delivery.name.endswith("_REVISED.csv")
    return replace(delivery, habits=noted(delivery, "D09", 1)) if again else delivery


HABITS: list[tuple[float, Habit]] = [
    (0.3, local_spelling("pco_code", {"02Q00": "02Q"}, 0.02)),
    (0.2, footer("Source: NHS Business Services Authority")),
    (1.0, sent_again),
]


def spoilt(world: World) -> dict[str, tuple[str, Spoil]]:
    """D24: the first of the files that are sent again came out of a spreadsheet in CP1252."""
    every = world.calibration["prescribing"]["revised_every"]
    month = world.first.plus(every - 2)
    return {f"ccg/EPD_{month.stamp}_02Q.csv": ("FILE_ENCODING", _as_cp1252)}


def _as_cp1252(data: bytes) -> bytes:
    return data.decode("utf-8").encode("cp1252")
