-- Figure 6: test RD curves of MLPs and CNNs on the sparse split.
with selection as (
  select o.*, family || ', ' || split_label as column_label, if(family = 'MLP', 0, 1) as column_order,
    depth_label || variant as colour_label, layers as colour_order
  from ordinary o join split_roles using (set_name, split)
  where layers in (1, 3) and subset = 'test' and role = 'sparse'
)
from rate_distortion(selection)
