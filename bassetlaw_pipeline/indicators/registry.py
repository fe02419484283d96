"""The indicator registry: what every indicator means and how its counts become figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.disclosure.precision import load_precision
from bassetlaw_pipeline.settings import REGISTRY_DIR

Objective = Literal["reduce_inequalities", "improve_outcomes", "sustainable_services", "support_independence"]
AreaType = Literal[
    "district", "pcn", "ward", "imd_quintile", "practice", "site", "provider", "county", "region", "country"
]
PeriodType = Literal[
    "month",
    "quarter",
    "financial_year",
    "calendar_year",
    "school_year",
    "rolling_12m",
    "pooled_3y",
    "pooled_5y",
]
Method = Literal[
    "proportion",
    "crude_rate",
    "dsr",
    "smr",
    "growth",
    "count",
    "ratio",
    "total",
    "life_expectancy",
    "published",
]
Policy = Literal["hes2018", "deaths", "ncmp", "screening", "mh5", "staff", "survey", "open"]

_WORD = re.compile(r"[a-z0-9]+")
_AGE_GROUP = re.compile(r"(?P<lower>\d+)(?:-(?P<upper>\d+)|\+)")

_DEATHS_OR_MENTAL_HEALTH = re.compile(
    r"\b(deaths?|died|mortality|suicides?|life expectancy|mental health|talking therap\w+|self-harm)\b"
)

OBJECTIVES: tuple[str, ...] = get_args(Objective)


class RegistryError(ValueError):
    """A registry file breaks a rule; the message names the file and the entry."""


class Strict(BaseModel):
    """Immutable, and a misspelt key is an error rather than a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Baseline(Strict):
    """Where the place stood, as a plan or report states it."""

    value: float
    period: str
    source: str


class Target(Strict):
    """A declared target; `due` is empty for a standing one."""

    value: float
    source: str
    due: date | None = None


class Population(Strict):
    """The population spine that serves as denominator when the SQL returns none.

    person_days   population x days of the period
    person_years  population x years of the period
    persons       population at the middle of the period
    Areas use their residents; a PCN always uses the list of its practices. Ages are inclusive.
    """

    basis: Literal["person_days", "person_years", "persons"]
    min_age: int = Field(default=0, ge=0)
    max_age: int | None = None


class Wait(Strict):
    """A length of time: whole months, then days."""

    months: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)

    def __bool__(self) -> bool:
        return bool(self.months or self.days)

    def __str__(self) -> str:
        parts = [f"{n} {unit[: None if n > 1 else -1]}" for unit, n in self if n]
        return " and ".join(parts)


class Arrivals(Strict):
    """The part of an extract's rows that an indicator counts, where it comes later or sooner than the rest.

    part  its name
    rows  SQL condition on accepted rows of the first extract that is counted
    """

    part: str = Field(pattern=r"^[a-z0-9][a-z0-9 ]+$")
    rows: str


class Priced(Strict):
    """A total of money that is made of figures as they are shown: those of a base year less those of now.

    base    the financial year, as its period begins: FY2016-17
    counts  indicator -> the item of unit_price.csv that one of its events costs
    sums    indicators that are money themselves
    """

    base: str = Field(pattern=r"^FY\d{4}-\d{2}$")
    counts: dict[str, str]
    sums: tuple[str, ...] = ()


class Disclosure(Strict):
    """Policy of the governance table; `gate` is applied to every figure not already published officially.

    `open_because` says why an open gate gives nobody away, and `open_source` where the same figure of the
    same place and grain stands for everybody to read; an open gate needs both.
    `institution_wards: restricted` keeps wards with a prison or a secure hospital back: of deaths and mental
    health.
    `restricted_areas` are calculated but stay with the partners; only a gap between them is published.
    `denominator` says what a ratio divides by: people, or occasions such as the days on which somebody
    counted, which are nobody's and neither hidden nor rounded.
    `sensitive` says that even nobody or everybody of a small group is told of no one: suicide, self-harm,
    abortion, sexual health, HIV, drugs and alcohol, learning disability, domestic abuse, detention, prison.
    """

    policy: Policy
    gate: Policy = "hes2018"
    official_areas: tuple[AreaType, ...] = ()
    restricted_areas: tuple[AreaType, ...] = ()
    denominator: Literal["people", "occasions"] = "people"
    sensitive: bool = False
    open_because: str = ""
    open_source: str = ""
    institution_wards: Literal["published", "restricted"] = "published"


