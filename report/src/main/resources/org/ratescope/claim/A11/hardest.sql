with example as (
  select examples.*, layers, ntile(4) over (partition by run order by nn_distance) as quarter
  from examples join chosen using (run)
  where split = 'checkerboard' and subset = 'test' and layers in (1, 3) and family = 'MLP' and beta = 1
),
depth as (
  select layers, median(xhat_mu) as to_mu, median(xhat_x) as to_x from example where quarter = 4 group by layers
),
depths as (
  select count(*) as n, max(to_mu) filter (layers = 1) as shallow_mu, max(to_x) filter (layers = 1) as shallow_x,
    max(to_mu) filter (layers = 3) as deep_mu, max(to_x) filter (layers = 3) as deep_x
  from depth where to_mu is not null and to_x is not null
)
select if(n = 2, shallow_mu > shallow_x and deep_mu < deep_x, null) as holds,
  if(n = 2,
    format('medians of ‖x̂ − mu‖ and ‖x̂ − x‖: {:.2f} and {:.2f} with 1 layer, {:.2f} and {:.2f} with 3',
      shallow_mu, shallow_x, deep_mu, deep_x),
    'examples of the checkerboard are there for ' || n || ' of the depths 1 and 3') as numbers
from depths
