-- Rate-distortion curves with the excess distortion, the distortion above the one that no decoder can fall below: a unit
-- in which data sets can be compared. Needs the estimator excessDistortion.
with selection as (
  select * replace (excess as distortion) from results join panels using (run) where isfinite(excess)
)
from rate_distortion(selection)
