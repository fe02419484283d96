"""Deliveries at rest: their folders, their ledger, what people decided about them, and which one counts.

Belongs here: accepted/, rejected/, receipts and events on disk. Nothing accepted is ever changed or deleted
here: what happens later is an event of its own. Does not belong here: the verdict (validate).
"""
