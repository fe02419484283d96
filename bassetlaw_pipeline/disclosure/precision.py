"""How precisely figures are published: the rules of dbt_project/precision.yml, and what they do to a number.

Source of the need: a rate is a sum of whole-number events times known weights, so its digits give the events
back (docs/disclosure.md, "Published precision").
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bassetlaw_pipeline import yaml_text
from bassetlaw_pipeline.settings import DBT_DIR

PRECISION_FILE = DBT_DIR / "precision.yml"
MACRO_FILE = DBT_DIR / "macros" / "disclosure" / "precision_rules.sql"
FIGURE = "figure"
_NUMBER, _EVENTS = "{{ number }}", "{{ events }}"  # arguments of the generated macro


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Few(_Declared):
    """Below so many events, fewer significant figures."""

    below: float = Field(gt=0)
    significant: int = Field(ge=1)


class Rule(_Declared):
    """Digits of a number: to a multiple of `nearest`, or at most `decimals` and `significant` figures."""

    decimals: int = Field(default=0, ge=0, le=4)
    significant: int | None = Field(default=None, ge=1)
    nearest: int | None = Field(default=None, ge=2)
    few: Few | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> Rule:
        if self.nearest and (self.significant or self.decimals or self.few):
            raise ValueError("nearest goes with nothing else")
        if self.few and not self.significant:
            raise ValueError("few needs significant")
        return self

    def significant_at(self, events: float | None) -> int | None:
        """Significant figures of a number that stands for so many events; None: for those of many."""
        few = self.few is not None and events is not None and events < self.few.below
        return self.few.significant if few else self.significant

    def unit(self, number: float, events: float | None = None) -> float:
        """The step between two numbers that can be told apart here: half of it either way is rounding."""
        if self.nearest:
            return float(self.nearest)
        least = 10.0**-self.decimals
        significant = self.significant_at(events)
        if not significant or number == 0:
            return least
        return max(least, 10.0 ** (math.floor(math.log10(abs(number)) + 1e-12) + 1 - significant))

    def rounded(self, number: float, events: float | None = None) -> float:
        """The number as it may be published; a half is rounded away from zero, as in DuckDB."""
        unit = self.unit(number, events)
        steps = math.copysign(math.floor(abs(number) / unit + 0.5 + 1e-12), number)
        return (round(steps * unit, self.decimals) if unit < 1 else steps * unit) + 0.0

    def sql(self, number: str, events: str = "NULL") -> str:
        """SQL expression of the same; `number` and `events` are scalar expressions."""
        if self.nearest:
            return f"({self.nearest} * round(({number}) / {self.nearest}) + 0.0)"
        many = _sql_of_digits(number, self.decimals, self.significant)
        if not self.few:
            return many
        few = _sql_of_digits(number, self.decimals, self.few.significant)
        return f"(case when ({events}) < {self.few.below:g} then {few} else {many} end)"


def _sql_of_digits(number: str, decimals: int, significant: int | None) -> str:
    """DuckDB rounds to constant digits only: a branch for every number of decimals, then tens ..."""
    if not significant:
        return f"(round(({number}), {decimals}) + 0.0)"
    unit = f"power(10, floor(log10(abs({number})) + 1e-12) + 1 - {significant})"
    branches = " ".join(
        f"when abs({number}) < {10 ** (significant - d)} then round(({number}), {d})"
        for d in range(decimals, -1, -1)
    )
    return f"(case {branches} when ({number}) is not null then round(({number}) / {unit}) * {unit} end + 0.0)"


class Precision(_Declared):
    """The whole declaration. A kind that a method does not name has the rule of `kinds`, or of its figure."""

    rules: Mapping[str, Rule]
    methods: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, str]
    of_indicators: tuple[str, ...]
    columns: Mapping[str, str]

    @model_validator(mode="after")
    def _declared(self) -> Precision:
        named = [r for kinds in self.methods.values() for r in kinds.values()] + list(self.kinds.values())
        named += self.of_indicators
        missing = sorted(set(named) - set(self.rules))
        missing += sorted(m for m, kinds in self.methods.items() if FIGURE not in kinds)
        missing += sorted(
            c for c, name in self.columns.items() if name not in self.rules and name not in self.all_kinds
        )
        if missing:
            raise ValueError(f"{PRECISION_FILE.name}: not declared: {', '.join(missing)}")
        return self

    @property
    def all_kinds(self) -> frozenset[str]:
        """Names of numbers whose rule depends on the indicator's method."""
        return frozenset(self.kinds) | {kind for kinds in self.methods.values() for kind in kinds}

    def rule_name(self, kind: str, method: str, of_figure: str = "") -> str:
        """Rule of a kind of number of an indicator; `of_figure` is what its registry entry names."""
        if of_figure and method != "published" and kind not in self.kinds:
            return of_figure
        declared = self.methods[method]
        return declared.get(kind) or self.kinds.get(kind) or declared[FIGURE]

    def of_column(self, table: str, column: str) -> str | None:
        """Name of the rule or kind of a published column; None when nobody declared one."""
        return self.columns.get(f"{table}.{column}", self.columns.get(column))


@lru_cache(maxsize=1)
def load_precision() -> Precision:
    """The declaration. Raises pydantic's ValidationError naming what is wrong in it."""
    return Precision(**yaml_text.load(PRECISION_FILE.read_text(encoding="utf-8")))


def macros() -> str:
    """Text of the dbt macros that round: generated, so that SQL and Python cannot differ."""
    precision = load_precision()
    rules = "".join(
        f"  {{%- if rule == '{name}' -%}} {rule.sql(_NUMBER, _EVENTS)} {{%- endif %}}\n"
        for name, rule in precision.rules.items()
    )
    kinds = {
        kind: {method: precision.rule_name(kind, method) for method in precision.methods}
        for kind in sorted(precision.all_kinds)
    }
    answers = {
        "precision_of_kinds": kinds,
        "kinds_of_one_rule": sorted(precision.kinds),
        "rules_of_indicators": sorted(precision.of_indicators),
    }
    return (
        "{# Generated by `bassetlaw sync` from dbt_project/precision.yml; do not edit. #}\n"
        f"{{% macro rounded_by(rule, number, events='NULL') -%}}\n{rules}{{%- endmacro %}}\n\n"
        + "\n\n".join(
            f"{{% macro {name}() %}}{{% do return({json.dumps(answer, indent=2)}) %}}{{% endmacro %}}"
            for name, answer in answers.items()
        )
        + "\n"
    )
