-- Sizes of the Tetrominoes' splits beside the paper's (Table A2), one row for each number.
with chosen as (select min("data") as "data" from splits where paper_name is not null),
split as (select splits.* from splits join chosen using ("data") where paper_name is not null)
select paper_name as name, paper_index as place, subset, source, "count",
  format('{:,}', "count") as text, if(source = 'ours', ours - paper, null) as difference
from split,
  lateral (select unnest([
    {subset: 'Training', source: 'ours', "count": train, ours: train, paper: paper_train},
    {subset: 'Training', source: 'paper', "count": paper_train, ours: train, paper: paper_train},
    {subset: 'Test', source: 'ours', "count": test, ours: test, paper: paper_test},
    {subset: 'Test', source: 'paper', "count": paper_test, ours: test, paper: paper_test}], recursive := true))
order by place, subset desc, source
