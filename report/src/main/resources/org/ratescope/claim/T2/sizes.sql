with paper as (
  from splits where not (train is null or test is null or paper_train is null or paper_test is null)
),
wrong as (
  select split, format('{} {}/{}, not {}/{}', split, train, test, paper_train, paper_test) as text
  from paper where train <> paper_train or test <> paper_test
)
select if(n = 0, null, bad = 0) as holds,
  if(n = 0, 'no split that Table A2 has', format('{} of {} splits equal', n - bad, n) || coalesce(': ' || list, ''))
    as numbers
from (select count(*) as n from paper),
  (select count(*) as bad, string_agg(text, '; ' order by split) as list from wrong)
