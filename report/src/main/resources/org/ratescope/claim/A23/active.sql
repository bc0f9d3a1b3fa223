-- name: active dimensions of the 3-layer MLP with likelihood ${likelihood}
select paper_weight, "value", run, seed from measured(['activeDimensions']) join split_roles using (set_name, split)
where family = 'MLP' and layers = 3 and role = 'sparse' and subset = 'test' and objective = 'beta'
  and likelihood like '${likelihood}%'
  and set_name = first_set() and variant = first_variant(first_set(), 'MLP', 3)
