-- few: no test distortion on the sparse split
select min(distortion) from ordinary join split_roles using (set_name, split) where role = 'sparse' and subset = 'test'
