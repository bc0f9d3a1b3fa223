-- Figure A15: mean norms of the weight matrices of decoder and encoder against beta, on several splits.
with norm as (
  select *, 'Decoder' as part, 0 as part_order from measured(['decoderNorm'])
  union all
  select *, 'Encoder', 1 from measured(['encoderNorm'])
),
selection as (
  select n.*, part as row_label, part_order as row_order, family || ', ' || depth_label || variant as column_label,
    if(family = 'MLP', 0, 100) + layers as column_order, split_label as colour_label,
    list_position(['dense', 'sparse', 'checkerboard', 'cd'], role) as colour_order, family || part as frame,
    weight as x, "value" as y
  from norm n join split_roles using (set_name, split)
  where layers in (1, 3) and subset = 'train' and role in ('dense', 'sparse', 'checkerboard', 'cd')
    and objective = 'beta' and weight > 0
)
from curves(selection)
