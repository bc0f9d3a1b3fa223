-- name: ${names} of ${layers}-layer ${family}, ${role} split, ${subset}
-- The estimate that most runs have, of several of one quantity, over the weight. One is doubtful if more than a tenth of its
-- images have too small an effective sample size.
select paper_weight, "value", m.run, seed, coalesce(doubt.share > 0.1, false) as doubtful
from measured(string_split('${names}', ', ')) m join split_roles using (set_name, split)
  left join (select run, subset, name, "value" as share from estimates where name like '%.doubtful') doubt
    on doubt.run = m.run and doubt.subset = m.subset and doubt.name = m.estimator || '.doubtful'
where family = '${family}' and layers = ${layers} and role = '${role}' and m.subset = '${subset}' and objective = 'beta'
  and likelihood_index = (select min(likelihood_index) from chosen)
  and stopping_index = (select min(stopping_index) from chosen)
  and of_first_set and of_first_variant
