-- The studies, in the order of the suite.
create table studies (
  study varchar primary key,      -- the study's name
  title varchar,
  study_index integer,            -- position in the suite, from 0
  "data" varchar,                 -- canonical text of the data set
  restarts integer                -- that were requested
);

-- One row for every run of every study, once, also for those without a record (outcome 'missing').
create table runs (
  run varchar primary key,        -- the run's id
  -- the columns of each field, in the order of RunFields.ALL: the text or number as the study file has it; of a text
  -- also a label for people and its position in the study files, from 0; then the values that are read off it
  {columns of fields},
  repeat_of varchar,              -- the diverged run that this one repeats in another precision, else null
  whole_run varchar,              -- of a run that leaves a fold out, the run on the whole training set; else null
  outcome varchar,                -- finished, diverged, failed or missing
  step integer,                   -- updates carried out
  weights_of integer,             -- updates the kept weights have seen; fewer than step where early stopping went back
  message varchar,                -- why it failed
  train_examples integer,         -- provenance from here on; null where there is no record
  test_examples integer,
  ratescope varchar,
  jvm varchar,
  libtorch varchar,
  blas varchar,
  device varchar,
  data_sha256 varchar,
  cohort_size integer,            -- how many runs were trained together
  convergence varchar,            -- converged, still falling or unknown; null where the run has not finished
  loss_fall double,               -- nats by which the training loss still fell in a tenth of the updates; null if unknown
  loss_fall_error double          -- its standard error
);

-- Which studies declare a run; several may.
create table members (run varchar, study varchar);

-- What the estimators found, one row per run, name and subset.
create table estimates (
  run varchar, name varchar, subset varchar,
  "value" double, standard_error double, unit varchar, examples integer,
  settings varchar                -- samples, proposal, mixture; empty where there is no choice
);

-- Batch losses along the way, nats per example.
create table trace (run varchar, step integer, distortion double, rate double);

-- Losses of a fixed sample of each set along the way, with the weights after so many updates; nats per example. Records
-- of earlier versions have none.
create table learning_curves (run varchar, step integer, subset varchar, distortion double, rate double);

-- The effects of claims at shares of the training, from the learning curves of their runs in place of the estimates:
-- numbers that favour the claim if they grow. Filled when a query first names it.
create table claim_effects (
  claim varchar, claim_index integer, outcome varchar, effect varchar, share double, updates double, "value" double
);

-- Picked examples; the images are PNG files as data: addresses.
create table pictures (
  run varchar, name varchar, subset varchar, idx integer, distance double,
  original varchar, neighbour varchar, reconstruction varchar
);

-- Finished runs with their main numbers side by side, one row per run and subset. Runs without a fold of a training
-- set are not among them: they serve a comparison (twinHalves, leaveOneOut), and figures must not average over them.
create view results as
select
  runs.*, subset, distortion, rate,
  coalesce(elbo, -distortion - rate) as elbo,
  excess, excess_share,           -- null where excessDistortion was not requested
  distortion_standard_error, rate_standard_error, examples
from runs join (
  select
    run, subset,
    max("value") filter (name = 'distortion') as distortion,
    max("value") filter (name = 'rate') as rate,
    max("value") filter (name = 'elbo') as elbo,
    max("value") filter (name = 'excessDistortion') as excess,
    max("value") filter (name = 'excessDistortion.share') as excess_share,
    max(standard_error) filter (name = 'distortion') as distortion_standard_error,
    max(standard_error) filter (name = 'rate') as rate_standard_error,
    max(examples) filter (name = 'distortion') as examples
  from estimates
  group by run, subset
) using (run)
where outcome = 'finished' and fold is null;

-- The runs, or the finished runs with their numbers, that one of these studies declares: results_of(['rd', 'cnn']).
create macro runs_of(names) as table
  select * from runs where run in (select run from members where list_contains(names, study));
create macro results_of(names) as table
  select * from results where run in (select run from members where list_contains(names, study));
