-- Figure A16: test RD curves by objective on the sparse split.
with selection as (
  select o.*, depth_label || variant as column_label, layers as column_order, objective_label as colour_label,
    list_position(['beta', 'kl', 'mi', 'both'], objective) as colour_order
  from chosen_results o join split_roles using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and subset = 'test' and role = 'sparse'
    and objective in ('beta', 'kl', 'mi')
    and likelihood_index = (select min(likelihood_index) from chosen)
    and stopping_index = (select min(stopping_index) from chosen)
)
from rate_distortion(selection)
