with candidate as (
  select run, layers, width, subset, bce_mu, bce_x, perplexity from examples join chosen using (run)
  where split_kind = 'heldout' and subset = 'test' and layers in (1, 3) and family = 'MLP'
),
chosen_width as (
  select width from candidate group by width having count(distinct layers) = 2
  order by abs(width - 400), width limit 1
),
share as (
  select layers, width, avg((bce_mu < bce_x)::integer) as nearer, avg((perplexity < 1.5)::integer) as single,
    count(*) as images, string_agg(distinct run, ',') as runs
  from candidate join chosen_width using (width) group by layers, width
),
depths as (
  select count(*) as n, any_value(width) as width, max(nearer) filter (layers = 1) as shallow,
    max(nearer) filter (layers = 3) as deep, max(single) filter (layers = 3) as single,
    2.13 * 0.5 / sqrt(min(images)) as bound, string_agg(runs, ',') as runs
  from share where nearer is not null and single is not null
)
select if(n = 2, shallow <= 0.5 - greatest(0.1, bound) and least(deep, single) >= 0.5 + greatest(0.1, bound), null) as holds,
  if(n = 2,
    format('{} units: nearer to mu: {:.1f} % with 1 layer, {:.1f} % with 3; perplexity below 1.5: {:.1f} % with 3 layers (bounds ± {:.1f})',
      width, 100 * shallow, 100 * deep, 100 * single, 100 * bound),
    'examples of a class left out are there for ' || n || ' of the depths 1 and 3') as numbers,
  runs
from depths
