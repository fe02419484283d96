"""What the attack on a release means: found in it alone it stops it, with an earlier one the settings say."""

from __future__ import annotations

from types import SimpleNamespace

import dagster as dg
import pytest

from bassetlaw_pipeline.cli.render import release_tables
from bassetlaw_pipeline.disclosure.attacks import outsider, suppressed_counts
from bassetlaw_pipeline.disclosure.attacks.outsider import Recovered
from bassetlaw_pipeline.orchestration.naming import ATTACK
from bassetlaw_pipeline.orchestration.published import _attacked
from bassetlaw_pipeline.orchestration.run import _named
from bassetlaw_pipeline.publication import archive

EARLIER = SimpleNamespace(outcomes="earlier")


@pytest.mark.parametrize(
    ("alone", "with_earlier", "setting", "found"),
    [
        ((), (), "block", ("critical", True)),
        (("a",), ("a",), "warn", ("critical", False)),
        ((), ("a",), "warn", ("warning", False)),
        ((), ("a",), "block", ("critical", False)),
        ((), ("a",), None, ("critical", False)),
    ],
)
def test_only_what_an_earlier_release_adds_may_be_let_through(
    settings, monkeypatch, alone, with_earlier, setting, found
):
    monkeypatch.setattr(archive, "released", lambda home: [EARLIER])
    monkeypatch.setattr(
        suppressed_counts,
        "attack",
        lambda warehouse, earlier=(): suppressed_counts.Found(9, tuple(with_earlier if earlier else alone)),
    )
    monkeypatch.setattr(outsider, "attack", lambda warehouse: [])
    places = SimpleNamespace(
        settings=settings.model_copy(update={"earlier_releases": setting} if setting else {})
    )
    result = _attacked(places)
    assert (result.severity, result.success) == found
    assert ("with an earlier release" in result.description) == (bool(with_earlier) and not alone)


def test_whoever_runs_is_told_what_the_attack_found(capsys):
    """Let out on purpose or stopped: the command names the cell, and says what to read."""
    cell = "could be worked out with an earlier release: rate|E05006382|FY2020-21-Q3|persons|all#numerator"
    check = {"code": ATTACK, "success": False, "description": cell}
    release_tables.attack_warning({"checks": [check, {"code": "other", "success": False}]})
    assert cell in capsys.readouterr().err
    release_tables.attack_warning({"checks": [{"code": ATTACK, "success": True}]})
    assert capsys.readouterr().err == ""
    found = dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey(["outcomes", "fct_indicator_value"]),
        check_name=ATTACK,
        passed=False,
        metadata={"found": dg.MetadataValue.text(cell)},
    )
    assert cell in _named(found) and "docs/disclosure.md" in _named(found)


def test_a_figure_that_gives_its_count_away_always_stops_the_release(settings, monkeypatch):
    monkeypatch.setattr(archive, "released", lambda home: [EARLIER])
    monkeypatch.setattr(
        suppressed_counts, "attack", lambda warehouse, earlier=(): suppressed_counts.Found(9, ())
    )
    monkeypatch.setattr(
        outsider, "attack", lambda warehouse: [Recovered("x|D|2019|persons|all", "standardised rate")]
    )
    places = SimpleNamespace(settings=settings.model_copy(update={"earlier_releases": "warn"}))
    result = _attacked(places)
    assert (result.severity, result.success, result.unexpected) == ("critical", False, 1)
    assert result.description == "given away (standardised rate): x|D|2019|persons|all"
