"""How an outsider recovers counts from derived figures, each way a module of pure functions.

Belongs here: arithmetic an outsider can do on published numbers, and how many answers are left; reading a
release for it (outsider.py, suppressed_counts.py, evidence.py). Does not belong here: sums of counts
(disclosure/intruder.py), choosing what to hide (disclosure/protect.py).

A published number is an interval, as wide as its precision (`precision.py`). An attack looks for whole
numbers that explain the published ones. It stops as soon as there are enough different answers: then
nothing is given away.
"""
