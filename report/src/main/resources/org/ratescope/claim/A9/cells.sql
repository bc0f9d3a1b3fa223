-- The widths, splits and values that both depths have at β = 1.
with found as (
  select 'ELBO' as name, 'elbo' as names, role, of_first_set, width, layers, paper_weight, subset
  from measured(['elbo']) join split_roles using (set_name, split) where family = 'MLP'
  union all
  select 'log p(x)', 'logMarginalAnnealed, logMarginal, logMarginalQ', role, of_first_set, width, layers, paper_weight, subset
  from measured(['logMarginalAnnealed', 'logMarginal', 'logMarginalQ']) join split_roles using (set_name, split)
  where family = 'MLP'
)
select role, name, names, width, (name = 'ELBO')::integer as is_elbo, (role = 'default')::integer as "default", (role = 'sparse')::integer as sparse,
  (role = 'checkerboard')::integer as checkerboard
from found
where subset = 'test' and of_first_set and abs(ln(nullif(paper_weight, 0))) < 0.25 and role in ('default', 'sparse', 'checkerboard') and layers in (1, 3)
group by role, name, names, width having count(distinct layers) = 2
order by list_position(['default', 'sparse', 'checkerboard'], role), name, width
