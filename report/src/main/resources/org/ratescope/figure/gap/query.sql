-- The answer in one picture, a row of three panels for each split and whatever else the study varies, a colour for each
-- architecture. The rows are those of `curves`, with a column `measure`:
--   gap     test minus train distortion against beta
--   excess  test distortion minus the lowest mean of its curve, against beta
--   rd      test distortion against rate
-- A dash marks curves of which at least half of the runs had not converged. beta = 0 has no place on a logarithmic axis
-- and is left out.
with subsets as (
  select row_label, row_order, column_label as colour_label, column_order as colour_order, run, seed, beta,
    coalesce(weight, beta_kl) as weight, convergence, t.distortion as test, t.rate as rate, r.distortion as train
  from chosen
    join panels using (run)
    join (select run, distortion, rate from results where subset = 'test') t using (run)
    join (select run, distortion from results where subset = 'train') r using (run)
  where isfinite(t.distortion) and isfinite(t.rate) and isfinite(r.distortion)
),
dashed as (
  select *,
    if(avg(if(convergence = 'still falling', 1, 0)) over curve >= 0.5, 'still falling', 'converged') as dash_label,
    if(avg(if(convergence = 'still falling', 1, 0)) over curve >= 0.5, 1, 0) as dash_order
  from subsets
  window curve as (partition by row_order, colour_order)
),
average as (
  select row_order, colour_order, weight, avg(test) as mean from dashed group by all
),
least as (select row_order, colour_order, min(mean) as lowest from average group by all),
part as (from dashed join least using (row_order, colour_order)),
gaps as (select *, 'gap' as frame, weight as x, test - train as y from part where weight > 0),
excesses as (select *, 'excess' as frame, weight as x, test - lowest as y from part where weight > 0),
rds as (select *, 'rd' as frame, rate as x, test as y from part)
from (
  select frame as measure, * from curves(gaps)
  union all by name
  select frame as measure, * from curves(excesses)
  union all by name
  select frame as measure, * from curves(rds)
)
where kind <> 'bounds'
