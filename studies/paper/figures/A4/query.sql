-- Distances between images and the same images with one factor moved by one unit (Figure A4). Rows of two kinds:
--   bin   the density of a factor's distances in a bin
--   mean  a factor's mean
with chosen as (select min("data") as "data" from sensitivity),
factor as (select distinct factor, mean, standard_error, examples from sensitivity join chosen using ("data")),
bin as (
  select factor, round(bin_low / (bin_high - bin_low))::bigint as place, bin_high - bin_low as width, "count"
  from sensitivity join chosen using ("data")
),
grid as (select unnest(range(0, max(place) + 2)) as place, max(width) as width from bin),
density as (
  select f.factor, f.mean, (g.place + 0.5) * g.width as distance,
    coalesce(sum(b."count"), 0) / (f.examples * g.width) as density
  from factor f cross join grid g left join bin b on b.factor = f.factor and b.place = g.place
  group by f.factor, f.mean, f.examples, g.place, g.width
)
select 'bin' as kind, factor, mean as factor_order, distance, density from density
union all by name
select 'mean' as kind, factor, mean as factor_order, mean as distance, standard_error, examples from factor
order by kind, factor_order desc, distance
