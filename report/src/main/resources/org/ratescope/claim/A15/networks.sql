-- The networks and splits whose decoder's norm is known at three weights.
with mean as (
  select layers || '-layer ' || family || ', ' || split_label || variant as curve, weight
  from measured(['decoderNorm']) where objective = 'beta' and subset = 'train' and weight > 0
  group by all
)
select curve from mean group by curve having count(*) >= 3 order by curve
