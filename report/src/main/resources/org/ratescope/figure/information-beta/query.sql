-- Mutual information and marginal KL against beta, per split, architecture, latent size and half (Figures 8 and A24). Rows of
-- three kinds:
--   mean     over restarts, with one standard deviation
--   restart  one run
--   ceiling  log N, which no estimate of the mutual information from N examples can exceed
-- Drawn are the exact estimates; where a study has only the paper's batch estimates, those. beta = 0 has no place on a
-- logarithmic axis and is left out.
with latent as (select count(distinct latent_size) > 1 as several from results),
wanted as (
  select * from (values
    ('mutualInformation', 'mutual information', 1), ('mutualInformationBatch', 'mutual information', 2),
    ('marginalKl', 'marginal KL', 1), ('marginalKlBatch', 'marginal KL', 2)) as w(name, quantity, preference)
),
found as (
  select runs.*, e.half, w.quantity, e."value" as nats,
    row_number() over (partition by run, e.half, w.quantity order by w.preference) as place
  from runs join estimates e using (run) join wanted w on e.name = w.name
  where beta > 0 and outcome = 'finished' and isfinite(e."value")
),
run as (
  select
    split_label as row_label, split_index as row_order,
    architecture_label || if(several, ', latent ' || latent_size, '') as column_label,
    architecture_index * 10000 + latent_size as column_order,
    half, beta, seed, quantity, nats, train_examples
  from found, latent
  where place = 1
),
mean as (
  select row_label, row_order, column_label, column_order, half, beta, quantity,
    count(*) as restarts, avg(nats) as nats, stddev_samp(nats) as sd
  from run
  group by all
)
select 'mean' as kind, mean.*, nats - sd as low, nats + sd as high from mean
union all by name
select 'restart' as kind, * exclude (train_examples) from run
union all by name
select 'ceiling' as kind, row_label, row_order, column_label, column_order, half, min(beta) as beta, max(beta) as beta2,
  ln(max(train_examples)) as nats
from run
group by all
order by row_order, column_order, kind, quantity, half, beta, seed
