-- Year 6 children measured, and those of them who are obese, by school year.
{{ obese_children('6') }}
