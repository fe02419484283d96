"""What goes wrong in the workforce workbooks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.damage import fixed
from bassetlaw_sample.defects import Rule
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, footer, noted
from bassetlaw_sample.hospital.workforce_book import RENAMED, renamed_book

_FEW = 12  # people: a group that may be hidden


def small_group(table: pa.Table) -> np.ndarray:
    """Staff groups of a few people."""
    heads = pc.cast(table["headcount"], pa.int64())
    return pc.less_equal(heads, _FEW).to_numpy().astype(bool)


def later_release(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D21, D23: headers as another release of the staff record has them."""
    return replace(delivery, render=renamed_book, habits=noted(delivery, "D21", len(RENAMED)))


RULES = {
    "dbth_workforce": [
        Rule("D19", "headcount", fixed("<5", "*"), 0.12, small_group),
        Rule("D19", "leavers_14", fixed("*", "<5"), 0.004),
        Rule("D19", "sickness_25", fixed("*"), 0.004),
        Rule("D22", "budgeted_fte", fixed("n.a.", "see HR"), 0.003),
    ],
}

HABITS: list[tuple[float, Habit]] = [
    (0.35, later_release),
    (0.3, footer("Source: ESR data warehouse", "* fewer than 5")),
]
