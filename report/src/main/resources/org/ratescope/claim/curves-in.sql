-- Losses of the learning curves at a share of the updates, in place of the estimates.
create or replace temp table estimates_at_end as from estimates where name in ('distortion', 'rate', 'elbo');
delete from estimates where name in ('distortion', 'rate', 'elbo');
insert into estimates by name
with point as (select *, max(step) over (partition by run, subset) as last from learning_curves),
moment as (
  select *, -distortion - rate as elbo from point where step <= ${share} * last
  qualify row_number() over (partition by run, subset order by step desc) = 1
)
select run, subset, name, "value" from (from moment unpivot ("value" for name in (distortion, rate, elbo)))
