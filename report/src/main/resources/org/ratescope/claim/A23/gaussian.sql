-- name: distortion of the 1-layer MLP with a Gaussian likelihood
select paper_weight, distortion, run, seed from chosen_results join split_roles using (set_name, split)
where family = 'MLP' and layers = 1 and role = 'sparse' and subset = 'test' and objective = 'beta'
  and likelihood like 'gaussian%'
  and of_first_set and of_first_variant
