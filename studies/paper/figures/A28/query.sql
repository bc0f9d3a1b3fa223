-- Figure A28: RD curves on the other data sets, training and test set, on CV(14k/56k) of MNIST and the tenths of the others
-- (the nearest splits there are). Each data set has its own axes.
with small as (
  select set_name, arg_min(split, abs(ratio - if(set_name = 'mnist', 0.2, 0.1))) as split
  from ordinary where split_kind = 'cv' group by set_name
),
selection as (
  select o.*, set_label || ', ' || split_label as row_label, set_name as frame,
    list_position(['mnist', 'fashion-mnist', '3dshapes'], set_name) as row_order,
    depth_label || variant as column_label, layers as column_order
  from ordinary o join small using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and set_name in ('mnist', 'fashion-mnist', '3dshapes')
)
from rate_distortion(selection)
union all by name
from strip(selection)
