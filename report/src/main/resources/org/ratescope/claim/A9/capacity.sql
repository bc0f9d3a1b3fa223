-- name: ${name} of MLPs of ${width} units, ${role} split
-- least: 2
-- Other depths help to estimate the spread.
select layers, "value", m.run, seed, coalesce(doubt.share > 0.1, false) as doubtful
from measured(string_split('${names}', ', ')) m join split_roles using (set_name, split)
  left join (select run, subset, name, "value" as share from estimates where name like '%.doubtful') doubt
    on doubt.run = m.run and doubt.subset = m.subset and doubt.name = m.estimator || '.doubtful'
where family = 'MLP' and of_first_set and m.subset = 'test' and abs(ln(nullif(paper_weight, 0))) < 0.25 and layers in (1, 2, 3) and width = ${width}
  and role = '${role}'
