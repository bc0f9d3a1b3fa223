-- Figure 8: the two parts of the rate against beta on the sparse split, for the training set.
with part as (
  select *, 'Mutual information' as quantity, 0 as quantity_order
  from measured(['mutualInformation', 'mutualInformationBatch'])
  union all
  select *, 'Marginal KL', 1 from measured(['marginalKl', 'marginalKlBatch'])
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
