-- Mutual information and marginal KL against beta (Figures 8 and A24): training and test set, a panel for each split,
-- architecture and whatever else the study varies. Beside the rows of `curves`:
--   ceiling  log N, which no estimate of the mutual information from N examples can exceed
-- Drawn are the exact estimates; where most runs have only the paper's batch estimates, those. beta = 0 has
-- no place on a logarithmic axis and is left out.
with part as (
  select *, 'mutual information' as dash_label, 0 as dash_order
  from measured(['mutualInformation', 'mutualInformationBatch'])
  union all
  select *, 'marginal KL', 1 from measured(['marginalKl', 'marginalKlBatch'])
),
selection as (
  select panels.*, dash_label, dash_order, subset, coalesce(weight, beta_kl) as weight, beta, seed, convergence, train_examples,
    test_examples, coalesce(weight, beta_kl) as x, "value" as y
  from part join panels using (run)
  where coalesce(weight, beta_kl) > 0
)
from curves(selection)
union all by name
from ceilings(selection)
