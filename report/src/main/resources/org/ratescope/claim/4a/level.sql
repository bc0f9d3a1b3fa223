-- few: no test distortion of an MLP
-- The lowest test distortion of any MLP, which differences are compared with.
select min(distortion) from ordinary where family = 'MLP' and subset = 'test'
