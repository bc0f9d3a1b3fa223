-- name: discrepancy on ${label} splits
-- few: ${label} splits with both depths
-- The logarithm of the training size, and for each restart the range over the weight of the difference between the depths.
with found as (
  select split, train, layers, paper_weight as weight, seed, run, distortion as d
  from ordinary join split_steps using (set_name, split)
  where kind = '${kind}' and family = 'MLP' and layers in (1, 3) and subset = 'test' and weight > 0
    and of_first_set and of_first_variant
),
difference as (
  select s.split, s.train, s.seed, s.run || ',' || t.run as run, s.d - t.d as d
  from found s join found t on s.split = t.split and s.weight = t.weight and s.seed = t.seed and s.layers = 1 and t.layers = 3
)
select ln(train), max(d) - min(d), string_agg(run, ',') as run, seed from difference
group by split, train, seed having count(*) >= 3 order by train
