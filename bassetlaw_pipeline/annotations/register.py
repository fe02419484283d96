"""The annotations: the typed form of expectations/annotations/*.yml and the rules an entry keeps."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.indicators.registry import OBJECTIVES, Indicator
from bassetlaw_pipeline.settings import ANNOTATIONS_DIR, DBT_DIR

Effect = Literal["draw", "rebase", "suspend_verdict", "explains_fall"]
# Effects on every period that is touched, so that an end, or that there is none yet, must be stated.
LASTING: tuple[Effect, ...] = ("suspend_verdict", "explains_fall")
GEOGRAPHY = DBT_DIR / "seeds" / "geography"


class AnnotationError(ValueError):
    """An annotation breaks a rule; the message names the file and the entry."""


class Strict(BaseModel):
    """Immutable, and a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Scope(Strict):
    """Indicators it is about: of these objectives, with these ids, or made of these extracts.

    All of them if nothing is named. `except` takes indicators out again.
    """

    objectives: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    extracts: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = Field(default=(), alias="except")

    def holds(self, indicator: Indicator) -> bool:
        """Whether an indicator is one of them."""
        if indicator.id in self.leaves_out:
            return False
        named = self.objectives or self.indicators or self.extracts
        return not named or (
            indicator.objective in self.objectives
            or indicator.id in self.indicators
            or bool(set(indicator.extracts) & set(self.extracts))
        )


class Annotation(Strict):
    """One thing that happened.

    title      what charts write beside it
    words      ends the sentence "Better or worse cannot be said, because ..."; with suspend_verdict only
    from       first day
    to         last day, or `ongoing`; empty for a moment, such as the day on which coding changed
    applies_to `all`, or a Scope
    areas      area codes; empty for every place
    source     where it is stated
    effects    draw: shown in charts. rebase: control charts start anew. suspend_verdict: nothing is called
               better or worse in a period it touches. explains_fall: fewer events need no other explanation
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")
    title: str = Field(min_length=5, max_length=80)
    words: str = ""
    starts_on: date = Field(alias="from")
    to: date | Literal["ongoing"] | None = None
    applies_to: Scope
    areas: tuple[str, ...] = ()
    source: str = Field(min_length=10)
    effects: tuple[Effect, ...] = Field(min_length=1)

    @field_validator("title", "words", "source")
    @classmethod
    def _one_line(cls, text: str) -> str:
        return " ".join(text.split())

    @field_validator("applies_to", mode="before")
    @classmethod
    def _all(cls, value: Any) -> Any:
        return {} if value == "all" else value

    @model_validator(mode="after")
    def _consistent(self) -> Annotation:
        lasts = set(self.effects) & set(LASTING)
        broken = {
            "`to` lies before `from`": isinstance(self.to, date) and self.to < self.starts_on,
            "with suspend_verdict or explains_fall, state `to`: a day, or `ongoing`": bool(lasts)
            and not self.to,
            "suspend_verdict, and nothing else, has `words`": ("suspend_verdict" in self.effects)
            != bool(self.words),
            "an effect is named twice": len(set(self.effects)) < len(self.effects),
        }
        for rule, is_broken in broken.items():
            if is_broken:
                raise ValueError(rule)
        return self

    @property
    def ends_on(self) -> date | None:
        """Last day; None while it goes on."""
        if self.to == "ongoing":
            return None
        return self.to if isinstance(self.to, date) else self.starts_on


def load_annotations(
    indicators: Mapping[str, Indicator], extracts: Collection[str], folder: Path = ANNOTATIONS_DIR
) -> list[Annotation]:
    """Every entry, ordered by file name and then as written.

    Raises AnnotationError naming file and entry when one is malformed, names an indicator, objective, extract
    or place that is not there, or is about no indicator; and when an id is used twice.
    """
    known = {
        "objectives": set(OBJECTIVES),
        "indicators": set(indicators),
        "extracts": set(extracts),
        "leaves_out": set(indicators),
    }
    found = [a for path in sorted(folder.glob("*.yml")) for a in _read(path, known, indicators)]
    twice = [name for name, n in Counter(a.id for a in found).items() if n > 1]
    if twice:
        raise AnnotationError(f"annotations declared twice: {', '.join(twice)}")
    return found


def _read(
    path: Path, known: Mapping[str, set[str]], indicators: Mapping[str, Indicator]
) -> Iterator[Annotation]:
    try:
        entries = yaml_text.load(path.read_text(encoding="utf-8"))["annotations"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise AnnotationError(f"{path.name}: no list `annotations`: {type(error).__name__}") from error
    for entry in entries or []:
        named = entry.get("id", "an entry without id") if isinstance(entry, dict) else "an entry"
        try:
            annotation = Annotation.model_validate(entry)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))} {e['msg']}".strip() for e in error.errors())
            raise AnnotationError(f"{path.name}: {named}: {wrong}") from None
        problems = list(_problems(annotation, known, indicators))
        if problems:
            raise AnnotationError(f"{path.name}: {named}: {'; '.join(problems)}")
        yield annotation


def _problems(
    annotation: Annotation, known: Mapping[str, set[str]], indicators: Mapping[str, Indicator]
) -> Iterator[str]:
    scope = annotation.applies_to
    for kind, names in known.items():
        for name in sorted(set(getattr(scope, kind)) - names):
            yield f"there is no {'indicator' if kind == 'leaves_out' else kind.removesuffix('s')} {name}"
    for code in sorted(set(annotation.areas) - area_codes()):
        yield f"there is no area {code}"
    if not any(scope.holds(i) for i in indicators.values()):
        yield "it is about no indicator"


def area_codes() -> set[str]:
    """Codes of every place a figure can be of: the geography seeds and the quintiles of deprivation."""
    columns = {"area": "area_code", "ward": "ward17_code", "gp_practice": "practice_code"}
    codes = {f"IMD19_Q{quintile}" for quintile in range(1, 6)}
    for name, column in columns.items():
        with (GEOGRAPHY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            codes |= {row[column] for row in csv.DictReader(file)}
    return codes
