select distinct prior, prior_index from ordinary where prior not in ('normal', 'gaussian') order by prior_index
