"""What the terminal shows: tables and bars on a terminal, plain lines in a pipe, JSON for programs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bassetlaw_pipeline.publication.fingerprint import published_manifest
from bassetlaw_pipeline.settings import DataHome, Settings

# A pipe has no width of its own: wide enough that no column is cut.
_out = Console(highlight=False) if Console().is_terminal else Console(highlight=False, width=180)
_err = Console(stderr=True, highlight=False)
_NOTHING_NEW = "Nothing is new: every file in landing is known and the last release is up to date."
_HOW_TO_START = "Try `bassetlaw sample`, or put files into a partner's folder of "
_MOST_NAMED = 20  # files that a line lists
VERDICT_WORDS = {
    "accepted": "accepted",
    "accepted_with_warnings": "accepted, with warnings",
    "rejected": "REJECTED",
}


def error(message: str) -> None:
    """One plain line on standard error."""
    _err.print(message, style="bold red", markup=False, soft_wrap=True)


def line(message: str = "") -> None:
    """One plain line."""
    _out.print(message, markup=False, soft_wrap=True)


def is_narrow() -> bool:
    """True on a terminal that a table has to fit; a pipe is as wide as it needs to be."""
    return _out.is_terminal


def print_table(table: Table) -> None:
    """One table."""
    _out.print(table)


def print_json(body: Any) -> None:
    """Print a body of models, dataclasses and dates as JSON."""
    print(json.dumps(body, default=_plain, indent=2, ensure_ascii=False))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Path):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on a terminal; in a pipe one line at the start and one at the end."""
    if not _out.is_terminal:
        line(f"{title} ...")
        yield lambda done, total, label: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_out, transient=True) as bar:
        task = bar.add_task(title)

        def advance(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{title}: {label}")

        yield advance


@contextmanager
def pipeline_progress(quiet: bool) -> Iterator[Callable[[str, str, int, int], None]]:
    """Stages of a run: bars on a terminal, one line per stage and label in a pipe, nothing for JSON."""
    if quiet:
        yield _waiting_only
    elif not _out.is_terminal:
        yield _plain_stages()
    else:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=_out, transient=True) as bar:
            tasks: dict[str, Any] = {}

            def report(stage: str, label: str, done: int, total: int) -> None:
                key = f"{stage} {label}"
                if stage == "waiting":
                    _waiting_only(stage, label, done, total)
                    return
                if key not in tasks:
                    tasks[key] = bar.add_task(key, total=total or None)
                bar.update(tasks[key], completed=done, total=total or None)

            yield report


def _waiting_only(stage: str, label: str, done: int, total: int) -> None:
    """Whoever waits is told why, on standard error, where it disturbs no program."""
    if stage == "waiting":
        _err.print(f"{stage} {label}", markup=False, soft_wrap=True)


def _plain_stages() -> Callable[[str, str, int, int], None]:
    seen: set[tuple[str, str]] = set()

    def report(stage: str, label: str, done: int, total: int) -> None:
        _waiting_only(stage, label, done, total)
        if stage != "waiting" and (stage, label) not in seen:
            seen.add((stage, label))
            line(f"{stage} {label}" + (f" ({total})" if total > 1 else ""))

    return report


def sample_written(landing: Path, settings: Settings) -> None:
    """Say what was written and that nobody in it exists."""
    files = [p for p in landing.rglob("[!.]*") if p.is_file() and p.parent.name != ".reference"]
    size = sum(p.stat().st_size for p in files) / 1e6
    line(f"Synthetic sample: {len(files)} files, {size:,.0f} MB in {landing}")
    line("Every person in it is invented (NHS numbers 999...). It says nothing about anybody.")


def receipts(found: Sequence[Any], *, as_json: bool) -> None:
    """Receipts in words, one after the other."""
    if as_json:
        print_json(list(found))
        return
    from bassetlaw_pipeline.intake.reasons import load_reasons
    from bassetlaw_pipeline.intake.receipt import render_text

    reasons = load_reasons()
    for receipt in found:
        line(render_text(receipt, reasons))


def pipeline_result(result: Any, home: DataHome, *, as_json: bool, first_time: bool) -> None:
    """What a run did, the scorecard, and what to type next."""
    from bassetlaw_pipeline.cli.render import release_tables

    if as_json:
        print_json(result)
        return
    _deliveries(result.receipts)
    for failure in result.failures:
        error(failure)
    for name in result.writing:
        line(f"  still being written, left for the next run: {name}")
    if not (result.receipts or result.published or result.waiting or result.let_out or result.writing):
        line(_NOTHING_NEW if result.release_id else f"Nothing has landed yet. {_HOW_TO_START}{home.landing}")
    release_tables.gate(result.let_out, result.waiting)
    if result.published:
        line(f"Published release {result.release_id}.")
        release_tables.attack_warning(published_manifest(home))
    if result.published or first_time:
        _scorecard(home)
        release_tables.where(home)


