-- The dense and the sparse split, a shallow and a deep MLP, training and test set.
with selection as (
  select o.*, split_label as row_label, if(role = 'dense', 0, 1) as row_order,
    depth_label || variant as column_label, layers as column_order
  from ordinary o join split_roles using (set_name, split)
  where family = 'MLP' and role in ('dense', 'sparse')
)
from rate_distortion(selection)
union all by name
from strip(selection)
