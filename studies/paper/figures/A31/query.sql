-- Figure A31: RD curves on the other data sets, training and test set, large and small CV split. Each data set has its own axes.
with size as (
  select set_name, unnest([arg_min(split, abs(ratio - 0.5)), arg_min(split, abs(ratio - 0.1))]) as split,
    unnest(['large CV', 'small CV']) as size
  from ordinary where split_kind = 'cv' group by set_name having count(distinct split) > 1
),
selection as (
  select o.*, size || ', ' || depth_label || variant as row_label, if(size = 'large CV', 0, 10) + layers as row_order,
    set_label as column_label, set_name as frame,
    list_position(['mnist', 'fashion-mnist', 'smallnorb', '3dshapes'], set_name) as column_order
  from ordinary o join size using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and set_name <> 'tetrominoes'
)
from rate_distortion(selection)
