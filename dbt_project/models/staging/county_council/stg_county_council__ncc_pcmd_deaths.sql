-- Grain: death registration.
select
    registration_key,
    person_key,
    reg_date as registered_on,
    {{ sex_label('sex') }} as sex,
    age,
    underlying_cause,
    lsoa11,
    _delivery_id
from {{ current_rows('ncc_pcmd_deaths') }} as deaths
