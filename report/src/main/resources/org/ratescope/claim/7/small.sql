-- name: distortion of the ${layers}-layer MLP on ${set}
-- On the CV split of Figure 7: the one that is nearest to a tenth, of MNIST to a fifth.
select paper_weight, distortion, run, seed from ordinary
where set_name = '${set}' and family = 'MLP' and layers = ${layers} and subset = 'test' and isfinite(distortion)
  and of_first_variant
  and split = (
    select arg_min(split, abs(ratio - if(set_name = 'mnist', 0.2, 0.1))) from ordinary where set_name = '${set}' and split_kind = 'cv')
