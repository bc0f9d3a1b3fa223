-- Distances of test images to their nearest training image on the other data sets (Figure A18): the density of distances
-- in a bin, for the splits whose share of training images is nearest to 50 % and to 10 %; the tooltip names them.
with chosen as (
  select s.*, regexp_extract(s."data", '^[^:]+') as set_name, wanted
  from neighbour_summary s, (values ('large', 0.5), ('small', 0.1)) as w(wanted, share)
  where s."data" not like 'tetrominoes:%' and (s.split like 'cv:%' or s.split = 'default')
  qualify row_number() over (
    partition by s."data", wanted order by abs(train / (train + test) - share), s.split desc) = 1
),
-- A data set with one split has it once, as what it is nearer to.
split as (
  select * from chosen
  qualify row_number() over (partition by "data", split order by abs(train / (train + test) - if(wanted = 'large', 0.5, 0.1))) = 1
),
bin as (
  select "data", split, round(bin_low / (bin_high - bin_low))::bigint // 4 as place, bin_high - bin_low as width, "count"
  from neighbour_distances
),
grid as (
  select "data", unnest(range(0, max(place) + 2)) as place, 4 * max(width) as width
  from bin group by "data"
),
counted as (
  select g."data", s.split, g.place, g.width, coalesce(sum(b."count"), 0) as n
  from split s join grid g using ("data") left join bin b on b."data" = s."data" and b.split = s.split and b.place = g.place
  group by g."data", s.split, g.place, g.width
)
select set_title(s.set_name) as row_label, list_position(['fashion-mnist', 'smallnorb', 'mnist', '3dshapes'], s.set_name) as row_order,
  s.wanted || ' training set' as split,
  split_name(s.split, s.train, s.test) as split_label, s.mean,
  (c.place + 0.5) * c.width as distance, c.n / (s.examples * c.width) as density
from counted c join split s using ("data", split)
order by row_order, split, distance
