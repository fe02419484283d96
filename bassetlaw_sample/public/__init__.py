"""National publications."""

from bassetlaw_sample.public import (
    ae,
    ae_defects,
    children,
    deaths,
    dtoc,
    fingertips,
    official,
    official_defects,
    population,
    surveys,
)
from bassetlaw_sample.source import Deliveries, Source, monthly
from bassetlaw_sample.world import World


def _yearly(world: World) -> int:
    return len(official.years(world))


def _official(extract: str, deliveries: Deliveries) -> Source:
    return Source(
        deliveries,
        0.1,
        _yearly,
        rules=official_defects.RULES.get(extract, {}),
        repeated=official_defects.REPEATED.get(extract, {}),
        habits=official_defects.HABITS.get(extract, ()),
    )


SOURCES = {
    ae.EXTRACT: Source(ae.deliveries, 1, monthly, spoilt=ae_defects.spoilt),
    dtoc.EXTRACT: Source(dtoc.deliveries, 1, monthly),
    population.EXTRACT: Source(population.deliveries, 0.1, lambda world: 6),
    fingertips.EXTRACT: _official(fingertips.EXTRACT, fingertips.deliveries),
    children.EXTRACT: _official(children.EXTRACT, children.deliveries),
    surveys.ACTIVE_LIVES: _official(surveys.ACTIVE_LIVES, surveys.active_lives),
    surveys.SMOKING: _official(surveys.SMOKING, surveys.smoking),
    surveys.SURVIVAL: _official(surveys.SURVIVAL, surveys.survival),
    deaths.DEATHS: _official(deaths.DEATHS, deaths.deaths),
    surveys.STAFF_SURVEY: _official(surveys.STAFF_SURVEY, surveys.staff_survey),
}
