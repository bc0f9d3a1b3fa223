-- few: no 3-layer run with likelihood ${likelihood} has activeDimensions
select avg("value") from measured(['activeDimensions']) join split_roles using (set_name, split)
where family = 'MLP' and layers = 3 and role = 'sparse' and subset = 'test' and objective = 'beta'
  and likelihood like '${likelihood}%'
