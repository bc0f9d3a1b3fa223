-- name: ${column} of ${layers}-layer ${family}, ${role} split, ${subset}
-- A column over the weight, for the first variant of a network on the split with a role, on the first data set.
select paper_weight, ${column}, run, seed from ordinary join split_roles using (set_name, split)
where family = '${family}' and layers = ${layers} and role = '${role}' and subset = '${subset}' and isfinite(${column})
  and of_first_set and of_first_variant
