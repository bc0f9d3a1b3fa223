-- Batch losses against the training step, averaged over restarts and over stretches of steps: at most 40
-- points a curve. A diverged restart whose repeat in another precision has finished is left out.
with point as (
  select row_label, row_order, column_label, column_order, coalesce(weight, beta_kl) as weight, trace.step as step,
    distortion, rate, trace.step * 40 // iterations as stretch
  from trace join runs using (run) join panels using (run)
  where isfinite(distortion) and isfinite(rate)
    and run not in (select repeat_of from runs where repeat_of is not null and outcome = 'finished')
),
mean as (
  select row_label, row_order, column_label, column_order, weight, avg(step) as step, avg(distortion) as distortion,
    avg(rate) as rate
  from point
  group by row_label, row_order, column_label, column_order, weight, stretch
)
select *, regexp_replace(weight::varchar, '\.0$', '') as weight_label
from mean
order by row_order, column_order, weight, step
