-- Distances of test images to their nearest training image, by split (Figure A1). Rows of two kinds:
--   bin   the density of distances in a bin (two of the record's), zero bins included
--   mean  the mean distance of a split, beside the share of all images that trains
with chosen as (
  select "data" from neighbour_summary where "data" like 'tetrominoes:%' group by "data" order by count(*) desc, "data" limit 1
),
summary as (
  select s.*,
    case when split like 'cd:%' then 'Constant density (CD)' when split like 'checkerboard%' then 'Checkerboard'
      else 'Constant volume (CV)' end as family,
    split_name(split, train, test) as split_label
  from neighbour_summary s join chosen using ("data")
  -- The default split trains on the rows of cv:0.5: drawn once.
  where split like 'cv:%' or split like 'cd:%' or split like 'checkerboard%'
    or (split = 'default' and not exists (select 1 from neighbour_summary o where o."data" = s."data" and o.split like 'cv:%' and o.train = s.train))
),
everything as (select max(train + test) as images from summary),
bin as (
  select split, round(bin_low / (bin_high - bin_low))::bigint // 2 as place, bin_high - bin_low as width, "count"
  from neighbour_distances join chosen using ("data")
),
grid as (
  select unnest(range(0, max(place) + 2)) as place, 2 * max(width) as width from bin
),
density as (
  select s.family, s.split_label, s.train, (g.place + 0.5) * g.width as distance,
    coalesce(sum(b."count"), 0) / (s.examples * g.width) as density
  from summary s cross join grid g left join bin b on b.split = s.split and b.place = g.place
  group by s.family, s.split_label, s.train, s.examples, g.place, g.width
)
select 'bin' as kind, family, split_label, train, distance, density, thousands(train) as size from density
union all by name
select 'mean' as kind, family, split_label, train, mean, standard_error, p10, p90, train / images as ratio, examples
from summary, everything
order by kind, family, train, distance
