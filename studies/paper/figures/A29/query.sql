-- Figure A29: log marginal likelihood against the rate on the other data sets, training and test set, on the split of Figure A28.
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
small as (
  select set_name, arg_min(split, abs(ratio - if(set_name = 'mnist', 0.2, 0.1))) as split
  from pair where split_kind = 'cv' group by set_name
),
selection as (
  select p.*, set_label || ', ' || split_label as row_label, set_name as frame,
    list_position(['mnist', 'fashion-mnist', '3dshapes'], set_name) as row_order,
    depth_label || variant as column_label, layers as column_order
  from pair p join small using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and set_name in ('mnist', 'fashion-mnist', '3dshapes')
)
from curves(selection)
