"""What a delivery is to those before it and to the reference lists, and the verdict on it.

Belongs here: findings that need more than one file, and the rule that makes a verdict of findings.
Does not belong here: single rows and cells (cast), suites of Great Expectations (quality).
"""
