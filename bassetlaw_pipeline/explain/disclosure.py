"""The disclosure rule a value went through, in words."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from bassetlaw_pipeline.settings import DBT_DIR

_DECLARED = re.compile(r"'(\w+)': ({[^}]*}),")


def disclosure_rule(value: Mapping[str, Any]) -> str:
    """What the policy of a row of fct_indicator_value does to a count; never what it did to this one."""
    text = (DBT_DIR / "macros" / "disclosure" / "policies.sql").read_text(encoding="utf-8")
    policies = {name: ast.literal_eval(body) for name, body in _DECLARED.findall(text)}
    name = f"{value['policy']}, rules {value['rule_version']}"
    policy = policies.get(value["policy"])
    if policy is None:
        return f"{name}: every count is hidden"
    hide_to, round_to, lump_to = policy["hide_to"], policy["round_to"], policy.get("lump_to", "NULL")
    parts = [f"counts of 1 to {hide_to} are hidden" if hide_to else "nothing is hidden"]
    parts += [f"counts up to {lump_to} are shown as {round_to}"] if lump_to != "NULL" else []
    parts.append(f"others are rounded to the nearest {round_to}" if round_to > 1 else "nothing is rounded")
    return f"{name}: {', '.join(parts)}"
