-- name: norm of the decoder of ${curve}
select weight, avg("value") as norm from measured(['decoderNorm'])
where objective = 'beta' and subset = 'train' and weight > 0
  and layers || '-layer ' || family || ', ' || split_label || variant = '${curve}'
group by weight
