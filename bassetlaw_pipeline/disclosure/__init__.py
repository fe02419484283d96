"""Secondary suppression and the attack that tests it, by linear programme over all published totals."""
