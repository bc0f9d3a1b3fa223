with cv as (
  select split, train, mean, ratio from neighbour_summary
  where split like 'cv:%' and "data" like 'tetrominoes%'
    and "data" = (select max("data") from neighbour_summary where "data" like 'tetrominoes%')
),
ranked as (
  select *, rank() over (order by train) + (count(*) over (partition by train) - 1) / 2 as train_rank,
    rank() over (order by mean) + (count(*) over (partition by mean) - 1) / 2 as mean_rank
  from cv
),
found as (
  select count(*) as n, corr(train_rank, mean_rank) as trend, arg_max(split, train) as largest,
    arg_min(split, abs(ln(ratio / 0.1))) as tenth, min(abs(ln(ratio / 0.1))) as distance
  from ranked
),
-- The share of test images up to each upper edge of a bin.
histogram as (
  select split, bin_high as edge,
    sum("count") over (partition by split order by bin_high) / sum("count") over (partition by split) as share
  from neighbour_distances
  where "data" = (select max("data") from neighbour_distances where "data" like 'tetrominoes%')
),
compared as (
  select tenth as split from found union select largest from found
),
edge as (
  select distinct compared.split, edge from compared, histogram
  where histogram.split in ('checkerboard', compared.split)
),
gap as (
  select edge.split, max(abs(coalesce(board.share, 0) - coalesce(other.share, 0))) as gap
  from edge
  asof left join (from histogram where split = 'checkerboard') board on edge.edge >= board.edge
  asof left join histogram other on edge.split = other.split and edge.edge >= other.edge
  group by edge.split
),
lacking as (
  select split from (
    select 0 as place, 'checkerboard' as split union all select 1, tenth from found union all select 2, largest from found)
  where split not in (select split from histogram) order by place limit 1
)
select if(n < 3 or distance > ln(1.5) or lacking.split is not null, null,
    trend < -0.999999 and near.gap < far.gap / 2) as holds,
  case when n < 3 then n || ' CV splits with distances, at least 3 are needed'
    when distance > ln(1.5) then 'no CV split near a tenth, the nearest is ' || tenth
    when lacking.split is not null then 'no distances of the split ' || lacking.split
    else format('rank correlation of training size and mean distance {:.2f} over {} CV splits; '
      || 'largest cumulative gap of the checkerboard to {} {:.3f}, to {} {:.3f}',
      trend, n, tenth, near.gap, largest, far.gap) end as numbers
from found left join lacking on true
  left join gap near on near.split = tenth left join gap far on far.split = largest
