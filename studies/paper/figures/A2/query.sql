-- Test images of minimum, median and maximum distance to their nearest training image, beside that image, by split
-- (Figure A2). A pair is two rows; the distance stands with the second.
with chosen as (
  select "data" from neighbour_summary where "data" like 'tetrominoes:%' group by "data" order by count(*) desc, "data" limit 1
)
select
  split_name(split, train, test) as split_label,
  case when split like 'cv:%' then 0 when split = 'default' then 1 when split like 'cd:%' then 2 else 3 end * 1000000 + train
    as split_order,
  name, ['test', 'nearest'][position + 1] as role, image, distance
from data_pictures p join chosen using ("data") join neighbour_summary s using ("data", split)
where name in ('minimum', 'median', 'maximum')
order by split_order, list_position(['minimum', 'median', 'maximum'], name), position
