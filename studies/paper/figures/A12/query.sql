-- Figure A12: test ELBO and log marginal likelihood against the size of the training set, at beta = 1.
with wanted_value as (
  select * exclude (estimator, choice), 'ELBO' as quantity, 0 as quantity_order from measured(['elbo'])
  union all
  select * exclude (estimator, choice), 'Log marginal likelihood', 1
  from measured(['logMarginalAnnealed', 'logMarginal', 'logMarginalQ'])
),
selection as (
  select v.* exclude (weight, beta), train_examples as weight,
    kind_label as row_label,
    kind_order as row_order, quantity as column_label, quantity_order as column_order,
    depth_label || variant as colour_label, layers as colour_order, train_examples as x, "value" as y
  from wanted_value v join split_steps using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and subset = 'test' and objective = 'beta' and at_one
)
from curves(selection)
