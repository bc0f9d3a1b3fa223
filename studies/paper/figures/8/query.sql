-- Figure 8: the two parts of the rate against beta on the sparse split, for the training set: the paper's
-- estimates, from batches of 512, and the exact ones.
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
  select p.*, quantity as frame, quantity || ', ' || split_label as column_label, quantity_order as column_order,
    depth_label || variant as colour_label, layers as colour_order, weight as x, "value" as y
  from part p join split_roles using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and subset = 'train' and role = 'sparse' and objective = 'beta' and weight > 0
)
, mutual as (from selection where quantity_order = 0)
from curves(selection)
union all by name
from ceilings(mutual)
