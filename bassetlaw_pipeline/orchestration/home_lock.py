"""The lock of a data home for runs of the daemon: held from the build to the end of the run."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import dagster as dg

from bassetlaw_pipeline import locks
from bassetlaw_pipeline.settings import DataHome, Settings

HOME_LOCK = "home_lock"


@dataclass
class RunLock:
    """The lock of one data home, as a run takes it."""

    home: DataHome
    _own: bool = field(default=False, init=False)

    def take(self, context: dg.AssetExecutionContext) -> None:
        """Be the only run that builds or publishes, until this run ends; says whom it waits for."""
        what = f"Dagster run {context.run_id[:8]} of {context.job_name}"
        taken = locks.start_running(self.home, what, lambda holder: context.log.info(f"waiting for {holder}"))
        self._own = self._own or taken

    def free(self) -> None:
        """Free it, unless the process had it before the run."""
        if self._own:
            locks.stop_running(self.home)


def home_lock(settings: Settings) -> dg.ResourceDefinition:
    """The resource that builds and publications take; Dagster ends it with the run."""

    @dg.resource(description="One build or publication of a data home at a time.")
    def lock(context: dg.InitResourceContext) -> Iterator[RunLock]:
        taken = RunLock(settings.home)
        try:
            yield taken
        finally:
            taken.free()

    return lock
