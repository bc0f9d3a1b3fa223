-- Figure A21: maps of the test rate and distortion over beta and depth, on the dense and the sparse split.
with value as (
  select o.*, role, 'Rate' as quantity, 0 as quantity_order, rate as "value"
  from ordinary o join split_roles using (set_name, split)
  union all
  select o.*, role, 'Distortion', 1, distortion from ordinary o join split_roles using (set_name, split)
),
mean as (
  select split_label as row_label, if(role = 'dense', 0, 1) as row_order, quantity, quantity_order, weight,
    depth_label || variant as depth, layers, count(*) as restarts, avg("value") as "value",
    stddev_samp("value") as sd
  from value
  where family = 'MLP' and subset = 'test' and role in ('dense', 'sparse') and isfinite("value")
  group by all
)
-- Where the value stands between the quantity's least and largest, for a legible colour of the number.
select *, regexp_replace(weight::varchar, '\.0$', '') as weight_label,
  ("value" - min("value") over (partition by quantity)) / nullif(max("value") over (partition by quantity) - min("value") over (partition by quantity), 0) as share
from mean
order by row_order, quantity_order, layers, weight
