with factor as (
  select factor, any_value(mean) as mean from sensitivity
  where "data" = (select max("data") from sensitivity) and factor in ('angle', 'color', 'scale', 'x', 'y')
  group by factor
),
ordered as (
  select list(factor order by mean desc) as names,
    string_agg(format('{} {:.2f}', factor, mean), ', ' order by mean desc) as means
  from factor where mean is not null
)
select if(len(names) = 5,
    names[1] = 'angle' and names[5] = 'scale' and list_sort(names[2:3]) = ['x', 'y'], null) as holds,
  if(len(names) = 5, 'mean distances: ' || means, coalesce(len(names), 0) || ' of 5 factors were moved') as numbers
from ordered
