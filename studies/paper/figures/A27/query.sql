-- Figure A27: test minus train distortion against beta, by the size of the training set.
with gap as (
  select run, max(distortion) filter (subset = 'test') - max(distortion) filter (subset = 'train') as gap
  from ordinary group by run
),
selection as (
  select chosen.*, kind_label as row_label,
    kind_order as row_order, depth_label || variant as column_label, layers as column_order,
    size_label as colour_label, size_step as colour_order, weight as x, gap as y
  from gap join chosen using (run) join split_steps using (set_name, split)
  where family = 'MLP' and layers in (1, 3) and weight > 0
)
from curves(selection)
