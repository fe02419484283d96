"""What happened that a reader of the figures must know: the pandemic, changed coding, services that began."""
