"""What goes wrong in the files of cancer waiting times."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from bassetlaw_sample.damage import BAD_NHS_NUMBER, edited, fixed, replaced
from bassetlaw_sample.defects import Rule, both, days_later, equals, filled
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, found, untouched

_ISO = "%Y-%m-%d"
_FEW = 60  # rows below which one bad number would look like a failed export


def many_rows(table: pa.Table) -> np.ndarray:
    """Every row of a file that is not small."""
    return np.full(table.num_rows, table.num_rows >= _FEW)


def _spelt_otherwise(text: str) -> str:
    """An ISO date as people write it."""
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}"


def sent_twice(rng: np.random.Generator, delivery: Delivery) -> Delivery:
    """D09: one stage of a pathway a second time, with another adjustment."""
    ((name, table),) = delivery.tables.items()
    free = np.flatnonzero(untouched(delivery, table) & filled("wait_adj_first_seen")(table))
    if not len(free):
        return delivery
    copy = table.take(pa.array(rng.permutation(free)[:1]))
    copy = replaced(copy, "wait_adj_first_seen", np.array([0]), ["21"])
    longer = pa.concat_tables([table, copy])
    return replace(
        delivery,
        tables={name: longer},
        defects=found(delivery, "D09", np.array([longer.num_rows - 1])),
    )


RULES = {
    "dbth_cwt": [
        Rule("D01", "nhs_number", BAD_NHS_NUMBER, 0.006, both(filled("nhs_number"), many_rows)),
        Rule(
            "D06",
            "decision_to_refer_date",
            edited("decision_to_refer_date", _spelt_otherwise),
            0.003,
            filled("decision_to_refer_date"),
        ),
        Rule("D06", "dtt_date", fixed("2019-02-30", "1900-01-01"), 0.01, filled("dtt_date")),
        Rule("D12", "modality", fixed("01", "18"), 0.03, filled("modality")),
        Rule(
            "D20",
            "crtp_start",
            fixed(None),
            0.02,
            both(equals("treatment_event", "01"), filled("tww_type"), many_rows),
        ),
        Rule(
            "D29",
            "date_first_seen",
            edited("crtp_start", days_later(-9, _ISO)),
            0.003,
            filled("date_first_seen", "crtp_start"),
        ),
        Rule(
            "D29",
            "fdp_end_date",
            edited("crtp_start", days_later(-365, _ISO)),
            0.003,
            filled("fdp_end_date", "crtp_start"),
        ),
    ],
}

HABITS: list[tuple[float, Habit]] = [(0.15, sent_twice)]
