-- Grain: one row per annotation: what the register states, and what befell a place (area_change), which is drawn in the
-- charts of that place and starts them anew where it is not comparable afterwards.
with declared as (select * from {{ ref('annotation') }}),

place as (select * from {{ ref('area_change') }})

select
    annotation_id, title, words,
    starts_on::date as starts_on,
    ends_on::date as ends_on,
    string_split(objectives::varchar, '|') as objectives,
    string_split(indicators::varchar, '|') as indicators,
    string_split(extracts::varchar, '|') as extracts,
    coalesce(string_split(leaves_out::varchar, '|'), []) as leaves_out,
    string_split(areas::varchar, '|') as areas,
    source, draw, rebase, suspend_verdict, explains_fall
from declared
union all
select
    'place_' || lower(area_code) || '_' || strftime(changed_on, '%Y_%m'), note, null, changed_on, changed_on,
    null, null, null, [], [area_code], 'Register of places', true, not is_comparable, false, false
from place
