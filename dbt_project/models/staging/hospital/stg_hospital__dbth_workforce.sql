-- Grain: organisation, month and staff group.
select
    org,
    staff_group,
    period,
    headcount,
    contracted_fte,
    budgeted_fte,
    vacancy_fte,
    fte_days_available,
    fte_days_sick,
    leavers,
    _delivery_id
from {{ current_rows('dbth_workforce') }} as groups
