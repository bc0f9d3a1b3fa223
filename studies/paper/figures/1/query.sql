-- Images of the Tetrominoes drawn at random and, beyond the paper, eight of each piece (Figure 1). Rows of two kinds:
--   sample  an image of the data set, nine to a line
--   piece   one of the seven pieces; a column has the same factors in every line
with chosen as (
  select "data" from data_pictures where name = 'sample' and "data" like 'tetrominoes:%' order by "data" limit 1
),
picture as (select name, position, image from data_pictures join chosen using ("data"))
select 'sample' as kind, position // 9 as line, position % 9 as place, null as piece, image
from picture where name = 'sample'
union all
select 'piece', list_position(['J', 'L', 'I', 'T', 'Z', 'S', 'O'], name) - 1, position, name, image
from picture where length(name) = 1 and position < 8 and name in ('J', 'L', 'I', 'T', 'Z', 'S', 'O')
order by kind desc, line, place