class OfficialSeries(Strict):
    """A published series that measures the same as the indicator.

    extract  contract of the publication
    series   indicator number, measure or theme as the publication names it; "all" when it holds one series
    sex, age  as published; an empty age is any
    years    what a year such as 2017/18 means in it: a financial, a school or a survey year (Nov to Nov)
    named, not_named  words, in small letters, that the publication's own name of a numbered series must have
             and must not have: a wrong number is found out by its name, and none of its values is taken
    """

    extract: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    series: str = "all"
    sex: Literal["persons", "male", "female"] = "persons"
    age: str = ""
    years: Literal["financial", "school", "survey"] = "financial"
    named: tuple[str, ...] = ()
    not_named: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _numbers_are_named(self) -> OfficialSeries:
        if self.series.isdecimal() and not self.named:
            raise ValueError(f"series {self.series} of {self.extract} needs the words of its name (named)")
        if not all(map(_WORD.fullmatch, self.named + self.not_named)):
            raise ValueError(f"series {self.series} of {self.extract}: a word is small letters or digits")
        return self

    def fits(self, name: str) -> bool:
        """Is this the name that the publication gives the series? Words count, their order does not."""
        words = set(_WORD.findall(name.lower()))
        return words.issuperset(self.named) and words.isdisjoint(self.not_named)


