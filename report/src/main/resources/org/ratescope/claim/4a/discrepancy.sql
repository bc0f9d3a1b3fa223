-- name: discrepancy on ${label} splits
-- few: ${label} splits with both depths
-- The logarithm of the training size, and the range over the weight of the difference between the depths.
with mean as (
  select split, train, layers, weight, avg(distortion) as d
  from ordinary join split_steps using (set_name, split)
  where kind = '${kind}' and family = 'MLP' and layers in (1, 3) and subset = 'test' and weight > 0
  group by all
),
difference as (
  select s.split, s.train, s.d - t.d as d
  from mean s join mean t on s.split = t.split and s.weight = t.weight and s.layers = 1 and t.layers = 3
)
select ln(train), max(d) - min(d) from difference
group by split, train having count(*) >= 3 order by train
