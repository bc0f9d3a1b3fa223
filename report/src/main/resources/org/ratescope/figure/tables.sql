-- The studies, in the order of the suite.
create table studies (
  study varchar primary key,      -- the study's name
  title varchar,
  study_index integer,            -- position in the suite, from 0
  "data" varchar,                 -- canonical text of the data set
  restarts integer                -- that were asked for
);

-- One row for every run of every study, once, also for those without a record (outcome 'missing').
create table runs (
  run varchar primary key,        -- the run's id
  "data" varchar,                 -- canonical text of the data set
  data_label varchar,             -- for people: Tetrominoes (32×32)
  data_index integer,             -- position in the suite, from 0
  split varchar,                  -- as in the study file: cv:0.1
  split_label varchar,            -- for people: CV (16k/147k)
  split_index integer,            -- position in the study file, or in the suite, from 0
  architecture varchar,           -- as in the study file: mlp:3x512, cnn:3x64
  architecture_label varchar,     -- for people: 3-layer MLP (512 units)
  architecture_index integer,     -- position in the study file, or in the suite, from 0
  layers integer,
  latent_size integer,
  likelihood varchar,             -- as in the study file: gaussian:0.1
  likelihood_label varchar,       -- for people: Gaussian (variance 0.1)
  likelihood_index integer,       -- position in the study file, or in the suite, from 0
  objective varchar,              -- beta, mi, kl, or both
  objective_label varchar,        -- for people: L_β, L_MI, L_KL
  beta_mi double,
  beta_kl double,
  beta double,                    -- null unless both weights are equal
  weight double,                  -- the number that varies within an objective: beta, beta_mi or beta_kl; null for both
  stopping varchar,               -- never, or the rule of early stopping
  stopping_label varchar,         -- for people: all iterations, early stopping
  stopping_index integer,         -- position in the study file, or in the suite, from 0
  iterations integer,
  batch integer,
  learning_rate double,
  "precision" varchar,
  seed bigint,
  repeat_of varchar,              -- the diverged run that this one repeats in another precision, else null
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
  cohort_size integer             -- how many runs were trained together
);

-- Which studies declare a run; several may.
create table members (run varchar, study varchar);

-- What the estimators found, one row per run, name and half.
create table estimates (
  run varchar, name varchar, half varchar,
  "value" double, standard_error double, unit varchar, examples integer,
  settings varchar                -- samples, proposal, mixture; empty where there is no choice
);

-- Batch losses along the way, nats per example.
create table trace (run varchar, step integer, distortion double, rate double);

-- Picked examples; the images are PNG files as data: addresses.
create table pictures (
  run varchar, name varchar, half varchar, idx integer, distance double,
  original varchar, neighbour varchar, reconstruction varchar
);

-- Finished runs with their main numbers side by side, one row per run and half.
create view results as
select
  runs.*, half, distortion, rate,
  coalesce(elbo, -distortion - rate) as elbo,
  distortion_standard_error, rate_standard_error, examples
from runs join (
  select
    run, half,
    max("value") filter (name = 'distortion') as distortion,
    max("value") filter (name = 'rate') as rate,
    max("value") filter (name = 'elbo') as elbo,
    max(standard_error) filter (name = 'distortion') as distortion_standard_error,
    max(standard_error) filter (name = 'rate') as rate_standard_error,
    max(examples) filter (name = 'distortion') as examples
  from estimates
  group by run, half
) using (run)
where outcome = 'finished';

-- The runs, or the finished runs with their numbers, that one of these studies declares: results_of(['rd', 'cnn']).
create macro runs_of(names) as table
  select * from runs where run in (select run from members where list_contains(names, study));
create macro results_of(names) as table
  select * from results where run in (select run from members where list_contains(names, study));
