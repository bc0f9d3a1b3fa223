-- Test RD curves on the dense, the sparse and the checkerboard split.
with selection as (
  select o.*, depth_label || variant as column_label, layers as column_order, split_label as colour_label,
    list_position(['dense', 'sparse', 'checkerboard'], role) as colour_order
  from ordinary o join split_roles using (set_name, split)
  where family = 'MLP' and subset = 'test' and role in ('dense', 'sparse', 'checkerboard')
)
from rate_distortion(selection)
