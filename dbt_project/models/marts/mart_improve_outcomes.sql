-- Grain: indicator × area × period, for the indicators of this objective. See macros/rollup/objective_mart.sql.
{{ objective_mart('improve_outcomes') }}
