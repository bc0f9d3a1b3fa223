-- Rate-distortion curves of prior and decoder without the encoder, from the estimates `rdFrontier`, and the encoder's
-- point for the same images of the test set: a panel for each split, architecture and whatever else the study varies,
-- a colour for each beta. Means over restarts. Rows of the kinds
--   curve    a point of a curve; t weighs the distortion: it is where a perfect encoder with beta = 1/t would be
--   encoder  the encoder's point
with point as (
  select run, subset, regexp_extract(name, '^rdFrontier\.rate\.(.*)$', 1) as t, "value" as rate,
    standard_error as rate_error
  from estimates where name like 'rdFrontier.rate.%'
),
pair as (
  select point.*, e."value" as distortion, e.standard_error as distortion_error
  from point join estimates e
    on e.run = point.run and e.subset = point.subset and e.name = 'rdFrontier.distortion.' || t
)
select row_label, row_order, column_label, column_order, coalesce(weight, beta_kl) as weight,
  regexp_replace(coalesce(weight, beta_kl)::varchar, '\.0$', '') as weight_label,
  if(t = 'encoder', 'encoder', 'curve') as kind, try_cast(t as double) as t, count(*) as restarts,
  avg(rate) as rate, avg(distortion) as distortion,
  if(count(*) > 1, stddev_samp(rate) / sqrt(count(*)), max(rate_error)) as rate_error,
  if(count(*) > 1, stddev_samp(distortion) / sqrt(count(*)), max(distortion_error)) as distortion_error
from pair join chosen using (run) join panels using (run)
where outcome = 'finished' and subset = 'test' and isfinite(rate) and isfinite(distortion)
group by row_label, row_order, column_label, column_order, coalesce(weight, beta_kl), pair.t
order by row_order, column_order, weight, kind, t
