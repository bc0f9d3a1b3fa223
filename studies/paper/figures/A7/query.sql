-- One test image of a class that was left out of training, as each architecture reconstructs it (Figure A7): architectures
-- by layers, then by units. Rows of two kinds:
--   image     the reconstruction or the weighted mean; the test image itself stands first
--   distance  Euclidean distance of the reconstruction to the image and to the weighted mean
with candidate as (
  select runs.*, regexp_extract(architecture, 'x(\d+)$', 1)::int as units
  from runs
  where "data" like 'mnist%' and split like 'heldout:%' and architecture like 'mlp:%'
    and beta = 1 and objective = 'beta' and run in (select run from example_pictures)
),
run as (
  select run, layers, units, layers || ' × ' || units as label, layers * 100000 + units as place
  from candidate
  qualify row_number() over (partition by layers, units order by latent_size desc, seed) = 1
),
sheet as (select run.*, idx, role, image from run join example_pictures using (run) where name = 'example 1')
select 'image' as kind, 'test image' as label, -1 as place, 'reconstruction' as line, any_value(image) as image
from sheet where role = 'original' having count(*) > 0
union all by name
select 'image' as kind, label, place, if(role = 'mu', 'weighted mean', 'reconstruction') as line, image
from sheet where role in ('mu', 'reconstruction')
union all by name
select 'distance' as kind, label, place, unnest(['to image', 'to mean']) as line, unnest([xhat_x, xhat_mu]) as distance,
  unnest([xhat_x < xhat_mu, xhat_mu < xhat_x]) as nearer
from (select distinct run, label, place, idx from sheet) join examples using (run, idx)
order by place, kind, line
