-- Figure A22: the curves of Figures 3 and 5 in two views, depth within difficulty and difficulty within depth.
with part as (
  select o.*, list_position(['dense', 'sparse', 'checkerboard'], role) as place
  from ordinary o join split_roles using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and subset = 'test' and role in ('dense', 'sparse', 'checkerboard')
),
selection as (
  select *, split_label as column_label, place as column_order, depth_label || variant as colour_label,
    layers as colour_order
  from part
  union all
  select *, depth_label || variant, 100 + layers, split_label, 100 + place
  from part
)
from rate_distortion(selection)
