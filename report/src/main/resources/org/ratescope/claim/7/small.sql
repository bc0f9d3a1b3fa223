-- name: distortion of the ${layers}-layer MLP on ${set}
-- On the CV split of a data set that is nearest to a tenth.
select paper_weight, distortion, run, seed from ordinary
where set_name = '${set}' and family = 'MLP' and layers = ${layers} and subset = 'test' and isfinite(distortion)
  and split = (
    select arg_min(split, abs(ratio - 0.1)) from ordinary where set_name = '${set}' and split_kind = 'cv')
