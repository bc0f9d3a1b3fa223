-- Two latents (Figure A8): the run with the most layers of those trained on the fewest images. Neighbouring cells of a line
-- that look the same are one rectangle. Rows of three kinds:
--   density  log q(z) on half as fine a grid, in steps of a nat, down to ten below its maximum
--   weight   the training image with the largest weight, or null where that is not above 0.99
--   code     where a training image is encoded
with run as (
  select run, architecture_label, train_examples
  from runs
  where beta = 1 and objective = 'beta' and run in (select run from latent_plane)
  order by train_examples, layers desc, seed limit 1
),
plane as (select p.* from latent_plane p join run using (run)),
grid as (select min(x) as low, (max(x) - min(x)) / (count(distinct x) - 1) as width, max(log_q) as top from plane),
cell as (
  select 'weight' as kind, x - width / 2 as x, y - width / 2 as y, width,
    coalesce(if(largest_weight > 0.99, nearest, null), -1) as look
  from plane, grid
  union all
  select 'density', low - width / 2 + 2 * width * i, low - width / 2 + 2 * width * j, 2 * width,
    greatest(floor(ln(greatest(mean, 1e-300))), -10)
  from (
    select round((x - low) / width)::int // 2 as i, round((y - low) / width)::int // 2 as j, low, width,
      avg(exp(log_q - top)) as mean
    from plane, grid
    group by all
  )
),
-- Cells of a line and look that follow each other have the same difference of their two places.
island as (
  select *, row_number() over (partition by kind, y order by x) - row_number() over (partition by kind, y, look order by x)
    as island
  from cell
),
share as (select round(100 * avg((largest_weight > 0.99)::int))::int as share from plane),
titled as (
  select 'density' as panel, 'Inference marginal q(z)' as column_label, 0 as column_order
  union all
  select 'weight', 'Largest weight: above 0.99 over ' || share || ' % of the region', 1 from share where share is not null
)
select kind, column_label, column_order, min(x) as x, max(x) + any_value(width) as x2,
  -- A little higher than the cell, so that no seam shows between lines.
  y, y + 1.2 * any_value(width) as y2,
  if(kind = 'density', look, null) as density,
  -- Images that follow each other in the list get different colours.
  if(kind = 'weight' and look >= 0, 'c' || ((look * 7) % 20)::int, null) as colour,
  if(kind = 'weight' and look >= 0, look::int, null) as heaviest
from island join titled on panel = kind
group by kind, column_label, column_order, y, look, island
union all by name
select 'code' as kind, column_label, column_order, c.x, c.y, c.idx as heaviest
from latent_codes c join run using (run), titled
where panel = 'weight' and train_examples <= 500 and abs(c.x) < 3 and abs(c.y) < 3
order by column_order, kind desc, y desc, x
