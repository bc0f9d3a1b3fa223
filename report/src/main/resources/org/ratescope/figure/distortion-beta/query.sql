-- Distortion against beta: training and test set, a panel for each split, architecture and whatever else the study
-- varies. Beside the rows of `curves`:
--   lowest  the point where the test set's mean is lowest
-- beta = 0 has no place on a logarithmic axis and is left out.
with selection as (
  select panels.*, subset, coalesce(weight, beta_kl) as weight, beta, seed, convergence,
    coalesce(weight, beta_kl) as x, distortion as y
  from results join panels using (run)
  where coalesce(weight, beta_kl) > 0
),
curve as (from curves(selection))
from curve
union all by name
select 'lowest' as kind, * exclude (kind)
from curve
where kind = 'point' and subset = 'test'
qualify y = min(y) over (partition by row_label, column_label)
