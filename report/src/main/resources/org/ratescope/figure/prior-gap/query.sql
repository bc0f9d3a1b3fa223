-- The parts of the generalisation gap against beta: a row of panels for each split and architecture, a column for each
-- prior of the codes.
with placed as (from by_prior('chosen')),
selection as (
  select run, row_label || ', ' || column_label as row_label, row_order * 1000000 + column_order as row_order,
    colour_label as column_label, colour_order as column_order
  from placed
)
from gap_parts('selection')
