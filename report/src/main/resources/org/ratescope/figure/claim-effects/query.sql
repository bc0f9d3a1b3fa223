-- The effects of claims against the updates made. A panel for each effect, in the order of the claims.
select claim || ' (' || outcome || '); ' || effect as panel,
  claim_index * 100 + dense_rank() over (partition by claim order by effect) as panel_order,
  claim, outcome, effect, share, updates, "value"
from claim_effects
where isfinite("value")
order by panel_order, share
