-- Grain: ward. The target communities: wards with an LSOA in the most deprived deciles of England.
select distinct ward17_code
from {{ ref('lsoa11') }}
where imd19_decile <= {{ indicator_parameter('healthy_options_takeaways', 'maximum_decile') }}
