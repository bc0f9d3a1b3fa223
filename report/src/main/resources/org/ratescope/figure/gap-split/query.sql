-- The generalisation gap, train less test ELBO, and its two parts against beta: a panel for each split, architecture
-- and whatever else the study varies. From the estimates `amortizationGap`; rows of the kinds
--   part   the decoder's part, train less test refitted ELBO; the encoder's part, test less train amortisation gap
--   total  their sum
-- Means over restarts, with the standard error over restarts; of one restart, that over images.
with named as (
  select run, subset,
    max("value") filter (name = 'amortizationGap') as gap,
    max(standard_error) filter (name = 'amortizationGap') as gap_error,
    max("value") filter (name = 'amortizationGap.refittedElbo') as refitted,
    max(standard_error) filter (name = 'amortizationGap.refittedElbo') as refitted_error,
    max("value") filter (name = 'amortizationGap.elbo') as elbo,
    max(standard_error) filter (name = 'amortizationGap.elbo') as elbo_error
  from estimates
  where name like 'amortizationGap%'
  group by run, subset
),
pair as (
  select panels.* exclude (run), coalesce(weight, beta_kl) as weight, seed,
    unnest(['part', 'part', 'total']) as kind,
    unnest([0, 1, 2]) as part_order,
    unnest(['decoder (refitted ELBO)', 'encoder (amortisation gap)', 'total']) as part,
    unnest([train.refitted - test.refitted, test.gap - train.gap, train.elbo - test.elbo]) as "value",
    unnest([
      sqrt(train.refitted_error ** 2 + test.refitted_error ** 2),
      sqrt(train.gap_error ** 2 + test.gap_error ** 2),
      sqrt(train.elbo_error ** 2 + test.elbo_error ** 2)
    ]) as error
  from chosen
  join panels on panels.run = chosen.run
  join named train on train.run = chosen.run and train.subset = 'train'
  join named test on test.run = chosen.run and test.subset = 'test'
  where outcome = 'finished'
)
select row_label, row_order, column_label, column_order, weight, kind, part, part_order, count(*) as restarts,
  avg("value") as "value",
  if(count(*) > 1, stddev_samp("value") / sqrt(count(*)), max(error)) as standard_error,
  avg("value") - if(count(*) > 1, stddev_samp("value") / sqrt(count(*)), max(error)) as low,
  avg("value") + if(count(*) > 1, stddev_samp("value") / sqrt(count(*)), max(error)) as high
from pair
where isfinite("value")
group by row_label, row_order, column_label, column_order, weight, kind, part, part_order
order by row_order, column_order, weight, part_order
