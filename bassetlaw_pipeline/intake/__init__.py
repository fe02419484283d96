"""A dropped file becomes accepted rows or a reasoned refusal: read, conform, pseudonymise, land."""
