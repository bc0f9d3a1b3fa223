-- name: ${column} of ${layers}-layer MLP, CV split nearest to the checkerboard
-- The CV split with runs whose test images are as far from their nearest training images as the checkerboard's; the sparse
-- split where the distances are unknown.
select paper_weight, ${column}, run, seed from ordinary
where family = 'MLP' and layers = ${layers} and subset = 'test' and isfinite(${column}) and set_name = 'tetrominoes'
  and of_first_variant
  and split = coalesce(
    (select arg_min(cv.split, abs(ln(cv.mean / board.mean)))
      from neighbour_summary cv, (
        select "data", mean from neighbour_summary where split = 'checkerboard' and "data" like 'tetrominoes%'
        order by "data" desc limit 1) board
      where cv."data" = board."data" and cv.split in (
        select split from ordinary where split_kind = 'cv' and family = 'MLP' and layers = ${layers}
          and set_name = 'tetrominoes')),
    (select split from split_roles where role = 'sparse' and set_name = 'tetrominoes' limit 1))
