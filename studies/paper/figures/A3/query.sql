-- Images before and after one factor is moved by one unit (Figure A3): for each factor, the images at the 10th, 50th and
-- 90th percentile of the distance that it makes.
with chosen as (select min("data") as "data" from sensitivity),
mean as (select distinct factor, mean from sensitivity join chosen using ("data"))
select factor, row_number() over (partition by factor, position % 2 order by position) as place,
  mean as factor_order, ['original', 'moved'][position % 2 + 1] as role, image, distance
from data_pictures p join chosen using ("data") join mean on p.name = mean.factor
order by factor_order desc, place, position
