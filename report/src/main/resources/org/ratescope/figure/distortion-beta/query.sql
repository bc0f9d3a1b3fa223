-- Distortion against beta, per split, architecture, latent size and half. Rows of two kinds:
--   mean     over restarts, with one standard deviation; `lowest` where the test half's mean is lowest
--   restart  one run
-- beta = 0 has no place on a logarithmic axis and is left out.
with latent as (select count(distinct latent_size) > 1 as several from results),
run as (
  select
    split_label as row_label, split_index as row_order,
    architecture_label || if(several, ', latent ' || latent_size, '') as column_label,
    architecture_index * 10000 + latent_size as column_order,
    half, beta, seed, distortion
  from results, latent
  where beta > 0 and isfinite(distortion)
),
mean as (
  select row_label, row_order, column_label, column_order, half, beta,
    count(*) as restarts, avg(distortion) as distortion, stddev_samp(distortion) as sd
  from run
  group by all
)
select 'mean' as kind, mean.*, distortion - sd as low, distortion + sd as high,
  half = 'test' and distortion = min(distortion) over (partition by row_label, column_label, half) as lowest
from mean
union all by name
select 'restart' as kind, * from run
order by row_order, column_order, kind, half, beta, seed
