-- Figure A20: test RD curves on the other data sets by CV split. Each data set has its own axes.
with selection as (
  select o.*, set_label as row_label, set_name as frame,
    list_position(['mnist', 'fashion-mnist', 'smallnorb', '3dshapes'], set_name) as row_order,
    'CV ' || regexp_replace((ratio * 100)::float::varchar, '\.0$', '') || ' %' as column_label, (ratio * 1e6)::bigint as column_order,
    depth_label || variant as colour_label, layers as colour_order
  from ordinary o
  where family = 'MLP' and layers in (1, 3) and subset = 'test' and split_kind = 'cv' and set_name <> 'tetrominoes'
)
from rate_distortion(selection)
