-- Figure A17: test RD curves with and without early stopping.
with selection as (
  select o.*, split_label as row_label, if(role = 'default', 0, 1) as row_order,
    family as column_label, if(family = 'MLP', 0, 1) as column_order, depth_label || variant as colour_label,
    layers as colour_order, stopping_label as dash_label, stopping_index as dash_order
  from chosen_results o join split_roles using (set_name, split)
  where layers in (1, 3) and subset = 'test' and role in ('default', 'sparse') and objective = 'beta'
    and likelihood_index = (select min(likelihood_index) from chosen)
)
from rate_distortion(selection)
