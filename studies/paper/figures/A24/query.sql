-- Figure A24: the two parts of the rate against beta, for MLPs and CNNs, dense and sparse, training and test set: the
-- paper's estimates, from batches of 512, and the exact ones.
with part as (
  select *, 'Mutual information' as quantity, 0 as quantity_order, 'exact' as dash_label, 0 as dash_order
  from measured(['mutualInformation'])
  union all
  select *, 'Mutual information', 0, 'from batches of 512', 1 from measured(['mutualInformationBatch'])
  union all
  select *, 'Marginal KL', 1, 'exact', 0 from measured(['marginalKl'])
  union all
  select *, 'Marginal KL', 1, 'from batches of 512', 1 from measured(['marginalKlBatch'])
),
selection as (
  select p.*, if(subset = 'train', '(a) Training: ', '(b) Test: ') || if(quantity_order = 0, 'I(x; z)', 'marginal KL') as row_label,
    if(subset = 'train', 0, 10) + quantity_order as row_order, family || ', ' || split_label as column_label,
    if(family = 'MLP', 0, 10) + if(role = 'dense', 0, 1) as column_order, depth_label || variant as colour_label,
    layers as colour_order, quantity as frame, weight as x, "value" as y
  from part p join split_roles using (set_name, split)
  where layers in (1, 3) and role in ('dense', 'sparse') and objective = 'beta' and weight > 0
)
, mutual as (from selection where quantity_order = 0)
from curves(selection)
union all by name
from ceilings(mutual)
