-- Figure A26: test RD curves of CV and CD splits of all sizes.
with selection as (
  select o.*, size_label as row_label, size_step as row_order,
    kind_label as column_label,
    kind_order as column_order, depth_label || variant as colour_label, layers as colour_order
  from ordinary o join split_steps using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and subset = 'test'
)
from rate_distortion(selection)
