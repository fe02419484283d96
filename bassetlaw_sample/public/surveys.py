"""The small dated tables: Active Lives, smoking by survey, cancer survival, the NHS Staff Survey."""

from __future__ import annotations

from collections.abc import Iterator

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.public import official
from bassetlaw_sample.public.official import NOTE, Figure, Row
from bassetlaw_sample.world import World

ACTIVE_LIVES, SMOKING = "active_lives_la", "aps_smoking_la"
SURVIVAL, STAFF_SURVEY = "cancer_survival_ccg", "nhs_staff_survey"
_RESPONDENTS = {"E92000001": 178_000, "E12000004": 18_400, "E10000024": 3_600}
_DISTRICT_RESPONDENTS = 500


def active_lives(world: World, identity: Identity) -> Iterator[Delivery]:
    """Three measures by area; the year of a file is the one its survey ends in."""
    names = official.area_names(world)
    for year in official.years(world):
        span = f"Nov {year - 1} - Nov {year}"
        rows = [
            {
                "survey_year": span,
                "measure": measure,
                **_area(figure, names),
                **_limits(figure),
                **_base(figure),
            }
            for measure, model in world.calibration["official"]["active_lives"].items()
            for figure in official.figures(world, model, year)
        ]
        yield official.delivery(ACTIVE_LIVES, f"active_lives_la_{year}.csv", year, rows)


def smoking(world: World, identity: Identity) -> Iterator[Delivery]:
    """The same figures as the Fingertips export repeats."""
    names = official.area_names(world)
    model = world.calibration["official"]["fingertips"]["92443"]
    for year in official.years(world):
        rows = [
            {"year": f"{year}", **_area(figure, names), **_limits(figure), **_base(figure)}
            for figure in official.figures(world, model, year)
        ]
        yield official.delivery(SMOKING, f"aps_smoking_la_{year}.csv", year, rows)


def survival(world: World, identity: Identity) -> Iterator[Delivery]:
    """The district's clinical commissioning group and England, by year of diagnosis."""
    names = {"E92000001": "England", "02Q": "NHS Bassetlaw CCG"}
    for year in official.years(world):
        rows = [
            {
                "diagnosis_year": f"{year}",
                **_area(figure, names),
                **_limits(figure),
                "base": None,
                "note": NOTE,
            }
            for figure in official.figures(world, world.calibration["official"]["survival"], year)
        ]
        yield official.delivery(SURVIVAL, f"cancer_survival_ccg_{year}.csv", year, rows)


def staff_survey(world: World, identity: Identity) -> Iterator[Delivery]:
    """Staff engagement of the trusts that work in the place, and the average of England."""
    model = world.calibration["official"]["staff_survey"]
    for year in official.years(world):
        rows = [
            {"survey_year": f"{year}", "org_code": figure.area, "org_name": model["names"][figure.area],
             "theme": "Staff engagement", **_limits(figure, 2),
             "base": f"{model['respondents'][figure.area]}", "note": NOTE}
            for figure in official.figures(world, model, year)
        ]  # fmt: skip
        yield official.delivery(STAFF_SURVEY, f"nhs_staff_survey_{year}.csv", year, rows)


def _area(figure: Figure, names: dict[str, str]) -> Row:
    return {"area_code": figure.area, "area_name": names[figure.area]}


def _limits(figure: Figure, places: int = 1) -> Row:
    return {
        "value": official.rounded(figure.value, places),
        "ci95_lower": official.rounded(figure.lower, places),
        "ci95_upper": official.rounded(figure.upper, places),
    }


def _base(figure: Figure) -> Row:
    return {"base": f"{_RESPONDENTS.get(figure.area, _DISTRICT_RESPONDENTS)}", "note": NOTE}
