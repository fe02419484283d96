"""Place-level outcomes warehouse of the Bassetlaw Integrated Care Partnership."""
