-- name: ${names} of ${layers}-layer ${family}, ${role} split, ${subset}
-- The estimate that most runs have, of several of one quantity, over the weight.
select weight, "value" from measured(string_split('${names}', ', ')) join split_roles using (set_name, split)
where family = '${family}' and layers = ${layers} and role = '${role}' and subset = '${subset}' and objective = 'beta'
  and likelihood_index = (select min(likelihood_index) from chosen)
  and stopping_index = (select min(stopping_index) from chosen)
  and variant = (select min(variant) from chosen where family = '${family}' and layers = ${layers})
