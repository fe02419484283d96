"""The indicator registry and what is generated from it."""
