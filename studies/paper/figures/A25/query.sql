-- Figure A25: RD curves of 1, 2 and 3 layers on three splits, training and test set.
with selection as (
  select o.*, if(subset = 'train', 'Training', 'Test') as row_label, if(subset = 'train', 0, 1) as row_order,
    split_label as column_label, list_position(['default', 'sparse', 'checkerboard'], role) as column_order,
    depth_label || variant as colour_label, layers as colour_order
  from ordinary o join split_roles using (set_name, split)
  where family = 'MLP' and role in ('default', 'sparse', 'checkerboard')
)
from rate_distortion(selection)
