-- Rate-distortion curves (Figure 3 of the paper). Rows of several kinds, told apart by `kind`:
--   point    mean over restarts of one split, architecture, latent size, beta and half
--   iso      the two ends of a line of equal -D - R
--   bounds   two corners of what the panels show
--   picture  one image of the strip above a panel, at x from 0 to 1
with point as (
  select
    split_index, split_label, architecture_index, architecture_label, latent_size, half, beta,
    count(*) as restarts,
    avg(rate) as rate, stddev_samp(rate) as rate_sd,
    avg(distortion) as distortion, stddev_samp(distortion) as distortion_sd,
    avg(elbo) as elbo, stddev_samp(elbo) as elbo_sd
  from results
  where beta is not null and isfinite(rate) and isfinite(distortion)
  group by all
),
latent as (select count(distinct latent_size) > 1 as several from point),
-- Panels: one row per split, one column per architecture (and latent size, when there are several).
named as (
  select point.*,
    split_label as row_label,
    architecture_label || if(several, ', latent ' || latent_size, '') as column_label,
    split_index as row_order, architecture_index * 10000 + latent_size as column_order,
    rate - coalesce(rate_sd, 0) as rate_low, rate + coalesce(rate_sd, 0) as rate_high,
    distortion - coalesce(distortion_sd, 0) as distortion_low,
    distortion + coalesce(distortion_sd, 0) as distortion_high
  from point, latent
),
panel as (select distinct row_label, row_order, column_label, column_order from named),
extent as (
  select
    min(rate_low) as r0, max(rate_high) as r1, min(distortion_low) as d0, max(distortion_high) as d1
  from named
),
-- What the panels show: the data's extent, 5 % wider on each side.
box as (
  select
    r0 - 0.05 * greatest(r1 - r0, 1e-6) as r0, r1 + 0.05 * greatest(r1 - r0, 1e-6) as r1,
    d0 - 0.05 * greatest(d1 - d0, 1e-6) as d0, d1 + 0.05 * greatest(d1 - d0, 1e-6) as d1
  from extent
  where r0 is not null
),
-- A round step (1, 2 or 5 times a power of ten) that gives about eight lines of equal D + R.
magnitude as (select r0 + d0 as low, r1 + d1 as high, 10 ** floor(log10((r1 + d1 - r0 - d0) / 8)) as ten from box),
step as (
  select low, high,
    ten * case when (high - low) / 8 / ten < 1.5 then 1 when (high - low) / 8 / ten < 3.5 then 2
      when (high - low) / 8 / ten < 7.5 then 5 else 10 end as width
  from magnitude
),
level as (
  select unnest(range(ceil(low / width)::bigint, floor(high / width)::bigint + 1)) * width as total from step
),
-- Where D + R = total enters the box (on the left or on top) and leaves it (on the right or below). A label
-- stands where it leaves, unless that is too near to a corner.
iso as (
  select total, greatest(r0, total - d1) as rate, null as exit from level, box
  union all
  select total, least(r1, total - d0) as rate,
    case when total - d0 < r1 and total - d0 > r0 + 0.15 * (r1 - r0) then 'below'
      when total - d0 >= r1 and total - r1 > d0 + 0.08 * (d1 - d0) then 'right' end
  from level, box
),
-- The hard test image: one run per beta, the one with the smallest seed.
shown as (
  select
    split_label as row_label, split_index as row_order,
    architecture_label || if(several, ', latent ' || latent_size, '') as column_label,
    architecture_index * 10000 + latent_size as column_order,
    beta, original, neighbour, reconstruction
  from pictures join runs using (run), latent
  where name = 'hard' and half = 'test' and beta is not null
  qualify row_number() over (partition by split_index, architecture_index, latent_size, beta order by seed) = 1
),
-- Positions in the strip: test image, its neighbour, a gap of 0.7, then beta from large to small, as the
-- curve runs from left to right.
slot as (
  select beta, 2.7 + row_number() over (order by beta desc) - 1 as slot, 2.7 + count(*) over () as slots
  from (select distinct beta from runs where beta is not null)
),
strip as (
  select row_label, row_order, column_label, column_order, beta, slot / slots as x, 1 / slots as w,
    regexp_replace(beta::varchar, '\.0$', '') as label, reconstruction as image, 'reconstruction' as what
  from shown join slot using (beta)
  union all
  select distinct on (row_label, column_label, side)
    row_label, row_order, column_label, column_order, null, side / slots, 1 / slots,
    ['test', 'train'][side + 1], [original, neighbour][side + 1],
    ['test image', 'nearest training image'][side + 1]
  from shown join slot using (beta), (select unnest([0, 1]) as side)
  union all
  select distinct row_label, row_order, column_label, column_order, null, 1.85 / slots, 1 / slots,
    'β:', null, 'caption'
  from shown, slot
)
select 'point' as kind, row_label, row_order, column_label, column_order, half, beta, restarts,
  rate, rate_sd, distortion, distortion_sd, elbo, elbo_sd,
  rate_low, rate_high, distortion_low, distortion_high,
  -- Where the curve's end is labelled: beside the largest beta, below the smallest, above it near the floor.
  case when beta = max(beta) over one_curve then 'left'
    when beta = min(beta) over one_curve then if(distortion > d0 + 0.1 * (d1 - d0), 'right', 'low') end as "end"
from named, box
window one_curve as (partition by row_label, column_label, half)
union all by name
select 'iso' as kind, panel.*, total as level, -total as elbo, exit, rate, total - rate as distortion from panel, iso
union all by name
select 'bounds' as kind, panel.*, unnest([r0, r1]) as rate, unnest([d0, d1]) as distortion from panel, box
union all by name
select 'picture' as kind, * from strip
order by row_order, column_order, kind desc, half, beta, level, rate, x
