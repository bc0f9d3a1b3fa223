-- A class that was never trained on, reconstructed (Figure A5). One run with one hidden layer and one with three, of the
-- width nearest to the paper's 400 that both depths have. Rows of two kinds:
--   image       one picture of a sheet: role is the column, line the example
--   perplexity  the share of test examples whose weights have a perplexity in a bin (20 to a power of ten)
with candidate as (
  select runs.*, regexp_extract(architecture, 'x(\d+)$', 1)::int as units
  from runs
  where "data" like 'mnist%' and split like 'heldout:%' and architecture like 'mlp:%' and layers in (1, 3)
    and beta = 1 and objective = 'beta' and run in (select run from example_pictures)
),
width as (
  select units from candidate group by units having count(distinct layers) = 2 or (select count(distinct layers) from candidate) = 1
  order by abs(units - 400), units limit 1
),
run as (
  select run, layers, architecture_label from candidate join width using (units)
  qualify row_number() over (partition by layers order by latent_size desc, seed) = 1
),
role(role, role_label, place) as (
  values ('original', 'test image', 0), ('reconstruction', 'reconstruction', 1), ('mu', 'weighted mean', 2),
    ('heaviest 1', 'largest weight', 3), ('heaviest 2', '2nd', 4), ('heaviest 3', '3rd', 5)
),
bin as (
  select run, floor(log10(greatest(perplexity, 1)) * 20) as place, count(*) as n
  from examples group by all
)
select 'image' as kind, architecture_label, layers, regexp_extract(name, '\d+')::int as line, place, role_label, weight, image
from run join example_pictures using (run) join role using (role)
where name like 'example %'
union all by name
select 'perplexity' as kind, architecture_label, layers, 10 ** (place / 20) as low, 10 ** ((place + 1) / 20) as high,
  n / sum(n) over (partition by run) as share
from run join bin using (run)
order by kind, layers, line, place, low
