"""When runs start by themselves: new files, a release that is due, and once a month.

Belongs here: sensors and the schedule. Does not belong here: what the runs do.

All of them are on by default: they act only while the daemon runs, which is what `make ui` starts, and
switching one off in the UI is remembered in the data home.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

from bassetlaw_pipeline.intake.model import Arrival
from bassetlaw_pipeline.orchestration.jobs import LANDING, AssetJob, landing_job_name
from bassetlaw_pipeline.orchestration.landing import Desk
from bassetlaw_pipeline.orchestration.partitions import TIMEZONE
from bassetlaw_pipeline.orchestration.watching import Stamp, Watch
from bassetlaw_pipeline.pipeline import release_due
from bassetlaw_pipeline.publication.fingerprint import inputs_fingerprint
from bassetlaw_pipeline.settings import DataHome

FILES_PER_TICK = 60
INPUTS_TAG = "bassetlaw/inputs"
_BUSY = [DagsterRunStatus.QUEUED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED]


def landing_sensor(desk: Desk, jobs: Sequence[AssetJob | dg.JobDefinition]) -> dg.SensorDefinition:
    """Ask for a landing run once a new file has stopped changing, one run per extract."""

    @dg.sensor(
        name="landing_sensor",
        jobs=list(jobs),
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="A new file in landing/ is taken once its size and time stayed the same for two looks.",
    )
    def sense(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        watch = Watch(context.cursor)
        ready = watch.observe(listing(desk.settings.home), FILES_PER_TICK)
        requests = list(_requests(desk, ready, context.instance))
        for path in ready:
            watch.take(path)
        skipped = None if requests else "nothing new has settled in landing/"
        return dg.SensorResult(run_requests=requests, cursor=watch.cursor, skip_reason=skipped)

    return sense


def listing(home: DataHome) -> dict[str, Stamp]:
    """Files partners have dropped, with size and time; one that vanishes meanwhile is left out."""
    from bassetlaw_pipeline.intake.inbox import look, waiting

    root = home.landing.resolve()
    looks = {path.relative_to(root).as_posix(): look(path) for path in waiting(home)}
    return {name: (seen.size, seen.modified_ns) for name, seen in looks.items() if seen}


def _requests(desk: Desk, ready: Sequence[str], instance: dg.DagsterInstance) -> Iterator[dg.RunRequest]:
    """One request per extract; files whose content is known already need none."""
    if not ready:
        return
    new: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in desk.new():
        if desk.name(arrival) in ready:
            new[arrival.contract.id if arrival.contract else "unrecognised"].append(arrival)
    for extract, arrivals in new.items():
        yield _request(desk, extract, arrivals, instance)


def _request(
    desk: Desk, extract: str, arrivals: Sequence[Arrival], instance: dg.DagsterInstance
) -> dg.RunRequest:
    """A run for these files; the attempt is part of the key, so that the same content can be run again."""
    contract = desk.contracts.get(extract)
    content = hashlib.sha256("".join(sorted(a.sha256 for a in arrivals)).encode()).hexdigest()[:16]
    inputs = f"{extract}:{contract.version if contract else ''}:{content}"
    attempt = instance.get_runs_count(RunsFilter(tags={INPUTS_TAG: inputs})) + 1
    files = [desk.name(arrival) for arrival in arrivals]
    config = {"ops": {extract: {"config": {"files": files}}}} if contract else {}
    return dg.RunRequest(
        run_key=f"{inputs}:{attempt}",
        job_name=landing_job_name(extract),
        run_config=config,
        tags={INPUTS_TAG: inputs},
    )


def release_sensor(desk: Desk, job: AssetJob) -> dg.SensorDefinition:
    """Build and publish once landing is quiet and the last release is not what the inputs give."""

    @dg.sensor(
        name="release_sensor",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Builds and publishes when landing is quiet and the last release is out of date.",
    )
    def sense(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        from bassetlaw_pipeline.intake.ledger import Ledger
        from bassetlaw_pipeline.publication.approval import settle

        if context.instance.get_runs_count(RunsFilter(tags=LANDING, statuses=_BUSY)):
            return dg.SkipReason("files are landing")
        settle(desk.settings.home)  # an embargo that has ended needs no run
        receipts = Ledger(desk.settings.home).receipts()
        reason = release_due(desk.settings, receipts, None)
        if not receipts or reason is None:
            return dg.SkipReason("the last release is up to date" if receipts else "nothing has landed yet")
        inputs = inputs_fingerprint(receipts, None)[:24]
        if context.cursor == inputs:
            return dg.SkipReason("tried already; start build_warehouse by hand to try again")
        context.update_cursor(inputs)
        attempt = context.instance.get_runs_count(RunsFilter(tags={INPUTS_TAG: inputs})) + 1
        return dg.RunRequest(run_key=f"{inputs}:{attempt}", tags={INPUTS_TAG: inputs})

    return sense


def monthly_schedule(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Everything once a month: most partners deliver by the sixth working day."""
    return dg.ScheduleDefinition(
        name="monthly_refresh",
        job=job,
        cron_schedule="0 6 8 * *",
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="On the 8th of every month at 06:00, Europe/London.",
    )
