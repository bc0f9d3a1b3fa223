-- The four splits on 600 points of two factors (Figure 2): one row for each point of each split; a split that crops
-- leaves points out.
with chosen as (select min("data") as "data" from split_points),
point as (select split_points.* from split_points join chosen using ("data")),
size as (
  select split, count(*) filter (subset = 'train') as train, count(*) filter (subset = 'test') as test
  from point group by split
)
select
  case when split = 'default' then 'Default' when split like 'checkerboard%' then 'Checkerboard'
    when split like 'cd:%' then 'Constant density (CD)' when split like 'cv:%' then 'Constant volume (CV)' else split end
    || '|' || train || ' train, ' || test || ' test' as split_label,
  case when split = 'default' then 0 when split like 'checkerboard%' then 1 when split like 'cd:%' then 2 else 3 end
    as split_order,
  x, y, subset
from point join size using (split)
order by split_order, subset desc, x, y
