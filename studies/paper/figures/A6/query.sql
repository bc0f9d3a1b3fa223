-- Is a reconstruction nearer to the image, or to the weighted mean of training images? (Figure A6.) The runs of Figure A5.
-- Rows of two kinds:
--   density  test examples of one run in a cell of a 60 by 60 grid, as a share of the run's fullest cell
--   equal    the two ends of the line where both cross-entropies are equal
with candidate as (
  select runs.*, regexp_extract(architecture, 'x(\d+)$', 1)::int as units
  from runs
  where "data" like 'mnist%' and split like 'heldout:%' and architecture like 'mlp:%' and layers in (1, 3)
    and beta = 1 and objective = 'beta' and run in (select run from examples)
),
width as (
  select units from candidate group by units having count(distinct layers) = 2 or (select count(distinct layers) from candidate) = 1
  order by abs(units - 400), units limit 1
),
run as (
  select run, layers, architecture_label from candidate join width using (units)
  qualify row_number() over (partition by layers order by latent_size desc, seed) = 1
),
example as (select layers, architecture_label, bce_x, bce_mu from run join examples using (run)),
share as (select layers, architecture_label, round(100 * avg((bce_mu < bce_x)::int))::int as nearer from example group by all),
extent as (
  select low, greatest(high, low + 1) as high
  from (select least(min(bce_x), min(bce_mu)) as low, greatest(max(bce_x), max(bce_mu)) as high from example)
  where low is not null
),
cell as (
  select layers, architecture_label, least(floor((bce_mu - low) / (high - low) * 60), 59) as i,
    least(floor((bce_x - low) / (high - low) * 60), 59) as j, count(*) as examples
  from example, extent
  group by all
)
select 'density' as kind, layers, architecture_label || ', ' || nearer || ' % nearer to the weighted mean' as label,
  low + i / 60 * (high - low) as bce_mu, low + (i + 1) / 60 * (high - low) as bce_mu2,
  low + j / 60 * (high - low) as bce_x, low + (j + 1) / 60 * (high - low) as bce_x2,
  examples, examples / max(examples) over (partition by layers) as density
from cell join share using (layers, architecture_label), extent
union all by name
select 'equal' as kind, unnest([low, high]) as bce_mu, unnest([low, high]) as bce_x from extent
order by kind, layers, bce_mu, bce_x
