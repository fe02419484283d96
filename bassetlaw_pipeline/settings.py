"""Settings and the data home: the one place that knows paths and environment variables."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parents[1]
CONTRACTS_DIR = PROJECT_DIR / "expectations" / "contracts"
TYPES_FILE = PROJECT_DIR / "expectations" / "types.yml"
REFERENCES_FILE = PROJECT_DIR / "expectations" / "references.yml"
REASONS_FILE = PROJECT_DIR / "expectations" / "reasons.yml"
TRIED_FILE = PROJECT_DIR / "expectations" / "tried_on.yml"
MART_SUITES_DIR = PROJECT_DIR / "expectations" / "marts"
CORRECTIONS_DIR = PROJECT_DIR / "expectations" / "corrections"
ANNOTATIONS_DIR = PROJECT_DIR / "expectations" / "annotations"
DBT_DIR = PROJECT_DIR / "dbt_project"
REGISTRY_DIR = DBT_DIR / "indicators"

PARTNERS = (
    "ccg",
    "hospital",
    "mental_health_trust",
    "ambulance",
    "county_council",
    "district_council",
    "bcvs",
    "public",
)


@dataclass(frozen=True)
class DataHome:
    """The folders of one data home. Nothing is created until something is written."""

    root: Path

    @property
    def landing(self) -> Path:
        """Files exactly as partners dropped them, one folder per partner."""
        return self.root / "landing"

    @property
    def accepted(self) -> Path:
        """Immutable accepted deliveries: `<partner>/<extract>/<delivery_id>/`."""
        return self.root / "accepted"

    @property
    def rejected(self) -> Path:
        """Receipts of rejected deliveries, same shape as `accepted`."""
        return self.root / "rejected"

    @property
    def confirmations(self) -> Path:
        """Events: a delivery that was held is right, says a person."""
        return self.root / "confirmations"

    @property
    def withdrawals(self) -> Path:
        """Events: a delivery is withdrawn, or reinstated, says a person."""
        return self.root / "withdrawals"

    @property
    def receipts(self) -> Path:
        """What a partner is told about each file, one folder per partner."""
        return self.root / "receipts"

    @property
    def reference(self) -> Path:
        """Look-ups used while reading, such as postcode to LSOA: restricted, and hidden from the inbox."""
        return self.landing / ".reference"

    @property
    def secrets(self) -> Path:
        """Holds the pseudonym key of the synthetic sample; a real key lies elsewhere."""
        return self.root / "secrets"

    @property
    def warehouse(self) -> Path:
        """The private warehouse file."""
        return self.root / "warehouse" / "bassetlaw.duckdb"

    @property
    def build(self) -> Path:
        """The file dbt writes before it replaces the private warehouse."""
        return self.root / "warehouse" / "build" / "bassetlaw.duckdb"

    @property
    def current_delivery(self) -> Path:
        """Which deliveries counted in the last build."""
        return self.build.parent / "current_delivery.parquet"

    @property
    def published(self) -> Path:
        """Everything people may open."""
        return self.root / "published"

    @property
    def releases(self) -> Path:
        """Every release that was let out, one folder each, for ever."""
        return self.published / "releases"

    @property
    def pending(self) -> Path:
        """Releases that wait for approval or for their embargo to end; not for readers."""
        return self.root / "pending"

    @property
    def outcomes(self) -> Path:
        """The published DuckDB file."""
        return self.published / "outcomes.duckdb"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME."""
        return self.root / "dagster"

    @property
    def private(self) -> tuple[Path, ...]:
        """Folders that hold rows about people, the key, or logs: no other user may open them."""
        warehouse = self.warehouse.parent
        work = self.root / ".incoming"
        return (
            self.landing,
            self.accepted,
            self.rejected,
            warehouse,
            self.dagster,
            self.secrets,
            self.pending,
            work,
        )

    def make_private(self) -> None:
        """Take every right of other users from the private folders that are there. A group keeps its own."""
        for folder in self.private:
            if folder.is_dir() and (mode := folder.stat().st_mode) & 0o007:
                with suppress(PermissionError):  # somebody else's folder: the doctor names it
                    folder.chmod(mode & ~0o007)


class Settings(BaseSettings):
    """Everything that may differ between two installations, read from `BASSETLAW_*` variables."""

    model_config = SettingsConfigDict(env_prefix="BASSETLAW_", extra="ignore")

    home_dir: Path = Field(default=Path("data"), validation_alias="BASSETLAW_HOME")
    environment: Literal["synthetic", "real"] = "synthetic"
    pseudonym_key: SecretStr | None = None
    pseudonym_key_file: Path | None = None
    postcode_lookup: Path | None = None
    # A file in landing is taken once neither its size nor its time has changed for so many seconds.
    settle_seconds: float = Field(default=10, ge=0)
    landing_processes: int = Field(default=2, ge=1)  # extracts that land side by side; 1: in the run itself
    approval: Literal["none", "required"] = "none"
    embargo: datetime | None = None  # UK local time unless it names its zone
    # A count that only somebody who kept an earlier release could work out: stop the release, or only say so.
    earlier_releases: Literal["block", "warn"] = "block"
    disk_floor_gb: float = Field(default=1, ge=0)  # a run that finds less room stops before it begins

    @cached_property
    def home(self) -> DataHome:
        """The data home, as an absolute path."""
        return DataHome(self.home_dir.expanduser().resolve())

    @property
    def key_file(self) -> Path:
        """Where the pseudonym key is read from when the environment does not carry it."""
        return self.pseudonym_key_file or self.home.secrets / "pseudonym.key"

    @property
    def postcode_file(self) -> Path:
        """CSV `postcode,lsoa11_code` used while reading; never published."""
        return self.postcode_lookup or self.home.reference / "postcode_lsoa11.csv"