class Indicator(Strict):
    """One indicator. `areas` and `periods` are those for which a row is expected.

    sexes          persons, female, male; the first is the one that the scorecard and charts show
    age_groups     18-64, 65-84, 85+: persons of these ages beside those of all ages
    display_order  place among the indicators of its objective, unique there
    value_title    name of a place's figure where `title` names something else: the gap between wards
    short_unit     unit as it stands behind a figure, without what the title says already; empty: the unit
    caution        one sentence that goes wherever the figure is told: what it does not show
    independent_events  whether one person counts once; where not, no difference is tested (days of delay)
    aggregation    months into periods: their sum; the last month with data (snapshots); or people, each
                   once in a period, so that its model counts every kind of period by itself
    supply         what tells that a month was supplied: deliveries of every extract counted; or counts,
                   for figures stated by later files or worked out where all their parts are known
    reference_extracts  sources that hold until the next one comes: practice lists, populations, look-ups. A
                   month does not wait for them
    snapshot_extracts  sources of which a snapshot tells the two months before it, too
    follow_up      time after the event until its outcome can be known: until then there is no figure
    lag            time that must be covered by files after the month (and the follow-up) until all of its
                   events have come: until then the figure is shown as incomplete
    ends           last day of a series that is no longer made: no figure is expected or shown after it
    arrivals       the rows whose past arrivals tell how complete a month is likely to be; empty for all rows
    companion_of   the indicator this one adds a second measure to; empty for an indicator of its own
    part_of        the indicator that counts every event of this one, and others: disclosure control knows
                   that the one is never more than the other
    precision      the rule of dbt_project/precision.yml for its figures where its method's does not fit:
                   money
    official_series  published figures of the same measure, the first one first; with the method `published`
                   they are the indicator
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    display_order: int
    companion_of: str = ""
    part_of: str = ""
    objective: Objective
    objective_title: str
    title: str
    value_title: str = ""
    workstream: str = ""
    plan_wording: str
    plan_source: str
    definition: str
    numerator_definition: str
    denominator_definition: str
    unit: str
    short_unit: str = ""
    caution: str = ""
    multiplier: float = 100
    method: Method
    direction: Literal["up", "down"]
    official_code: str = ""
    time_grain: Literal["month", "quarter", "financial_year", "calendar_year", "school_year"]
    source_extracts: tuple[str, ...] = ()
    official_series: tuple[OfficialSeries, ...] = ()
    owner: str
    baseline: Baseline | None = None
    target: Target | None = None
    areas: tuple[AreaType, ...] = Field(min_length=1)
    periods: tuple[PeriodType, ...] = Field(min_length=1)
    headline_period: PeriodType
    sexes: tuple[Literal["persons", "female", "male"], ...] = ("persons",)
    age_groups: tuple[str, ...] = ()
    headline: Literal["value", "ward_gap"] = "value"
    aggregation: Literal["sum", "last", "people"] = "sum"
    supply: Literal["deliveries", "counts"] = "deliveries"
    reference_extracts: tuple[str, ...] = ()
    snapshot_extracts: tuple[str, ...] = ()
    follow_up: Wait = Wait()
    lag: Wait = Wait()
    independent_events: bool = True
    arrivals: Arrivals | None = None
    priced: Priced | None = None
    pooled_years: Literal["financial", "calendar", "school"] = "calendar"
    population: Population | None = None
    standard: str = ""
    disclosure: Disclosure
    comparator_area: str = ""
    provisional_months: int = Field(default=1, ge=0)
    starts: date
    ends: date | None = None
    parameters: dict[str, float] = Field(default_factory=dict)
    precision: str = ""
    notes: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        for problem, broken in self._rules().items():
            if broken:
                raise ValueError(f"{self.id}: {problem}")
        return self

    @property
    def title_of_value(self) -> str:
        """What the figure of one place is called; the scorecard's may be a gap between places."""
        return self.value_title or self.title

    @property
    def youngest(self) -> int:
        """The lowest age that is counted: a band it cuts holds nobody younger."""
        counted = self.parameters.get("minimum_age", 0)
        return int(max(counted, self.population.min_age if self.population else 0))

    @property
    def _about_deaths_or_mental_health(self) -> bool:
        """By its words or extracts: counted from death records, or by a mental health service."""
        words = f"{self.title} {self.definition} {self.numerator_definition}".lower()
        return bool(_DEATHS_OR_MENTAL_HEALTH.search(words)) or bool(
            {"ncc_pcmd_deaths", "nhft_iapt", "nhft_mh_contacts"} & set(self.source_extracts)
        )

    @property
    def official_extracts(self) -> tuple[str, ...]:
        """Publications that nothing is counted in: their series are taken as given."""
        named = dict.fromkeys(s.extract for s in self.official_series)
        return tuple(e for e in named if e not in self.source_extracts)

    @property
    def counted_extracts(self) -> tuple[str, ...]:
        """Partners' extracts that carry events or outcomes, the events first; not those that are held."""
        return tuple(
            e
            for e in self.source_extracts
            if e not in self.reference_extracts and not e.startswith(("nhse_", "ons_"))
        )

    @property
    def extracts(self) -> tuple[str, ...]:
        """Every extract it is made of: those that are counted first, then publications."""
        return self.source_extracts + self.official_extracts

    def _rules(self) -> dict[str, bool]:
        """Rules that hold between the fields of one entry: wording -> is it broken?"""
        standardised, areas = self.method in ("dsr", "smr", "life_expectancy"), set(self.areas)
        return {
            "headline_period must be one of periods": self.headline_period not in self.periods
            and not self.official_series,
            "the method published, and nothing else, has official series and no other extract": (
                self.method == "published"
            )
            != bool(self.official_series and not self.source_extracts),
            "an indicator needs an extract": not self.extracts,
            "an official series is named twice": bool(self.official_series)
            and _repeats(self.official_series),
            "dsr, smr and life_expectancy need a population": standardised and self.population is None,
            "an smr, and nothing else, names its standard": (self.method == "smr") != bool(self.standard),
            "a headline ward_gap, and nothing else, has a value_title: a place's figure is no gap": (
                self.headline == "ward_gap"
            )
            != bool(self.value_title),
            "headline ward_gap needs the area type ward": self.headline == "ward_gap" and "ward" not in areas,
            "official_areas must be among areas": not set(self.disclosure.official_areas) <= areas,
            "only a ratio may be of occasions": self.disclosure.denominator != "people"
            and self.method != "ratio",
            "a sensitive figure is of a group: a proportion, a crude_rate or a dsr": self.disclosure.sensitive
            and self.method not in ("proportion", "crude_rate", "dsr"),
            "a sensitive figure passes a gate that hides small counts": self.disclosure.sensitive
            and self.disclosure.gate in ("open", "screening"),
            "ends lies after starts": self.ends is not None and self.ends <= self.starts,
            "a rate of events says a year in its unit: its periods are person-years": not all(
                _says_its_time(unit, self.method, self.aggregation, self.population)
                for unit in (self.unit, self.short_unit or self.unit)
            ),
            "a rate by persons has periods of one length: longer ones hold more events": (
                self.method == "crude_rate"
                and self.population is not None
                and self.population.basis == "persons"
                and len(self.periods) > 1
            ),
            "an open gate says open_because and open_source, no other gate does": (
                self.disclosure.gate == "open"
            )
            != bool(self.disclosure.open_because and self.disclosure.open_source)
            or bool(self.disclosure.open_because) != bool(self.disclosure.open_source),
            "deaths and mental health by ward keep wards with an institution back: institution_wards": (
                "ward" in areas and self._about_deaths_or_mental_health
            )
            != (self.disclosure.institution_wards == "restricted"),
            "restricted_areas must be among areas": not set(self.disclosure.restricted_areas) <= areas,
            "an smr is of persons: so are its reference rates": self.method == "smr"
            and self.sexes != ("persons",),
            "age_groups are of persons, by a proportion, a crude_rate or a count": bool(self.age_groups)
            and not (self.method in ("proportion", "crude_rate", "count") and "persons" in self.sexes),
            "age_groups rise, do not overlap, and begin and end where five-year bands do": not _fit_bands(
                self.age_groups, self.youngest
            ),
            "reference_extracts and snapshot_extracts are among source_extracts, none in both": not (
                set(self.reference_extracts) <= set(self.source_extracts) - set(self.snapshot_extracts)
                and set(self.snapshot_extracts) <= set(self.source_extracts)
            ),
            "only events wait for a follow_up or a lag, not snapshots": bool(self.follow_up or self.lag)
            and (self.aggregation == "last" or self.method == "published"),
            "precision must be a rule that indicators may name, of a ratio or a total": bool(self.precision)
            and not (self.method in ("ratio", "total") and self.precision in load_precision().of_indicators),
            "an area, period type or sex is named twice": any(
                map(_repeats, (self.areas, self.periods, self.sexes))
            ),
        }


