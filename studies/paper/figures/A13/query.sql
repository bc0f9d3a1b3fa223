-- Figure A13: log marginal likelihood against the rate, training and test set, on four splits.
with best as (from measured(['logMarginalAnnealed', 'logMarginal', 'logMarginalQ'])),
estimate as (
  select *, if(estimator = 'logMarginalAnnealed', 'annealed', if(estimator = 'logMarginal', 'from the mixture', 'from q'))
    as dash_label, 0 as dash_order
  from best
  union all
  select *, 'from q', 1 from measured(['logMarginalQ'])
  where (select any_value(estimator) from best) <> 'logMarginalQ'
),
pair as (
  select m.*, o.rate as x, m."value" as y
  from estimate m
    join (select run, subset, rate from ordinary) o on o.run = m.run and o.subset = m.subset
),
selection as (
  select p.*, split_label as row_label, list_position(['dense', 'sparse', 'checkerboard', 'cd'], role) as row_order,
    depth_label || variant as column_label, layers as column_order
  from pair p join split_roles using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and role in ('dense', 'sparse', 'checkerboard', 'cd')
)
from curves(selection)
