select share >= 0.9 as holds,
  if(share is null, 'no run with 2 latents has its plane', format('{:.2f} % of {} cells', 100 * share, cells))
    as numbers, runs
from (
  select avg((largest_weight > 0.99)::integer) as share, count(*) as cells, string_agg(distinct run, ',') as runs
  from latent_plane join chosen using (run) where latent_size = 2
)
