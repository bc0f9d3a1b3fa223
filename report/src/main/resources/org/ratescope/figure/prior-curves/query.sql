-- Test RD curves by prior: L_β, the first likelihood and rule of stopping, a panel for each split and architecture.
-- Dashed: the same runs with a prior that `evaluate --prior` fitted to their codes.
with fitted as (
  select run, subset, fitted_prior,
    max("value") filter (name = 'rate') as rate,
    max("value") filter (name = 'distortion') as distortion
  from prior_estimates group by run, subset, fitted_prior
),
shown as (
  select *, '' as dash_label, 0 as dash_order from ordinary
  union all by name
  select o.* exclude (rate, distortion, elbo), f.rate, f.distortion, 'fitted ' || fitted_prior as dash_label, 1 as dash_order
  from ordinary o join fitted f using (run, subset)
),
test as (from shown where subset = 'test'),
selection as (from by_prior('test'))
from rate_distortion('selection')
