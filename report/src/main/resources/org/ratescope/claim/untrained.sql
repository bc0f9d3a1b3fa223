-- The runs that still improve, and in which direction more training moves the numbers of their networks: the slope of the
-- batch losses over the last half of the updates.
with used as (select * from runs where run in (${runs}) and beta is not null),
open as (select * from used where convergence <> 'converged'),
half as (select trace.*, max(step) over (partition by run) as updates from trace where run in (select run from open)),
slope as (
  select run, regr_slope(distortion, step) * any_value(updates) / 10 as d, regr_slope(rate, step) * any_value(updates) / 10 as r
  from half where step >= updates / 2 group by run
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
