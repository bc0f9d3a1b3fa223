-- Distortion and rate of a fixed sample of the training and of the test set against the updates made, the mean over
-- restarts. A restart that has ended early is in the points up to its end; a diverged one whose repeat in another
-- precision has finished is left out. Before the first update the losses are several times as large, and would take up
-- most of the axis.
with point as (
  select row_label, row_order, column_label, column_order, coalesce(weight, beta_kl) as weight, c.step as step, subset,
    c.distortion as distortion, c.rate as rate
  from learning_curves c join runs using (run) join panels using (run)
  where c.step > 0
    and run not in (select repeat_of from runs where repeat_of is not null and outcome = 'finished')
)
select row_label, row_order, column_label, column_order, weight, subset, step, avg(distortion) as distortion,
  avg(rate) as rate, count(*) as restarts, regexp_replace(weight::varchar, '\.0$', '') as weight_label,
  if(subset = 'test', 'Test set', 'Training set') as subset_label, if(subset = 'test', 0, 1) as subset_order
from point
group by all
order by row_order, column_order, weight, subset_order, step
