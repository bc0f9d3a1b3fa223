-- The marginal KL against β by prior, on the test set: what of the rate is the prior's mismatch.
with selection as (
  select m.* exclude (prior_label),
    split_label || if(min(set_name) over () <> max(set_name) over (), ', ' || set_label, '') as row_label,
    data_index * 10000 + split_index as row_order,
    architecture_label || if(min(latent_size) over () <> max(latent_size) over (), ', latent ' || latent_size, '') as column_label,
    architecture_index * 10000 + latent_size as column_order,
    prior_label as colour_label, prior_index as colour_order,
    beta as x, "value" as y
  from measured(['marginalKl', 'marginalKlBatch']) m
  where subset = 'test' and objective = 'beta' and beta > 0
    and likelihood_index = (select min(likelihood_index) from chosen)
    and stopping_index = (select min(stopping_index) from chosen)
)
from curves(selection)
