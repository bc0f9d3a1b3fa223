with factor as (
  select factor, any_value(mean) as mean, coalesce(any_value(standard_error), 0) as error from sensitivity
  where "data" = (select arg_max("data", resolution) from (
      select "data", coalesce(try_cast(regexp_extract("data", 'resolution=(\d+)', 1) as integer), 32) as resolution
      from sensitivity))
    and factor in ('angle', 'color', 'scale', 'x', 'y')
  group by factor
),
steps as (
  select above.factor || ' over ' || below.factor as step, above.mean / below.mean - 1 as share,
    above.mean - below.mean - 2.24 * sqrt(above.error ** 2 + below.error ** 2) as bound
  from factor above join factor below on (above.factor, below.factor) in (
    ('angle', 'x'), ('angle', 'y'), ('x', 'color'), ('y', 'color'), ('color', 'scale'))
)
select if(count(*) = 5 and (select count(*) from factor where mean is not null) = 5, min(share) >= 0.05 and min(bound) > 0, null) as holds,
  if(count(*) = 5 and (select count(*) from factor where mean is not null) = 5,
    'mean distances: ' || (select string_agg(format('{} {:.2f}', factor, mean), ', ' order by mean desc) from factor)
      || format('; smallest step {:+.1f} %, {}', 100 * min(share), arg_min(step, share)),
    (select count(*) from factor where mean is not null) || ' of 5 factors were moved') as numbers
from steps
