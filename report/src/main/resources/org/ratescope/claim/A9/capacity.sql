with value as (
  select * from measured(['elbo'])
  union all
  select * from measured(['logMarginalAnnealed', 'logMarginal', 'logMarginalQ'])
),
advantage as (
  select role, if(estimator = 'elbo', 'ELBO', 'log p(x)') as name, width,
    avg("value") filter (layers = 3) - avg("value") filter (layers = 1) as advantage
  from value join split_roles using (set_name, split)
  where family = 'MLP' and subset = 'test' and beta = 1 and layers in (1, 3)
  group by role, name, width
),
placed as (
  select *, list_position(['default', 'sparse', 'checkerboard'], role) as place
  from advantage where advantage is not null and role in ('default', 'sparse', 'checkerboard')
),
lacking as (
  select role from (select unnest(['default', 'sparse', 'checkerboard']) as role, unnest([1, 2, 3]) as place)
  where role not in (select role from placed) order by place limit 1
)
select if((from lacking) is null, bool_and(if(role = 'default', advantage > 0, advantage < 0)), null) as holds,
  coalesce('no width has both 1 and 3 layers on the ' || (from lacking) || ' split',
    '3 layers against 1, nats: ' || string_agg(
      format('{} {}, {} units {:+.2f}', role, name, width, advantage), '; ' order by place, name, width)) as numbers
from placed