def _says_its_time(unit: str, method: Method, aggregation: str, population: Population | None) -> bool:
    """Is a rate of events over a period told for a stated time, so that equal units mean equal time?

    `person_years` and rates that bring their own denominator are for a year, `person_days` for a day. A
    snapshot, and people at one time among `persons`, take no time.
    """
    if method not in ("crude_rate", "dsr") or aggregation == "last":
        return True
    basis = population.basis if population else "person_years"
    return {"person_years": " a year", "person_days": " a day", "persons": ""}[basis] in unit


def _fit_bands(groups: tuple[str, ...], youngest: int) -> bool:
    """Are they whole five-year bands (90+ is the last), save that the first may begin at the youngest age?"""
    previous = -1
    for group in groups:
        found = _AGE_GROUP.fullmatch(group)
        if not found:
            return False
        lower, upper = int(found["lower"]), int(found["upper"] or 999)
        starts, ends = lower % 5 == 0 or lower == youngest, upper == 999 or upper % 5 == 4
        if not (starts and ends and previous < lower <= 90 and (lower < upper < 90 or upper == 999)):
            return False
        previous = upper
    return True


def _repeats(names: tuple[Hashable, ...]) -> bool:
    return max(Counter(names).values()) > 1


@lru_cache(maxsize=4)
def load_registry(folder: Path = REGISTRY_DIR) -> dict[str, Indicator]:
    """All indicators by id, in the order of objectives and, within one, of `display_order`.

    Raises RegistryError naming the file when one is missing or malformed, and when an id, a place in the
    order or an official series is taken twice, a companion has no indicator to go with, or an indicator
    cannot be a part of the one it names.
    """
    indicators = [i for objective in OBJECTIVES for i in _load_objective(folder / objective)]
    _refuse_repeats("declared twice", [i.id for i in indicators])
    _refuse_repeats("display_order taken twice", [f"{i.objective} {i.display_order}" for i in indicators])
    series = [
        f"{s.extract} {s.series} {s.sex} {s.age}".strip() for i in indicators for s in i.official_series
    ]
    _refuse_repeats("official series of two indicators", series)
    known = {indicator.id: indicator for indicator in indicators}
    alone = [i.id for i in indicators if i.companion_of and i.companion_of not in known]
    if alone:
        raise RegistryError(f"companion of an indicator that is not there: {', '.join(alone)}")
    _refuse_loose_parts(known)
    return known


