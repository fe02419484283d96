"""When runs start by themselves: new files, a release that is due, and once a month.

What is unread and unreleased the ledger and the releases say, at every look: a run that was killed is asked
for again. All of them are on by default: they act only while the daemon runs, which is what `make ui` starts,
and switching one off in the UI is remembered in the data home.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

from bassetlaw_pipeline.intake.model import Arrival, Receipt
from bassetlaw_pipeline.locks import who_runs
from bassetlaw_pipeline.orchestration.instance import INPUTS_TAG, recover_abandoned_runs
from bassetlaw_pipeline.orchestration.jobs import BUILD, BUILDING, LANDING, AssetJob
from bassetlaw_pipeline.orchestration.landing import UNRECOGNISED, Contracts
from bassetlaw_pipeline.orchestration.partitions import TIMEZONE
from bassetlaw_pipeline.planning import deliveries_key, release_due, unreleased
from bassetlaw_pipeline.settings import Settings

SETTLED = 30  # seconds without a change before a file is taken by itself, if the setting asks for no longer
TRIES = 3  # runs for the same files, or for a build that was killed
LONGEST_WAIT = 3600  # seconds a build waits at most for files that do not end
_BUSY = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]


def landing_sensor(settings: Settings, contracts: Contracts, job: AssetJob) -> dg.SensorDefinition:
    """Ask for one landing run of every extract with new files, once they have stopped changing."""

    @dg.sensor(
        name="landing_sensor",
        job=job,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"New files in landing/ are taken once they have not changed for {SETTLED} seconds.",
    )
    def sense(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        recover_abandoned_runs(context.instance)
        if _busy(context.instance, LANDING):
            return dg.SkipReason("files are landing")
        listing = _listing(settings, contracts)
        if context.cursor == listing:
            return dg.SkipReason("nothing new in landing/")
        unread, writing = _unread(settings, contracts)
        if not unread:
            cursor = None if writing else listing  # the same files need no second look
            why = f"{len(writing)} file(s) still being written" if writing else "nothing new in landing/"
            return dg.SensorResult(cursor=cursor or "", skip_reason=why)
        inputs = _key(unread, contracts)
        if not _may_try(context.instance, inputs):
            return dg.SkipReason(f"{len(unread)} file(s) could not be landed; see the last run of `land`")
        return dg.SensorResult(run_requests=[_request(context.instance, inputs, unread)], cursor="")

    return sense


def _listing(settings: Settings, contracts: Contracts) -> str:
    """Hash of what lies in landing, what the ledger holds and what the contracts say."""
    from bassetlaw_pipeline.intake.discover.inbox import file_stat, list_inbox
    from bassetlaw_pipeline.intake.store.ledger import contract_sha256

    home, digest = settings.home, hashlib.sha256()
    for path in list_inbox(home):
        digest.update(f"{path}\0{file_stat(path)}\0".encode(errors="surrogateescape"))
    for root in (home.accepted, home.rejected):
        digest.update(f"{sum(1 for _ in root.glob('*/*/*'))}\0".encode())
    for contract in contracts.values():
        digest.update(contract_sha256(contract).encode())
    return digest.hexdigest()


def _unread(settings: Settings, contracts: Contracts) -> tuple[list[Arrival], list[Arrival]]:
    """Files the ledger does not know: those that have settled, and those that have not."""
    from bassetlaw_pipeline.intake.discover.inbox import new_files
    from bassetlaw_pipeline.intake.store.ledger import Ledger

    settle = max(settings.settle_seconds, SETTLED) if settings.settle_seconds else 0
    found = new_files(settings.home, contracts, Ledger(settings.home).knows, settle)
    return found.complete, found.writing


def _key(arrivals: Sequence[Arrival], contracts: Contracts) -> str:
    """The same for the same files under the same contracts."""
    versions = {a.contract.id: contracts[a.contract.id].version for a in arrivals if a.contract}
    content = sorted(f"{a.partner}/{a.sha256}" for a in arrivals)
    return hashlib.sha256(f"{sorted(versions.items())}{content}".encode()).hexdigest()[:24]


def _request(instance: dg.DagsterInstance, inputs: str, arrivals: Iterable[Arrival]) -> dg.RunRequest:
    """A run of the extracts of these files; the attempt is part of the key, so that it can be tried again."""
    keys = {dg.AssetKey(a.contract.asset_key) if a.contract else UNRECOGNISED for a in arrivals}
    return dg.RunRequest(
        run_key=f"{inputs}:{len(_tries(instance, inputs)) + 1}",
        asset_selection=sorted(keys),
        tags={INPUTS_TAG: inputs},
    )


def _busy(instance: dg.DagsterInstance, tags: dict[str, str]) -> bool:
    return instance.get_runs_count(RunsFilter(tags=tags, statuses=_BUSY)) > 0


def _tries(instance: dg.DagsterInstance, inputs: str) -> Sequence[dg.DagsterRun]:
    return instance.get_runs(RunsFilter(tags={INPUTS_TAG: inputs}))


def _may_try(instance: dg.DagsterInstance, inputs: str) -> bool:
    """False when somebody cancelled a run for the same inputs, or several did not help."""
    runs = _tries(instance, inputs)
    return len(runs) < TRIES and all(run.status != DagsterRunStatus.CANCELED for run in runs)


def _failed_by_itself(instance: dg.DagsterInstance, inputs: str) -> bool:
    """True when a run for the same inputs was not killed but failed in a step: it would again."""
    return any(instance.get_run_stats(run.run_id).steps_failed for run in _tries(instance, inputs))


def release_sensor(settings: Settings, contracts: Contracts, job: AssetJob) -> dg.SensorDefinition:
    """Build and publish once landing is quiet and deliveries are there that no release has."""

    @dg.sensor(
        name="release_sensor",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Builds and publishes when landing is quiet and there are deliveries in no release. "
        "What only the code would change is released by hand.",
    )
    def sense(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        from bassetlaw_pipeline.intake.store.ledger import Ledger
        from bassetlaw_pipeline.publication.approval import publish_due

        recover_abandoned_runs(context.instance)
        publish_due(settings.home)  # an embargo that has ended needs no run
        receipts = Ledger(settings.home).receipts()
        busy = _at_work(settings, context.instance)
        if busy or not unreleased(settings.home, receipts):
            return dg.SkipReason(busy or _up_to_date(settings, receipts))
        inputs = deliveries_key(receipts)
        if not _may_try(context.instance, inputs) or _failed_by_itself(context.instance, inputs):
            return dg.SkipReason(f"tried already; start {job.name} by hand to try again")
        since = float(context.cursor or time.time())
        if time.time() - since < LONGEST_WAIT and (files := _still_to_come(settings, contracts, context)):
            return dg.SensorResult(skip_reason=f"{files} file(s) are still to land", cursor=str(since))
        request = dg.RunRequest(
            run_key=f"{inputs}:{len(_tries(context.instance, inputs)) + 1}", tags={INPUTS_TAG: inputs}
        )
        return dg.SensorResult(run_requests=[request], cursor="")

    return sense


def _at_work(settings: Settings, instance: dg.DagsterInstance) -> str | None:
    """Who works on the data home, in words; None when nobody does."""
    if _busy(instance, LANDING):
        return "files are landing"
    if holder := who_runs(settings.home):
        return f"{holder} is at work"
    return "a build is under way" if _busy(instance, BUILDING) else None


def _up_to_date(settings: Settings, receipts: Sequence[Receipt]) -> str:
    if not receipts:
        return "nothing has landed yet"
    if release_due(settings, receipts, None):
        return f"no new deliveries; only the code or the time differ: the job {BUILD} releases that"
    return "the last release is up to date"


def _still_to_come(settings: Settings, contracts: Contracts, context: dg.SensorEvaluationContext) -> int:
    """Files about to land or being written: ten that come together are one release."""
    unread, writing = _unread(settings, contracts)
    tried = unread and not _may_try(context.instance, _key(unread, contracts))
    return len(writing) + (0 if tried else len(unread))


def monthly_schedule(job: AssetJob) -> dg.ScheduleDefinition:
    """Land everything once a month: most partners deliver by the sixth working day."""
    return dg.ScheduleDefinition(
        name="monthly_refresh",
        job=job,
        cron_schedule="0 6 8 * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="On the 8th of every month at 06:00, Europe/London: whatever has not landed by then.",
    )
