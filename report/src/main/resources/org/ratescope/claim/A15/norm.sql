-- name: norm of the decoder of ${curve}
select paper_weight, "value", run, seed from measured(['decoderNorm'])
where objective = 'beta' and of_first_set and subset = 'train' and weight > 0
  and layers || '-layer ' || family || ', ' || split_label || variant = '${curve}'
  and run not in (select run from estimates join chosen using (run) where name = 'activeDimensions' and "value" < latent_size - 0.5)
