-- Grain: partner × month × extract. Event rows about people, and those with a valid NHS number.
-- The extracts of events, the partner that sends each, and the day an event counts on. An extract that agrees to send
-- no NHS number has no person to look at. A row without a day belongs to no month and is left out.
{% set extracts = [
    ('stg_hospital__dbth_ecds', 'RP5', 'arrival_at', true),
    ('stg_hospital__dbth_apc', 'RP5', 'admission_date', true),
    ('stg_hospital__dbth_cwt', 'RP5', 'coalesce(treatment_start, date_first_seen)', true),
    ('stg_hospital__dbth_discharge_sitrep', 'RP5', 'list_date', true),
    ('stg_mental_health_trust__nhft_community', 'RHA', 'coalesce(contact_date, referral_date)', true),
    ('stg_mental_health_trust__nhft_iapt', 'RHA', 'referral_date', true),
    ('stg_mental_health_trust__nhft_mh_contacts', 'RHA', 'coalesce(contact_date, referral_date)', true),
    ('stg_ambulance__emas_handover', 'RX9', 'coalesce(arrived_at_hospital, call_connect)', true),
    ('stg_county_council__ncc_asc_cld', '511', 'coalesce(event_end_date, reporting_period_end)', true),
    ('stg_county_council__ncc_pcmd_deaths', '511', 'registered_on', true),
    ('stg_county_council__ncc_ncmp', '511', 'school_year_start', true),
    ('stg_bcvs__bcvs_social_prescribing', 'BCVS', 'referral_date', true),
    ('stg_district_council__bdc_housing_hclic', '37UC', 'assessment_date', false),
] %}
{% for model, partner, happened_on, has_person in extracts %}
select
    '{{ partner }}' as partner,
    '{{ model.split("__")[1] }}' as extract,
    cast(date_trunc('month', {{ happened_on }}) as date) as month_start,
    count(*) as event_rows,
    {{ 'count(person_key)' if has_person else 'cast(0 as bigint)' }} as linked_rows
from {{ ref(model) }}
where {{ happened_on }} is not null
group by all
{{ 'union all' if not loop.last }}
{% endfor %}
