-- The runs that still improve, and in which direction more training moves the numbers of their networks: the slope of the
-- training set's losses over the last half of the updates. These are of the learning curve, or of the batches where the
-- curve has fewer than ten points, as for the column `convergence`. A run that its rule for ending early has ended is
-- trained as far as it should be.
with used as (select * from runs where run in (${runs}) and beta is not null),
open as (select * from used where convergence <> 'converged' and (stopping_label = 'all iterations' or step >= iterations)),
losses as (
  select run, step, distortion, rate, 1 as is_curve from learning_curves where subset = 'train'
  union all by name
  select run, step, distortion, rate, 0 as is_curve from trace
),
half as (
  select losses.*, open.step as updates
  from losses join open using (run)
  where losses.step >= open.step / 2
  qualify is_curve = 0 or count(*) over (partition by run, is_curve) >= 10
),
slope as (
  select run, regr_slope(distortion, step) * any_value(updates) / 10 as d, regr_slope(rate, step) * any_value(updates) / 10 as r
  from (from half qualify is_curve = max(is_curve) over (partition by run)) group by run
),
network as (
  select family, layers, count(*) as n, avg(d) as d, avg(r) as r from open left join slope using (run) group by all
)
select format('{} of {} runs are not trained to convergence; a tenth more updates changes training distortion and rate by ',
    (select count(*) from open), (select count(*) from used))
  || string_agg(coalesce(format('{:+.2f} and {:+.2f} nats with the {}-layer {} ({} runs)', d, r, layers, family, n),
      format('an unknown amount with the {}-layer {} ({} runs)', layers, family, n)), ', ' order by family desc, layers)
  as sentence
from network having count(*) > 0
