with own as (
  select run, layers, paper_weight, rate, distortion from ordinary
  where prior = 'normal' and subset = 'test' and split = (select arg_min(split, train_examples) from ordinary)
),
fitted as (
  select run, fitted_prior, max("value") filter (name = 'rate') as rate,
    max("value") filter (name = 'distortion') as distortion
  from prior_estimates where subset = 'test' and fitted_prior like 'mixture:%' group by run, fitted_prior
),
compared as (
  select layers, paper_weight, run, fitted_prior, own.rate as rate, own.rate - fitted.rate as drop,
    abs(fitted.distortion - own.distortion) / own.distortion as change
  from own join fitted using (run)
),
by_weight as (
  select layers, paper_weight, avg(drop) as drop, avg(rate) as rate from compared group by all
)
select if(count(*) = 0, null, bool_and(drop > 0 and change <= 0.01)) as holds,
  if(count(*) = 0, 'no run of N(0, I) has estimates with a fitted mixture',
    format('the rate falls in {} of {} runs; largest change of the distortion {:.2f} %; mean fall by layers and β: {}',
      count(*) filter (drop > 0), count(*), 100 * max(change),
      (select string_agg(format('{}, {:g}: {:.2f} of {:.2f} nats', layers, paper_weight, drop, rate), '; ' order by layers, paper_weight)
       from by_weight))) as numbers,
  string_agg(run, ',') as runs
from compared
