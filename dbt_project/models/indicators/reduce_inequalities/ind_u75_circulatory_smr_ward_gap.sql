-- Deaths under 75, by month of registration. The denominator is the population spine with reference rates.
{{ deaths_under_75('is_circulatory') }}
