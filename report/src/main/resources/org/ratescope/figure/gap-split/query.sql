-- The generalisation gap, train less test ELBO, and its two parts against beta: a panel for each split, architecture
-- and whatever else the study varies.
with selection as (from panels)
from gap_parts('selection')
