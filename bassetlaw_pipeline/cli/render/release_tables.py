"""What the terminal shows about releases: board diff, waiting releases, proofs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.table import Table

from bassetlaw_pipeline.cli.render.terminal import error, line, print_json, print_table
from bassetlaw_pipeline.publication.pointer import current_file
from bassetlaw_pipeline.settings import DataHome


def board_diff(comparison: Any, version: str, failed: Sequence[Any], *, as_json: bool) -> None:
    """What a release would change, by how much and why; nothing has been released."""
    blocked = sorted({check.code for check in failed})
    if as_json:
        print_json(diff_json(comparison, version) | {"blocked_by": blocked})
        return
    against = f"compared with {comparison.previous_version} ({comparison.previous})"
    line(f"Board diff: release {version}, {against if comparison.previous else 'the first one'}.")
    for reason in comparison.reasons:
        line(f"  {reason.level}: {reason.words}")
    if comparison.previous and comparison.indicators:
        print_table(_by_indicator(comparison))
    if comparison.held:
        line(f"{comparison.held:,} corrections are held: they would count 1 to 7 people.")
    if blocked:
        error(f"It cannot be published: critical checks failed ({', '.join(blocked)}).")
    line("Nothing has been released.")


def attack_warning(manifest: dict[str, Any]) -> None:
    """Say what the attack found in the release people see, where the settings let it out all the same."""
    for check in manifest.get("checks", ()):
        if check["code"] == "disclosure_attack" and not check["success"]:
            error(f"Disclosure: a hidden count {check['description']}.")
            error("It went out because BASSETLAW_EARLIER_RELEASES is warn; see docs/disclosure.md.")


def diff_json(comparison: Any, version: str) -> dict[str, Any]:
    """The board diff for a program, every restated figure included."""
    totals = {"data_version": version, "restated": comparison.causes, "held": comparison.held}
    return totals | asdict(comparison)


def _by_indicator(comparison: Any) -> Table:
    from bassetlaw_pipeline.publication.notes import CAUSE_WORDS, in_words

    table = Table(title="What changes", show_lines=True)
    for name in ("Indicator", "Headline", "Restated", "Why", "Largest change", "New figures"):
        table.add_column(
            name, overflow="fold", justify="right" if name in ("Restated", "New figures") else "left"
        )
    for found in comparison.indicators:
        table.add_row(
            found.title or found.indicator_id,
            in_words(found.headline) if found.headline else "unchanged",
            f"{found.restated:,}",
            ", ".join(f"{CAUSE_WORDS[cause]} ({n:,})" for cause, n in found.causes.items()),
            in_words(found.largest) if found.largest else "-",
            f"{found.new_figures:,}",
        )
    return table


def rehearsed(rehearsal: Any, *, as_json: bool) -> None:
    """What a run would do."""
    if as_json:
        body = diff_json(rehearsal.comparison, rehearsal.data_version) if rehearsal.comparison else None
        print_json({"receipts": rehearsal.receipts, "failures": rehearsal.failures, "board_diff": body})
        return
    for receipt in rehearsal.receipts:
        line(f"  {receipt.partner}/{receipt.file_name}: would be {receipt.verdict.replace('_', ' ')}")
    for failure in rehearsal.failures:
        error(failure)
    if rehearsal.comparison is None:
        line("Nothing is new: a run would change nothing.")
    else:
        board_diff(rehearsal.comparison, rehearsal.data_version, (), as_json=False)


def released(release: Any, home: DataHome, *, as_json: bool) -> None:
    """What was released."""
    if as_json:
        print_json(release)
        return
    made = "created" if release.created else "unchanged"
    line(f"Release {release.release_id} ({release.data_version}): {made}, {release.state}.")
    where(home)


def where(home: DataHome) -> None:
    """Where to look, and what to type next."""
    line()
    line(f"Published file   {current_file(home)}")
    line(f"Report           {home.published / 'report' / 'index.html'}")
    line(f"Parquet and CSV  {home.published / 'parquet'}  {home.published / 'csv'}")
    line(f"Receipts         {home.receipts}")
    line()
    line("Next:  make ui                                  runs, lineage and checks in Dagster")
    line("       .venv/bin/bassetlaw status               what came, what is late")
    line("       .venv/bin/bassetlaw explain ae_four_hour where a number comes from")
    line(f"       duckdb -readonly {current_file(home)} 'from outcomes.scorecard'")


def gate(let_out: Sequence[str], waits: str | None) -> None:
    """Releases a run let out because they were due, and the one it made that has to wait."""
    for release_id in let_out:
        line(f"Release {release_id} was due and is published.")
    if waits:
        line(f"Release {waits} is made and waits; see: bassetlaw status")


def approved(release: Any, out: bool) -> None:
    """What became of an approved release."""
    line(f"Release {release.release_id} ({release.version}) is approved.")
    if out:
        line("It is published.")
    elif release.embargo:
        line(f"It is under embargo until {_hour(release.embargo)}; the next run after that publishes it.")


def _hour(when: datetime) -> str:
    return f"{when:%d %B %Y %H:%M} UTC"


def proof(found: Any, *, as_json: bool) -> None:
    """Whether a past release could be rebuilt."""
    if as_json:
        print_json(asdict(found) | {"holds": found.holds})
        return
    if not found.same_code:
        line("It was made by other code than this; a difference may come from there.")
    if found.missing:
        error(f"It cannot be rebuilt: deliveries are gone: {', '.join(found.missing)}")
    elif found.differing:
        error(f"Rebuilt, and {len(found.differing)} tables differ: {', '.join(found.differing)}")
    else:
        line(f"Release {found.release_id}: all {found.tables} tables rebuilt, every hash is equal.")


def waiting(found: Sequence[Any], blocked: Sequence[str], holders: Sequence[Any]) -> None:
    """Releases that wait, and files of published/ that could not be replaced."""
    for release in found:
        until = f" until {_hour(release.embargo_until)}" if release.state == "under embargo" else ""
        by = f", approved by {', '.join(release.approved_by)}" if release.approved_by else ""
        line(f"Waiting release {release.release_id} ({release.data_version}): {release.state}{until}{by}")
        if release.state == "waits for approval":
            line(f"  -> bassetlaw approve {release.release_id} --by NAME")
    if blocked:
        named = ", ".join(f"{h.command} (process {h.pid})" for h in holders)
        who = named or "a process this system does not name"
        line(f"In use and not replaced yet: {', '.join(blocked)}. In use by: {who}.")
        line("Until then published/current.json names the file of the current release.")


def loaded(found: Any, *, as_json: bool) -> None:
    """What was loaded into another database; `found` says it in sentences."""
    if as_json:
        print_json(found)
        return
    for sentence in found.sentences():
        line(sentence)
