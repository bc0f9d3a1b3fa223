-- name: ${layers}-layer MLP with objective ${objective}
select paper_weight, ${column}, run, seed from chosen_results join split_roles using (set_name, split)
where family = 'MLP' and layers = ${layers} and role = 'sparse' and subset = 'test' and objective = '${objective}'
  and likelihood_index = (select min(likelihood_index) from chosen)
  and stopping_index = (select min(stopping_index) from chosen)
  and set_name = first_set() and variant = first_variant(first_set(), 'MLP', ${layers})
