-- name: test minus training distortion of the ${layers}-layer ${family}
select any_value(paper_weight), max(distortion) filter (subset = 'test') - max(distortion) filter (subset = 'train'), run,
  any_value(seed) as seed
from ordinary join split_roles using (set_name, split)
where family = '${family}' and layers = ${layers} and role = 'sparse'
  and of_first_set and of_first_variant
group by run
