-- name: test minus training distortion of the ${layers}-layer ${family}
select any_value(paper_weight), max(distortion) filter (subset = 'test') - max(distortion) filter (subset = 'train'), run,
  any_value(seed) as seed
from ordinary join split_roles using (set_name, split)
where family = '${family}' and layers = ${layers} and role = 'sparse'
  and set_name = first_set() and variant = first_variant(first_set(), '${family}', ${layers})
group by run