-- The tables from here on are filled when a query first names one of them.

-- Sizes of splits, beside those that Table A2 prints for the Tetrominoes.
create table splits (
  "data" varchar, split varchar,
  train integer, test integer,
  paper_name varchar,             -- as Table A2 prints it; null, like the next three, where it has no such row
  paper_index integer,            -- its place in Table A2, from 0
  paper_train integer, paper_test integer
);

-- Points of two factors under four splits, drawn as the Tetrominoes' splits are.
create table split_points ("data" varchar, split varchar, x double, y double, subset varchar);

-- Distances of test images to their nearest training images: Euclidean, in pixel values.
create table neighbour_summary (
  "data" varchar, split varchar,
  train integer, test integer,    -- sizes of training and test set
  mean double, standard_error double, p10 double, p50 double, p90 double,
  normaliser double,              -- distance of a black and a white image; divide by it to compare data sets
  examples integer,               -- test images that were compared
  ratio double                    -- of the split, where it has one: cv and cd
);

-- Their histogram, bins of 1/256 of the normaliser.
create table neighbour_distances ("data" varchar, split varchar, bin_low double, bin_high double, "count" integer);

-- Images of data sets, splits (null where they belong to none) and factors, by sheet and place.
create table data_pictures (
  "data" varchar, split varchar,
  name varchar,                   -- sample, a piece's letter, minimum, median, maximum, a factor
  position integer,               -- from 0; of a pair, even for the first image
  image varchar,
  distance double                 -- of a pair's second image, its distance to the first
);

-- Distances between images that differ by one unit of one factor, one row per factor and bin.
create table sensitivity (
  "data" varchar, factor varchar,
  mean double, standard_error double,  -- over all bins, the same in each row
  bin_low double, bin_high double, "count" integer,
  examples integer                -- images that were moved
);

-- Test examples one by one as a run's model remembers them: distances in pixel values, cross-entropies in nats.
create table examples (
  run varchar, subset varchar, idx integer,
  nn_distance double,             -- to the nearest training image
  x_mu double, xhat_x double, xhat_mu double,
  bce_x double, bce_mu double,
  perplexity double,              -- exp of the entropy of the weights of Equation 5
  largest_weight double,
  heaviest integer                -- row in the training set of the image that has it
);

-- Some of them as images; role: original, reconstruction, mu, heaviest 1, heaviest 2, heaviest 3.
create table example_pictures (
  run varchar, name varchar, idx integer, role varchar,
  weight double,                  -- of a training image, else null
  image varchar
);

-- Models with two latents over a grid of codes; x, y are a cell's centre.
create table latent_plane (
  run varchar, x double, y double,
  log_q double,                   -- log density of the inference marginal, in nats
  nearest integer,                -- row in the training set of the example with the largest weight of Equation 5
  largest_weight double
);

-- Posterior means of training examples, at most the first 1000.
create table latent_codes (run varchar, idx integer, x double, y double);

-- What a run's decoder draws, as grids of images.
create table gallery (
  run varchar,
  sheet varchar,                  -- samples, images (of the test set), reconstructions, traversals, interpolations
  "rows" integer, "columns" integer,
  image varchar,                  -- the grid as a data: address
  about varchar                   -- which images, latents or values
);

-- Estimates of finished runs with a prior that `evaluate --prior` fitted to their codes; columns as in estimates.
create table prior_estimates (
  run varchar,
  fitted_prior varchar,           -- the fitted prior; the run's own is runs.prior
  name varchar, subset varchar,
  "value" double, standard_error double, unit varchar, examples integer, settings varchar
);

-- A split as the paper writes it: CV (16k/147k).
create macro split_name(split, train, test) as
  case when split like 'cv:%' then 'CV' when split like 'cd:%' then 'CD' else upper(split[1]) || split[2:] end
  || ' (' || thousands(train) || '/' || thousands(test) || ')';
create macro thousands(n) as if(n < 1000, n::varchar, round(n / 1000.0)::bigint || 'k');