def _deliveries(found: Sequence[Any]) -> None:
    counts: dict[str, Counter] = defaultdict(Counter)
    for receipt in found:
        counts[f"{receipt.partner}/{receipt.extract or 'not recognised'}"][receipt.verdict] += 1
    for extract, verdicts in sorted(counts.items()):
        words = ", ".join(f"{n} {VERDICT_WORDS[v]}" for v, n in sorted(verdicts.items()))
        line(f"  {extract}: {words}")
    for receipt in found:
        if receipt.verdict == "rejected":
            codes = ", ".join(_grounds(receipt))
            name = f"{receipt.partner}/{receipt.file_name}"
            line(f"  rejected: {name} ({codes}) -> bassetlaw receipt {receipt.delivery_id}")
        elif any(f.code == "REPLACEMENT_HELD" for f in receipt.findings):
            name = f"{receipt.partner}/{receipt.file_name}"
            line(f"  held: {name} (far fewer rows than before) -> bassetlaw receipt {receipt.delivery_id}")


def _grounds(receipt: Any) -> list[str]:
    """Codes that turned a file away, from its findings and its critical checks."""
    from bassetlaw_pipeline.intake.reasons import load_reasons, outcome_of

    reasons = load_reasons()
    found = {f.code for f in receipt.findings if outcome_of(f, reasons) == "reject"}
    failed = {c.code for c in receipt.checks if not c.success and c.severity == "critical"}
    return sorted(found | failed)


def examined(checks: Sequence[Any], *, as_json: bool) -> None:
    """A line a check; below what is not right, how to mend it."""
    if as_json:
        print_json(list(checks))
        return
    for check in checks:
        line(f"{check.state:<8} {check.name}: {check.found}")
        if check.mend:
            line(f"         {check.mend}")


def _scorecard(home: DataHome) -> None:
    from bassetlaw_pipeline.cli.render import published
    from bassetlaw_pipeline.publication.pointer import reading
    from bassetlaw_pipeline.publication.published_file import scorecard_rows

    if file := reading(home):
        published.scorecard(scorecard_rows(file))


def status(
    rows: Sequence[Any],
    found: Sequence[Any],
    when: Any,
    manifest: dict,
    releases: Any,
    falls: Sequence[Any],
    *,
    held: Sequence[Any],
    unread: Sequence[str],
    at_work: Any,
    as_json: bool,
) -> None:
    """Expected and received by extract, then periods, deliveries and falls that need attention."""
    from bassetlaw_pipeline.cli.render import release_tables

    if as_json:
        release = {name: manifest.get(name) for name in ("release_id", "data_version")}
        waits = [{"delivery_id": h.receipt.delivery_id, "table": h.table, "held": h.words} for h in held]
        withdrawn = [r.withdrawn for r in found if r.withdrawn]
        again = [r.again.model_dump() | {"delivery_id": r.delivery_id} for r in found if r.again]
        judged = {"as_of": when.at, "judged_by": when.words, "nothing_expected_after": when.last}
        body = {**judged, **release, "releases": releases, "held": waits, "unread": list(unread)}
        body["at_work"] = str(at_work) if at_work else None
        body |= {"withdrawn": withdrawn, "landed_again": again}
        print_json(body | {"periods": list(rows), "falls": list(falls)})
        return
    version = f" ({manifest['data_version']})" if "data_version" in manifest else ""
    line(f"As of {when.at:%d %B %Y %H:%M} UTC: {when.words}.")
    line(f"Release: {manifest.get('release_id', 'none yet')}{version}")
    release_tables.waiting(releases.waiting, releases.blocked, releases.holders)
    release_tables.attack_warning(manifest)
    if at_work:
        line(f"At work now: {at_work}")
    table = Table(expand=False)
    for name in ("Partner", "Extract", "Expected", "Received", "Late", "Rejected", "Missing"):
        table.add_column(name, justify="left" if name in ("Partner", "Extract") else "right")
    by_extract: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        by_extract[row.partner, row.extract].append(row)
    for (partner, extract), periods in by_extract.items():
        states = Counter(p.state for p in periods)
        received = states["received"] + states["received late"]
        rejected = sum(p.rejected for p in periods)
        table.add_row(
            partner,
            extract,
            str(len(periods)),
            str(received),
            str(states["received late"]),
            str(rejected),
            str(states["late"] + states["rejected"]),
        )
    _out.print(table)
    _attention(by_extract, {r.extract for r in found})
    _unread(unread)
    _held(held)
    _events(found)
    if falls:
        line("Far fewer events than usual, and no delivery explains it:")
    for fall in falls:
        line(f"  {fall}")
    unknown = sorted({r.file_name for r in found if r.extract is None})
    if unknown:
        line(f"Files nobody has a contract for: {', '.join(unknown)}")


