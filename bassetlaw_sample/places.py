"""Where invented people live: LSOAs, wards, practices and invented postcodes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bassetlaw_pipeline.settings import DBT_DIR

REFERENCE = Path(__file__).parent / "reference"
SEEDS = DBT_DIR / "seeds"
DISTRICT = "E07000171"
COUNTY = "E10000024"

# Nottinghamshire LSOAs outside the district: stand-ins for patients who live elsewhere.
OUTSIDE = ("E01027979", "E01027980")

# Outward codes are real, inward codes use only letters that no real unit has, so that no invented
# person lives at a real address.
_UNIT_LETTERS = "CIKMOV"
_OUTWARD = {
    "Worksop": ("S80", "S81"),
    "Welbeck": ("S80",),
    "Carlton": ("S81",),
    "Langold": ("S81",),
    "Blyth": ("S81",),
    "Harworth": ("DN11",),
    "Misterton": ("DN10",),
    "Everton": ("DN10",),
    "Beckingham": ("DN10",),
    "Tuxford": ("NG22",),
    "East Markham": ("NG22",),
}
_ELSEWHERE = ("DN22",)
_OUTSIDE_OUTWARD = ("NG23",)


@dataclass(frozen=True)
class Places:
    """LSOAs (district first, then outside), their practices and their postcodes.

    lsoas: code, ward_code, ward_name, imd (IMD 2015 score), quintile (1 most deprived), outside,
           growth_2019, growth_2020 (residents relative to mid-2017)
    ages:  one row per district LSOA, 91 columns: residents by single year of age, mid-2017
    practice_share: one row per district LSOA: probability of each practice, the rest is unregistered here
    postcodes: postcode, lsoa (position in `lsoas`), sorted by lsoa
    """

    lsoas: pd.DataFrame
    ages: np.ndarray
    practices: tuple[str, ...]
    practice_share: np.ndarray
    postcodes: pd.DataFrame


def load_places() -> Places:
    """The geography of the sample, from seeds and the reference figures beside this module."""
    ages = pd.read_csv(REFERENCE / "lsoa11_ages_mid2017.csv").sort_values("lsoa11_code", ignore_index=True)
    lsoas = _lsoas(ages)
    inside = lsoas[~lsoas["outside"]]
    share = pd.read_csv(REFERENCE / "ward_practice_share.csv").set_index("ward_code")
    practices = tuple(c for c in share.columns if c != "OUT")
    return Places(
        lsoas=lsoas,
        ages=ages[[str(a) for a in range(91)]].to_numpy(),
        practices=practices,
        practice_share=share.loc[inside["ward_code"], list(practices)].to_numpy(),
        postcodes=_postcodes(lsoas),
    )


def _lsoas(ages: pd.DataFrame) -> pd.DataFrame:
    seed = pd.read_csv(SEEDS / "geography" / "lsoa11.csv").set_index("lsoa11_code").loc[ages["lsoa11_code"]]
    names = pd.read_csv(SEEDS / "geography" / "ward.csv").set_index("ward17_code")["ward_name"]
    totals = residents_by_band().sum(axis=1).unstack("mid_year").loc[ages["lsoa11_code"]]
    inside = pd.DataFrame(
        {
            "code": seed.index,
            "ward_code": seed["ward17_code"].to_numpy(),
            "ward_name": names.loc[seed["ward17_code"]].to_numpy(),
            "imd": seed["imd15_score"].to_numpy(),
            "quintile": seed["imd15_quintile"].to_numpy(),
            "outside": False,
            "growth_2019": (totals[2019] / totals[2017]).to_numpy(),
            "growth_2020": (totals[2020] / totals[2017]).to_numpy(),
        }
    )
    outside = pd.DataFrame({"code": OUTSIDE, "ward_name": "", "imd": 21.8, "quintile": 3, "outside": True})
    return pd.concat([inside, outside], ignore_index=True)


def residents_by_band() -> pd.DataFrame:
    """Residents by LSOA and mid-year (index) and age band (columns age_…), from the warehouse's seed."""
    return pd.read_csv(SEEDS / "population" / "population_estimate.csv").set_index(["area_code", "mid_year"])


def _postcodes(lsoas: pd.DataFrame) -> pd.DataFrame:
    """All invented units, shared out evenly among the LSOAs of each outward code."""
    by_outward: dict[str, list[int]] = {}
    for position, ward, outside in zip(lsoas.index, lsoas["ward_name"], lsoas["outside"], strict=True):
        for outward in _OUTSIDE_OUTWARD if outside else _outward(ward):
            by_outward.setdefault(outward, []).append(position)
    rows = [
        (f"{outward} {unit}", homes[i % len(homes)])
        for outward, homes in by_outward.items()
        for i, unit in enumerate(_units())
    ]
    return pd.DataFrame(rows, columns=["postcode", "lsoa"]).sort_values(
        ["lsoa", "postcode"], ignore_index=True
    )


def _outward(ward: str) -> tuple[str, ...]:
    return next((codes for name, codes in _OUTWARD.items() if ward.startswith(name)), _ELSEWHERE)


def _units() -> list[str]:
    # Sector 5 stays free: a postcode there is well formed and in no look-up.
    return [f"{n}{a}{b}" for n in range(10) if n != 5 for a in _UNIT_LETTERS for b in _UNIT_LETTERS]
