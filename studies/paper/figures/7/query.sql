-- Figure 7: test RD curves on the other data sets, one small CV split each: that of Figure A28, CV(14k/56k) of MNIST and
-- the tenths of the others (the nearest splits there are). Each data set has its own axes.
with small as (
  select set_name, arg_min(split, abs(ratio - if(set_name = 'mnist', 0.2, 0.1))) as split
  from ordinary where split_kind = 'cv' group by set_name
),
selection as (
  select o.*, set_label || ', ' || split_label as column_label, set_name as frame,
    list_position(['fashion-mnist', 'smallnorb', 'mnist', '3dshapes'], set_name) as column_order,
    depth_label || variant as colour_label, layers as colour_order
  from ordinary o join small using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and subset = 'test' and set_name <> 'tetrominoes'
)
from rate_distortion(selection)
