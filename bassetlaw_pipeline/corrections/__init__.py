"""Known errors of partners, put right by rule until the partner has put them right."""
