-- Test RD curves of CV and CD splits by the size of the training set.
with selection as (
  select o.*, kind_label as row_label, kind_order as row_order, depth_label || variant as column_label, layers as column_order,
    size_label as colour_label, size_step as colour_order
  from ordinary o join split_steps using (set_name, split)
  where family = 'MLP' and subset = 'test' and picked
)
from rate_distortion(selection)
