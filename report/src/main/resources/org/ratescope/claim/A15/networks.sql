-- The networks and splits whose decoder's norm is known at three weights with all latent dimensions active.
with mean as (
  select layers || '-layer ' || family || ', ' || split_label || variant as curve, paper_weight
  from measured(['decoderNorm']) join split_roles using (set_name, split)
  where objective = 'beta' and of_first_set and subset = 'train' and weight > 0 and layers in (1, 3) and role in ('dense', 'sparse')
    and run not in (select run from estimates join chosen using (run) where name = 'activeDimensions' and "value" < latent_size - 0.5)
  group by all
)
select curve from mean group by curve having count(*) >= 3 order by curve
