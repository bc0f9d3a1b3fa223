-- Batch losses against the training step, averaged over restarts and over stretches of steps: at most 40
-- points a curve.
with latent as (select count(distinct latent_size) > 1 as several from runs),
point as (
  select
    split_label as row_label, split_index as row_order,
    architecture_label || if(several, ', latent ' || latent_size, '') as column_label,
    architecture_index * 10000 + latent_size as column_order,
    beta, trace.step as step, distortion, rate,
    trace.step * 40 // iterations as stretch
  from trace join runs using (run), latent
  where beta is not null and isfinite(distortion) and isfinite(rate)
),
mean as (
  select row_label, row_order, column_label, column_order, beta,
    avg(step) as step, avg(distortion) as distortion, avg(rate) as rate
  from point
  group by row_label, row_order, column_label, column_order, beta, stretch
)
select mean.*, regexp_replace(beta::varchar, '\.0$', '') as beta_label
from mean
order by row_order, column_order, beta, step
