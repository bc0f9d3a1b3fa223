-- Rate-distortion curves (Figure 3 of the paper): training and test set, a panel for each split, architecture and
-- whatever else the study varies, and the hard test image above each panel.
with selection as (select * from results join panels using (run))
from rate_distortion(selection)
union all by name
from strip(selection)
