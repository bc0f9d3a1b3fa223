-- Test RD curves by the share of the images that are training images.
with selection as (
  select o.*, 'CV ' || regexp_replace((ratio * 100)::float::varchar, '\.0$', '') || ' %' as column_label,
    (ratio * 1e6)::bigint as column_order, depth_label || variant as colour_label, layers as colour_order
  from ordinary o
  where family = 'MLP' and subset = 'test' and split_kind = 'cv'
)
from rate_distortion(selection)
