-- Grain: attendance. Departures before arrival were emptied at intake, so seconds are never negative.
select
    provider,
    site,
    attendance_key,
    person_key,
    {{ sex_label('sex') }} as sex,
    age,
    lsoa11,
    gp_practice,
    department_type,
    attendance_category,
    arrival_date + arrival_time as arrival_at,
    departure_date + departure_time as departure_at,
    {{ elapsed_seconds('arrival_date + arrival_time', 'departure_date + departure_time') }} as seconds_in_department,
    _delivery_id
from {{ current_rows('dbth_ecds', one_row_per_key=true) }} as attendances
