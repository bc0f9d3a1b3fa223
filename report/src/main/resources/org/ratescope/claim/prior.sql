-- name: ${layers}-layer networks with the prior ${prior}
-- A column over the weight, for one number of layers and prior of the codes on the smallest training set.
select paper_weight, ${column}, run, seed from ordinary
where layers = ${layers} and prior = '${prior}' and subset = '${subset}' and isfinite(rate) and isfinite(distortion)
  and of_first_set
  and split = (select arg_min(split, train_examples) from ordinary where of_first_set)
