-- An easy, a typical and a hard test image (5th, 50th, 95th percentile of the distance to the nearest training image), its
-- reconstruction and the training image of largest weight (Figure A10), on an easy split, on the sparsest, and on the
-- checkerboard, with one and three hidden layers at beta = 1. One row for each image.
with candidate as (
  select * from chosen
  where "data" like 'tetrominoes:%' and architecture like 'mlp:%' and layers in (1, 3) and at_one and objective = 'beta'
    and likelihood = 'bernoulli' and stopping = 'never' and run in (select run from example_pictures)
),
part as (
  select *,
    case when split like 'checkerboard%' then 'checkerboard'
      when split = 'default' or (split like 'cv:%' and train_examples >= test_examples) then 'dense'
      when split like 'cv:%' then 'sparse' end as role
  from candidate
),
-- Dense: the default split, else the largest constant-volume one. Sparse: the smallest.
split as (
  select distinct "data", split, role from part where role is not null
  qualify dense_rank() over (
    partition by "data", role order by if(role = 'dense', -train_examples, train_examples), split desc) = 1
),
run as (
  select p.run, p.split_label, p.architecture_label, p.layers, list_position(['dense', 'sparse', 'checkerboard'], s.role) as split_order
  from part p join split s using ("data", split)
  qualify row_number() over (partition by p."data", p.split, p.layers order by p.architecture_index, p.seed) = 1
),
role(role, role_label, place) as (
  values ('original', 'test image', 0), ('reconstruction', 'reconstruction', 1), ('heaviest 1', 'largest weight', 2)
)
select split_label, split_order, architecture_label, layers, name, place, role_label, weight, image
from run join example_pictures using (run) join role using (role)
where name in ('easy', 'typical', 'hard')
order by split_order, layers, list_position(['easy', 'typical', 'hard'], name), place
