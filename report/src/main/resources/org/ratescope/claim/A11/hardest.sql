with example as (
  select examples.*, layers, ntile(4) over (partition by run order by nn_distance) as quarter
  from examples join chosen using (run)
  where split = 'checkerboard' and subset = 'test' and layers in (1, 3) and family = 'MLP' and abs(ln(nullif(paper_weight, 0))) < 0.25
),
restart as (
  select run, layers, median(xhat_mu) as to_mu, median(xhat_x) as to_x, median(perplexity) as perplexity
  from example where quarter = 4 group by run, layers
),
depth as (
  select layers, count(*) as restarts, avg(to_mu) as to_mu, avg(to_x) as to_x, min(to_mu / to_x) as least, max(to_mu / to_x) as most,
    max(perplexity) as perplexity, string_agg(run, ',') as runs
  from restart where to_mu is not null and to_x is not null group by layers
),
depths as (
  select count(*) as n, string_agg(runs, ',') as runs,
    max(to_mu) filter (layers = 1) as shallow_mu, max(to_x) filter (layers = 1) as shallow_x, max(least) filter (layers = 1) as shallow_least,
    max(most) filter (layers = 1) as shallow_most, max(to_mu) filter (layers = 3) as deep_mu, max(to_x) filter (layers = 3) as deep_x,
    max(least) filter (layers = 3) as deep_least, max(most) filter (layers = 3) as deep_most, max(perplexity) filter (layers = 3) as perplexity
  from depth
)
select if(n = 2, shallow_least >= 1.1 and deep_most <= 0.9 and coalesce(perplexity, 1e9) < 2, null) as holds,
  if(n = 2,
    format('medians of ‖x̂ − mu‖ and ‖x̂ − x‖: {:.2f} and {:.2f} with 1 layer (ratio {:.2f} to {:.2f} over restarts), '
      || '{:.2f} and {:.2f} with 3 ({:.2f} to {:.2f}), whose median perplexity is at most {:.2f}',
      shallow_mu, shallow_x, shallow_least, shallow_most, deep_mu, deep_x, deep_least, deep_most, coalesce(perplexity, 0)),
    'examples of the checkerboard at β = 1 (paper''s scale) are there for ' || n || ' of the depths 1 and 3') as numbers,
  runs
from depths
