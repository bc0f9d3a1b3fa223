-- Distances between test image, reconstruction and weighted mean, in four equal bins of the distance to the
-- nearest training image (Figure A11). Splits and architectures as in Figure A10, all restarts together. Rows of two kinds:
--   density  the outline of a violin at one distance: a Gaussian kernel, the widest place of each violin alike
--   median   its median
with candidate as (
  select * from chosen
  where "data" like 'tetrominoes:%' and architecture like 'mlp:%' and layers in (1, 3) and at_one and objective = 'beta'
    and likelihood = 'bernoulli' and stopping = 'never' and run in (select run from examples)
),
part as (
  select *,
    case when split like 'checkerboard%' then 'checkerboard'
      when split = 'default' or (split like 'cv:%' and train_examples >= test_examples) then 'dense'
      when split like 'cv:%' then 'sparse' end as role
  from candidate
),
split as (
  select distinct "data", split, role from part where role is not null
  qualify dense_rank() over (
    partition by "data", role order by if(role = 'dense', -train_examples, train_examples), split desc) = 1
),
panel as (
  select p.run, p.split_label, p.architecture_label, p.layers, list_position(['dense', 'sparse', 'checkerboard'], s.role) as split_order
  from part p join split s using ("data", split)
  qualify dense_rank() over (partition by p."data", p.split, p.layers order by p.architecture_index) = 1
),
binned as (
  select panel.*, e.*, ntile(4) over (partition by run order by nn_distance) - 1 as bin
  from panel join examples e using (run)
  where subset = 'test'
),
distance as (
  select split_label, split_order, architecture_label, layers, bin, min(nn_distance) over one_bin as low, max(nn_distance) over one_bin as high,
    unnest(['reconstruction to image', 'reconstruction to weighted mean', 'image to weighted mean']) as quantity, unnest([0, 1, 2]) as place, unnest([xhat_x, xhat_mu, x_mu]) as value
  from binned
  window one_bin as (partition by split_label, layers, bin)
),
violin as (
  select split_label, split_order, architecture_label, layers, bin, quantity, place,
    format('{:.1f}–{:.1f}', min(low), max(high)) as limits,
    bin + 0.28 * (place - 1) as centre, count(*) as n, median(value) as median, min(value) as low, max(value) as high,
    greatest(1.06 * stddev_samp(value) * count(*) ** -0.2, 1e-6) as bandwidth, list(value) as points
  from distance
  group by all
),
outline as (
  select violin.* exclude (points), unnest(range(0, 33)) as step, points from violin
),
density as (
  select * exclude (points, step), low + (high - low) * step / 32 as value,
    list_sum(list_transform(points, lambda p: exp(-0.5 * ((low + (high - low) * step / 32 - p) / bandwidth) ** 2))) as density
  from outline
),
scaled as (select *, 0.125 * density / max(density) over (partition by split_label, layers, bin, quantity) as half_width from density)
select 'density' as kind, split_label, split_order, architecture_label, layers, bin, limits, quantity, value,
  centre - half_width as "left", centre + half_width as "right"
from scaled
union all by name
select 'median' as kind, split_label, split_order, architecture_label, layers, bin, limits, quantity, median as value,
  centre - 0.125 as "left", centre + 0.125 as "right", n
from violin
order by split_order, layers, bin, quantity, kind, value
