-- Figure A9: network capacity at beta = 1, on the images' or the paper's scale. Rows of the kinds of `rate_distortion`
-- for the left panel, and of `curves` with the kinds lm-bounds, lm-point and lm-run for the right one. Colours are splits,
-- dashes depths, weights widths.
with place as (
  select *, list_position(['default', 'sparse', 'checkerboard'], role) as place from split_roles
  where role in ('default', 'sparse', 'checkerboard')
),
capacity as (
  select o.* exclude (weight, beta), width as weight, split_label as colour_label, place as colour_order,
    depth_label || setting as dash_label, layers as dash_order
  from ordinary o join place using (set_name, split)
  where family = 'MLP' and subset = 'test' and at_one
),
value as (
  select run, max("value") filter (subset = 'train') as x, max("value") filter (subset = 'test') as y
  from measured(['logMarginalAnnealed', 'logMarginal', 'logMarginalQ']) group by run
),
marginal as (
  select capacity.*, x, y from capacity join value using (run) where x is not null and y is not null
)
select *, regexp_replace(weight::varchar, '\.0$', '') as weight_label
from (
  from rate_distortion(capacity)
  union all by name
  select * replace ('lm-' || kind as kind) from curves(marginal)
)
