"""The practices of the commissioning group as its extracts name them."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from bassetlaw_sample.places import SEEDS


@lru_cache(maxsize=1)
def practice_names() -> dict[str, str]:
    """Name of each practice by ODS code, from the seed of the warehouse."""
    seed = pd.read_csv(SEEDS / "geography" / "gp_practice.csv")
    return dict(zip(seed["practice_code"], seed["practice_name"], strict=True))
