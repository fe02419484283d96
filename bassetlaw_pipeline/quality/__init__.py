"""Is it good enough: suites run by Great Expectations, and the verdict on a delivery."""
