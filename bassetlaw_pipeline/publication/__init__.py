"""Everything that leaves the warehouse: releases, their files and the report."""
