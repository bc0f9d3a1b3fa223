with kl as (
  select c.layers, c.paper_weight, c.prior, c.prior_index, c.run, e."value" as "value"
  from chosen c join estimates e using (run)
  where e.name = 'marginalKl' and e.subset = 'test' and c.objective = 'beta' and isfinite(e."value")
    and c.split = (select arg_min(split, train_examples) from chosen)
),
setting as (
  select layers, paper_weight, prior, prior_index, avg("value") as mean, count(*) as n,
    var_samp("value") / count(*) as variance, string_agg(run, ',') as runs
  from kl group by all
),
compared as (
  select f.prior, f.prior_index, f.layers, f.paper_weight, n.mean - f.mean as drop, n.mean as normal,
    sqrt(n.variance + f.variance) as error, least(n.n, f.n) as n, f.runs || ',' || n.runs as runs
  from setting f join setting n using (layers, paper_weight)
  where n.prior = 'normal' and f.prior not in ('normal', 'gaussian')
),
by_prior as (
  select prior, prior_index, count(*) as settings, count(*) filter (drop > 2 * error) as lower, avg(drop) as drop,
    avg(normal) as normal, min(n) as n, string_agg(runs, ',') as runs
  from compared group by prior, prior_index
)
select if(count(*) = 0 or min(n) < 2, null, bool_and(lower = settings)) as holds,
  if(count(*) = 0 or min(n) < 2, 'two restarts of a flexible prior and of normal at the same β are needed',
    string_agg(format('{}: lower in {} of {} settings, by {:.2f} of {:.2f} nats on average',
      prior, lower, settings, drop, normal), '; ' order by prior_index)) as numbers,
  string_agg(runs, ',') as runs
from by_prior
