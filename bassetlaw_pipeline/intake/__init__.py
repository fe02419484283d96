"""A dropped file becomes accepted rows or a reasoned rejection: read, cast, validate, decide, store.

Belongs here: everything between the landing folder and accepted/. land.py is the sequence; each step has a
package: discover (which files are there, and whose), read (bytes to text tables), cast (text to typed,
pseudonymised rows), validate (what a delivery is to those before it, and the verdict), store (folders,
ledger, and which delivery counts). Does not belong here: what an extract promises (contracts), suites of
Great Expectations (quality), and anything that knows dbt or Dagster.
"""
