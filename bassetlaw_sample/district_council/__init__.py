"""Extracts of the district council."""

from bassetlaw_sample.district_council import (
    food,
    food_defects,
    housing,
    housing_defects,
    leisure,
    leisure_defects,
)
from bassetlaw_sample.source import Source, monthly, quarterly

SOURCES = {
    leisure.EXTRACT: Source(
        leisure.deliveries,
        15,
        monthly,
        rules=leisure_defects.RULES,
        repeated=leisure_defects.REPEATED,
        habits=leisure_defects.HABITS,
    ),
    food.EXTRACT: Source(
        food.deliveries,
        3,
        monthly,
        rules=food_defects.RULES,
        habits=food_defects.HABITS,
        spoilt=food_defects.spoilt,
    ),
    food.AWARDS: Source(
        food.award_deliveries,
        0.5,
        monthly,
        rules=food_defects.AWARD_RULES,
        habits=food_defects.AWARD_HABITS,
    ),
    housing.EXTRACT: Source(
        housing.deliveries,
        0.5,
        quarterly,
        rules=housing_defects.RULES,
        habits=housing_defects.HABITS,
    ),
}
