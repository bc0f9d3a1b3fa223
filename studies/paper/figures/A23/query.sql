-- Figure A23: test RD curves of the Bernoulli and the Gaussian likelihood on the sparse split.
with selection as (
  select o.*, likelihood_label || ', ' || split_label as column_label, likelihood_index as column_order,
    likelihood as frame, depth_label || variant as colour_label, layers as colour_order
  from chosen_results o join split_roles using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and subset = 'test' and role = 'sparse' and objective = 'beta'
    and stopping_index = (select min(stopping_index) from chosen)
)
from rate_distortion(selection)