def _attention(by_extract: dict[tuple[str, str], list[Any]], sent: set[str | None]) -> None:
    never = [
        f"{p}/{e}"
        for (p, e), periods in by_extract.items()
        if e not in sent and not any(x.deliveries or x.rejected for x in periods)
    ]
    if never:
        line(f"Nothing received yet: {', '.join(never)}")
    for (partner, extract), periods in by_extract.items():
        if f"{partner}/{extract}" in never:
            continue
        for state, words in (("late", "missing and overdue"), ("rejected", "only a rejected file")):
            spans = list(_spans([p.state == state for p in periods]))
            if spans:
                text = ", ".join(_span(periods[first].period, periods[last].period) for first, last in spans)
                line(f"{partner}/{extract}: {words}: {text}")


def _unread(names: Sequence[str]) -> None:
    """Files that lie in landing and have no receipt."""
    if names:
        shown = ", ".join(names[:_MOST_NAMED]) + (
            f" and {len(names) - _MOST_NAMED} more" * (len(names) > _MOST_NAMED)
        )
        line(f"Not read yet, `bassetlaw run` reads them: {shown}")


def _held(held: Sequence[Any]) -> None:
    """Deliveries that wait for a person."""
    for one in held:
        where = f"{one.receipt.partner}/{one.receipt.extract}"
        line(f"{where}: {one.receipt.file_name} is held, the rows before it are used: {one.words}")
        line(f"  if it is right: bassetlaw confirm {one.receipt.delivery_id} --reason ...")


def _events(found: Sequence[Any]) -> None:
    """Deliveries that are withdrawn, and those that were landed again."""
    for one in found:
        where = f"{one.partner}/{one.extract or 'not recognised'}: {one.file_name}"
        if one.withdrawn:
            event = one.withdrawn
            line(f"{where} is withdrawn since {event.at:%d %B %Y}, by {event.by}: {event.reason}")
            line(f"  to use it again: bassetlaw withdraw {one.delivery_id} --undo --reason ...")
        elif one.again and not one.replaced:
            since = f"{one.again.at:%d %B %Y} with contract version {one.contract_version}"
            line(f"{where} was landed again on {since} -> bassetlaw receipt {one.delivery_id}")


def landed_again(result: Any, choice: Any, *, as_json: bool) -> None:
    """What became of files that were landed again, and of those that could not be."""
    if as_json:
        gone = [{"delivery_id": r.delivery_id, "file_name": r.file_name} for r in choice.gone]
        left = [{"delivery_id": r.delivery_id, "why": why} for r, why in choice.refused]
        print_json({"receipts": result.receipts, "gone": gone, "left": left, "failures": result.failures})
        return
    for receipt in result.receipts:
        _landed_again(receipt)
    for receipt in choice.gone:
        name = f"{receipt.partner}/{receipt.file_name} ({receipt.delivery_id})"
        error(f"{name} is no longer in landing as it was: put it back, or ask the partner for it.")
    for receipt, why in choice.refused:
        line(f"  {receipt.partner}/{receipt.file_name} ({receipt.delivery_id}) is left as it is: {why}.")
    for failure in result.failures:
        error(failure)
    if result.receipts:
        line(f"{len(result.receipts)} file(s) landed again. Next: bassetlaw run")
    elif not (choice.gone or choice.refused or result.failures):
        line("Nothing to land again: no contract has changed since it rejected a file or set rows aside.")


def _landed_again(receipt: Any) -> None:
    rows = sum(table.accepted for table in receipt.tables.values())
    now = "REJECTED" if receipt.verdict == "rejected" else f"{rows:,} rows accepted"
    before = receipt.again
    was = "rejected" if before.verdict_before == "rejected" else f"{before.accepted_before:,} rows accepted"
    name = f"{receipt.partner}/{receipt.file_name}"
    line(f"  {name}: {now}, before: {was} -> bassetlaw receipt {receipt.delivery_id}")


def _spans(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last index of every unbroken run of true values."""
    start = None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            yield start, i - 1
            start = None


def _span(first: date, last: date) -> str:
    return f"{first:%Y-%m}" if first == last else f"{first:%Y-%m} to {last:%Y-%m}"


def synced(changed: Sequence[Path], check_only: bool) -> None:
    """Files that were, or would be, rewritten."""
    verb = "would change" if check_only else "written"
    for path in changed:
        line(f"{verb}: {path}")
    line("Everything generated is current." if not changed else f"{len(changed)} file(s) {verb}.")
