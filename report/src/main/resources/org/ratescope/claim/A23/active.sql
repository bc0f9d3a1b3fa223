-- name: active dimensions of the 3-layer MLP with likelihood ${likelihood}
select paper_weight, "value", run, seed from measured(['activeDimensions']) join split_roles using (set_name, split)
where family = 'MLP' and layers = 3 and role = 'sparse' and subset = 'test' and objective = 'beta'
  and likelihood like '${likelihood}%'
  and of_first_set and of_first_variant
