-- name: ${layers}-layer MLP with objective ${objective}
select paper_weight, ${column}, run, seed from chosen_results join split_roles using (set_name, split)
where family = 'MLP' and layers = ${layers} and role = 'sparse' and subset = 'test' and objective = '${objective}'
  and likelihood_index = (select min(likelihood_index) from chosen)
  and stopping_index = (select min(stopping_index) from chosen)
  and of_first_set and of_first_variant