def _refuse_loose_parts(known: dict[str, Indicator]) -> None:
    """A part is counted like its whole, at least here and there for the same people and time."""
    for part in (i for i in known.values() if i.part_of):
        whole = known.get(part.part_of)
        if whole is None:
            raise RegistryError(f"part of an indicator that is not there: {part.id}")
        if whole.part_of or whole is part:
            raise RegistryError(f"part of an indicator that is a part itself: {part.id}")
        common = [
            set(getattr(part, name)) & set(getattr(whole, name)) for name in ("areas", "periods", "sexes")
        ]
        alike = part.aggregation == whole.aggregation and "published" not in (part.method, whole.method)
        if not (alike and all(common)):
            raise RegistryError(f"not counted like the indicator it is part of: {part.id}")


@lru_cache(maxsize=4)
def load_statements(folder: Path = REGISTRY_DIR) -> dict[str, str]:
    """The plan's indicators of success, verbatim, and the objective each stands under."""
    files = {objective: folder / objective / "_objective.yml" for objective in OBJECTIVES}
    return {" ".join(s.split()): objective for objective, f in files.items() for s in _read(f, "statements")}


def _refuse_repeats(problem: str, names: list[str]) -> None:
    repeated = [name for name, n in Counter(names).items() if n > 1]
    if repeated:
        raise RegistryError(f"{problem}: {', '.join(repeated)}")


def _load_objective(folder: Path) -> list[Indicator]:
    title = _read(folder / "_objective.yml", "title")
    common = {"objective": folder.name, "objective_title": title}
    files = sorted(p for p in folder.glob("*.yml") if not p.name.startswith("_"))
    return sorted((i for f in files for i in _load_file(f, common)), key=lambda i: i.display_order)


def _load_file(path: Path, common: dict[str, Any]) -> list[Indicator]:
    entries = _read(path, "indicators")
    try:
        return [Indicator(**common, **_tidy(entry)) for entry in entries]
    except (TypeError, AttributeError, ValidationError) as error:
        raise RegistryError(f"{_place(path)}: {error}") from error


def _read(path: Path, key: str) -> Any:
    try:
        return yaml_text.load(path.read_text(encoding="utf-8"))[key]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise RegistryError(f"{_place(path)}: {error}") from error


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _tidy(entry: dict[str, Any]) -> dict[str, Any]:
    """Folded YAML text ends in a newline; figures and texts should not."""
    return {key: value.strip() if isinstance(value, str) else value for key, value in entry.items()}
