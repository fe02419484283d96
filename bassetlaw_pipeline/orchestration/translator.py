"""How a dbt model or seed appears in Dagster: key, group, owner, kinds, description."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from bassetlaw_pipeline.orchestration.naming import ANALYSTS

_GROUPS = {"marts": "outcomes"}  # folder below models/ -> group; other folders keep their name
_WHAT = {
    "staging": "As-of current view of one extract",
    "intermediate": "Prepared rows",
    "indicators": "Additive counts of one indicator",
    "restricted": "Unsuppressed values; never published",
    "outcomes": "Disclosure-controlled; published",
    "reference": "Reference data with its source and licence",
}


class WarehouseTranslator(DagsterDbtTranslator):
    """dbt nodes as assets: `[schema, name]`, grouped by layer."""

    def __init__(self) -> None:
        super().__init__(
            DagsterDbtTranslatorSettings(
                enable_source_metadata=False, enable_duplicate_source_asset_keys=True
            )
        )

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer, from the folder; an indicator's group is its objective."""
        if dbt_resource_props["resource_type"] == "source":
            return None
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        folders = Path(dbt_resource_props["path"]).parts[:-1]
        layer = folders[0] if folders else "models"
        if layer == "indicators" and len(folders) > 1:
            return folders[1]
        return _GROUPS.get(layer, layer)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's own description, or the grain its SQL states; the SQL itself is a click away."""
        text = dbt_resource_props.get("description") or _leading_comment(dbt_resource_props)
        layer = dbt_resource_props.get("config", {}).get("schema") or ""
        return text or f"{_WHAT.get(layer, 'Model')}: {dbt_resource_props['name']}."

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:
        """Owners stated in the model's meta, or the analysts."""
        return super().get_owners(dbt_resource_props) or [ANALYSTS]

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Column schema and table name from dbt, and the file that makes it, relative to the repository."""
        metadata = {**super().get_metadata(dbt_resource_props)}
        if dbt_resource_props["resource_type"] != "source":
            metadata["code"] = f"dbt_project/{dbt_resource_props['original_file_path']}"
            metadata["materialised as"] = dbt_resource_props["config"].get("materialized", "")
        return metadata

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """dbt's own spec with kinds that say what the node is."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        kind = manifest["nodes"].get(unique_id, {}).get("resource_type")
        return spec.merge_attributes(kinds={"seed"}) if kind == "seed" else spec


def _leading_comment(props: Mapping[str, Any]) -> str:
    """The comment a model starts with, as text."""
    code = props.get("raw_code") or ""
    found = re.match(r"\s*(?:--[^\n]*\n?|\{#.*?#\}\s*)+", code, flags=re.DOTALL)
    if not found:
        return ""
    lines = [re.sub(r"^\s*(--|\{#-?)|-?#\}\s*$", "", line).strip() for line in found[0].splitlines()]
    return " ".join(line for line in lines if line)
