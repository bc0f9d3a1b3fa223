-- Figure A19: test minus train distortion against beta.
with gap as (
  select run, max(distortion) filter (subset = 'test') - max(distortion) filter (subset = 'train') as gap
  from ordinary group by run
),
selection as (
  select chosen.*, family as row_label, if(family = 'MLP', 0, 1) as row_order, split_label as column_label,
    if(role = 'dense', 0, 1) as column_order, depth_label || variant as colour_label, layers as colour_order,
    weight as x, gap as y
  from gap join chosen using (run) join split_roles using (set_name, split)
  where layers in (1, 3) and role in ('dense', 'sparse') and weight > 0
)
from curves(selection)
