-- What curve figures share: views that say which runs a figure is about, and table macros that turn a
-- selection of runs into the rows a spec draws. Described for users in docs/figures.md.

-- What a data set is called in titles.
create macro set_title(set_name) as
  case set_name when 'tetrominoes' then 'Tetrominoes' when 'mnist' then 'MNIST'
    when 'fashion-mnist' then 'Fashion-MNIST' when 'smallnorb' then 'SmallNORB' when '3dshapes' then '3dShapes' when 'hangul' then 'Hangul' else set_name end;

-- The paper's β for a β of 1 on these images, DataSpec.betaScale.
create macro beta_scale("data") as {beta scale};

-- The studies that the figure being drawn names (usermeta.ratescope.studies); empty for all.
create table wanted (study varchar);

-- The runs of the studies that the figure names, or all runs where none of these studies is there, without those
-- that leave a fold of a training set out. The columns beyond those of runs are for selecting by role. The table `chosen`
-- is this view's content, made anew whenever `wanted` changes: figures ask for it many times.
create view choice as
with named as (select run from members join wanted using (study)),
named_runs as (
  select *
  from runs
  where fold is null and (not exists (from named) or run in (from named) or repeat_of in (from named))
),
labelled as (
  select *,
    set_title(set_name) as set_label,
    layers || if(layers = 1, ' layer', ' layers') as depth_label,
    -- What else differs among the runs of one data set, so that no mean is taken over it; '' for nothing.
    {settings that differ} as setting,
    -- The weight on the paper's scale: β is multiplied by the ratio of distortion ranges.
    if(objective = 'mi' or beta_scale("data") = 1 or weight = 0, weight,
      round(weight * beta_scale("data"), (1 - floor(log10(weight * beta_scale("data"))))::integer)) as paper_weight,
    setting || if(min(width) over f <> max(width) over f, ', ' || width || if(family = 'CNN', ' channels', ' units'), '')
      as variant
  from named_runs
  window s as (partition by set_name), f as (partition by set_name, family)
)
select *,
  -- Whether β is 1, on these images or on the paper's scale.
  objective = 'beta' and (beta = 1 or paper_weight = 1) as at_one,
  -- Whether the run is of the first data set, and of the first variant of its networks of that kind and depth, in the
  -- order of the study files: claims about one network judge these.
  set_name = first_value(set_name) over (order by data_index) as of_first_set,
  variant = first_value(variant) over (
    partition by set_name, family, layers order by architecture_index, latent_size, variant) as of_first_variant
from labelled;

create table chosen as from choice;

-- The chosen runs that are finished, one row per run and subset, with what `results` has.
create view chosen_results as
select chosen.*, subset, distortion, rate, elbo, excess, excess_share
from chosen join (select run, subset, distortion, rate, elbo, excess, excess_share from results) using (run);

-- Of these the ordinary ones: L_β, with the first likelihood and the first rule for ending early.
create view ordinary as
select * from chosen_results
where objective = 'beta'
  and likelihood_index = (select min(likelihood_index) from chosen)
  and stopping_index = (select min(stopping_index) from chosen);

-- Which part a split plays among the chosen finished runs of its data set. One split can play several.
--   dense         the CV split with the largest training set; the default split where CV has fewer than two
--   sparse        the CV split with the smallest training set
--   default       the default split; the dense one where there is none
--   checkerboard  the checkerboard
--   cd            the CD split whose training set is nearest in size to the sparse one's
create view split_roles as
with split_sizes as (
  select set_name, split, any_value(split_label) as split_label, split_kind, ratio, max(train_examples) as train
  from chosen where outcome = 'finished' group by set_name, split, split_kind, ratio
),
cv as (
  select set_name, min(ratio) as least, max(ratio) as most, arg_min(train, ratio) as least_train
  from split_sizes where split_kind = 'cv' group by set_name
),
part as (
  select s.*, cv.*  exclude (set_name) from split_sizes s left join cv on cv.set_name = s.set_name
),
played as (
  select set_name, split, 'sparse' as role from part where split_kind = 'cv' and ratio = least
  union all
  select set_name, split, 'dense' from part where split_kind = 'cv' and ratio = most and most > least
  union all
  select set_name, split, 'dense' from part where split = 'default' and coalesce(most = least, true)
  union all
  select set_name, split, split from part where split in ('default', 'checkerboard')
  union all
  select set_name, arg_min(split, abs(ln(train / least_train))), 'cd' from part where split_kind = 'cd' group by set_name
)
from played
union all
select set_name, split, 'default' from played
where role = 'dense' and set_name not in (select set_name from played where role = 'default');

-- The sizes a split can have, for figures about them: CV and CD splits from the smallest training set to
-- the largest, numbered within their kind. Where there are CD splits, the default split is the largest of them, as it
-- keeps the whole volume. `picked` are the four that Figure 4 shows of seven or eight.
create view split_steps as
with sized as (
  select set_name, split, if(split = 'default', 'cd', split_kind) as kind, max(train_examples) as train
  from chosen
  where outcome = 'finished' and (split_kind in ('cv', 'cd')
    or split = 'default' and set_name in (select set_name from chosen where split_kind = 'cd'))
  group by all
),
step as (
  select *, row_number() over (partition by set_name, kind order by train, split) as size_step,
    count(*) over (partition by set_name, kind) as size_steps
  from sized
),
-- The training set's size in words, the same for the CV and the CD split of one step if they have about the same size.
named as (
  select *, if(max(train) over one < 1.25 * min(train) over one, min(train) over one, train) as count
  from step window one as (partition by set_name, size_step)
)
select * exclude (count),
  size_steps <= 4 or size_step in (1, 2, (size_steps + 1) // 2, least(size_steps, 7)) as picked,
  if(count < 1000, count::varchar, round(count / 1000)::integer || 'k') as size_label,
  if(kind = 'cv', 'Constant volume', 'Constant density') as kind_label, if(kind = 'cv', 0, 1) as kind_order
from named;

-- The values of one of several estimates of the same quantity, for finished chosen runs: of the one that
-- most runs have, and of equals the one named first.
create macro measured(names) as table
with found as (
  select chosen.*, e.subset, e.name as estimator, list_position(names, e.name) as choice, e."value" as "value"
  from chosen join estimates e using (run)
  where outcome = 'finished' and list_contains(names, e.name) and isfinite(e."value")
)
from found
where estimator = (
  select estimator from found group by estimator order by count(distinct run) desc, min(choice) limit 1
);

-- The standard panels of the built-in figures: a row for each split and whatever else differs, a column for
-- each architecture and latent size.
create view panels as
select run,
  split_label
    || {rows that differ}
    as row_label,
  dense_rank() over (
    order by {order of rows}, if(objective = 'both', beta_mi, 0)) as row_order,
  architecture_label || if(min(latent_size) over () <> max(latent_size) over (), ', latent ' || latent_size, '')
    as column_label,
  architecture_index * 10000 + latent_size as column_order
from chosen;

-- The columns of a selection, apart from its numbers. One that is left out has the value it gets in `placed`.
create table selection_columns (
  row_label varchar, row_order bigint, column_label varchar, column_order bigint, -- the panel
  colour_label varchar, colour_order bigint,         -- the curve, by its colour
  dash_label varchar, dash_order bigint,             -- the curve, by its dash
  frame varchar,                                     -- panels of one frame have the same axes
  subset varchar, weight double, beta double, beta_kl double, seed bigint,
  at_one boolean,                                    -- whether β is 1, as in `choice`
  convergence varchar,                               -- of the run, as in `runs`
  test_examples integer                              -- for `ceilings`
);

-- A selection with all its columns; x and y are its numbers.
create macro placed(selection) as table
select
  coalesce(row_label, ' ') as row_label, coalesce(row_order, 0) as row_order,
  coalesce(column_label, ' ') as column_label, coalesce(column_order, 0) as column_order,
  coalesce(colour_label, subset, '') as colour_label,
  coalesce(colour_order, if(colour_label is null and subset = 'train', 1, 0)) as colour_order,
  coalesce(dash_label, '') as dash_label, coalesce(dash_order, 0) as dash_order,
  coalesce(frame, '') as frame, subset, coalesce(weight, beta, beta_kl, 0) as weight, beta,
  if(beta is null, null, coalesce(at_one, beta = 1)) as star, seed, x::double as x, y::double as y,
  if(convergence = 'still falling', 1, null) as falling
from (from query_table(selection) union all by name from selection_columns)
where isfinite(x) and isfinite(y);

-- Curves of y against x. Rows of several kinds, told apart by `kind`:
--   bounds  two corners of what the panels of a frame show, for each panel and colour, colours in order
--   point   mean over restarts
--   run     one restart
-- `star` is whether β is 1, as `at_one` of `choice`.
-- `falling` is the number of these restarts that had not converged, null for none. Specs draw a hollow dot where it is
-- not null, and `training` is the text for their legend.
create macro curves(selection) as table
with one as (from placed(selection)),
point as (
  select row_label, row_order, column_label, column_order, colour_label, colour_order, dash_label, dash_order, frame,
    subset, weight, beta, star, count(*) as restarts,
    avg(x) as x, stddev_samp(x) as x_sd, avg(y) as y, stddev_samp(y) as y_sd, stddev_samp(x + y) as sum_sd,
    sum(falling)::bigint as falling
  from one group by all
),
spread as (
  select *, x - coalesce(x_sd, 0) as x_low, x + coalesce(x_sd, 0) as x_high,
    y - coalesce(y_sd, 0) as y_low, y + coalesce(y_sd, 0) as y_high
  from point
),
extent as (
  select frame, min(x0) as x0, max(x1) as x1, min(y0) as y0, max(y1) as y1
  from (
    select frame, if(x_low > 0, x_low, x) as x0, x_high as x1, y_low as y0, y_high as y1 from spread
    union all
    select frame, x, x, y, y from one
  )
  group by frame
),
colour as (
  select distinct row_label, row_order, column_label, column_order, colour_label, colour_order, frame from one
),
corner as (
  select colour.*, unnest([0, 1]) as corner, unnest([x0, x1]) as x, unnest([y0, y1]) as y from colour join extent using (frame)
)
select *, if(falling > 0, 'at least one run not converged', null) as training
from (
  select 0 as place, 'bounds' as kind, * from corner
  union all by name
  select 1 as place, 'point' as kind, * from spread
  union all by name
  select 2 as place, 'run' as kind, * from one
)
order by place, if(place = 0, colour_order, 0), row_order, column_order, colour_order, dash_order, subset, weight, seed, x, y;

-- The ceiling of the mutual information, log N, across each panel of a selection with `train_examples`. On the test set
-- N is the same, or `test_examples` if that is less. Rows of the kind `ceiling`, two for each panel.
create macro ceilings(selection) as table
select 'ceiling' as kind, coalesce(row_label, ' ') as row_label, coalesce(row_order, 0) as row_order,
  coalesce(column_label, ' ') as column_label, coalesce(column_order, 0) as column_order,
  unnest([min(x), max(x)]) as x,
  ln(max(if(subset = 'test', least(train_examples, test_examples), train_examples))) as y,
  unnest([null, 'log N']) as guide_label
from (from query_table(selection) union all by name from selection_columns)
group by row_label, row_order, column_label, column_order
order by row_order, column_order, x;

-- Curves against beta of estimates that compare runs without a fold of a training set, in the standard panels: a colour
-- for each name of the list, the main one first. Rows are those of `curves`, with `standard_error` over images where
-- there is one restart; bars are then of that length. At least one of the compared runs has the values, and others the
-- same. Where a setting has several numbers of folds, the largest counts. beta = 0 has no place on a logarithmic axis and
-- is left out.
create macro fold_curves(names, labels) as table
with without as (
  select run as without_run, whole_run as run, convergence, regexp_extract(split, 'of(\d+)$', 1)::integer as folds
  from runs where whole_run is not null
),
counted as (
  select without.run, max(folds) as folds from without join estimates e on e.run = without_run where e.name = names[1]
  group by without.run
),
compared as (from without join counted using (run, folds)),
training as (
  select run, max(convergence) filter (convergence = 'still falling') as convergence from compared group by run
),
found as (
  select compared.run, list_position(names, e.name) as colour_order, max(e."value") as y, max(standard_error) as error
  from compared join estimates e on e.run = without_run
  where list_contains(names, e.name) and isfinite(e."value")
  group by compared.run, e.name
),
selection as (
  select panels.* exclude (run), colour_order, labels[colour_order] as colour_label, coalesce(weight, beta_kl) as weight,
    beta, seed, training.convergence, coalesce(weight, beta_kl) as x, y, error
  from found
    join training using (run)
    join panels using (run)
    join (select run, weight, beta_kl, beta, seed from chosen) using (run)
  where coalesce(weight, beta_kl) > 0
),
single as (
  select row_order, column_order, colour_order, weight, max(error) as standard_error
  from selection group by row_order, column_order, colour_order, weight having count(*) = 1
)
select curve.* exclude (y_low, y_high), coalesce(y - standard_error, y_low) as y_low,
  coalesce(y + standard_error, y_high) as y_high, standard_error
from curves('selection') curve left join single using (row_order, column_order, colour_order, weight)
order by place, if(place = 0, colour_order, 0), row_order, column_order, colour_order, weight, seed, x, y;

-- Rate-distortion curves of a selection with `rate` and `distortion`. Rows are those of `curves`, with x
-- called rate and y called distortion, and
--   iso     the two ends of a line of equal -D - R
create macro rate_distortion(selection) as table
with pair as (select * exclude (rate, distortion), rate as x, distortion as y from query_table(selection)),
curve as (from curves('pair')),
extent as (
  select frame, min(x) as x0, max(x) as x1, min(y) as y0, max(y) as y1 from curve where kind = 'bounds' group by frame
),
-- What the panels show: the data's extent, 5 % wider on each side.
pad as (
  select *, if(x1 > x0, 0.05 * (x1 - x0), 0.5) as x_pad, if(y1 > y0, 0.05 * (y1 - y0), 0.5) as y_pad from extent
),
box as (select frame, x0 - x_pad as r0, x1 + x_pad as r1, y0 - y_pad as d0, y1 + y_pad as d1 from pad),
-- A round step (1, 2 or 5 times a power of ten) that gives about eight lines of equal D + R.
magnitude as (
  select frame, r0 + d0 as low, r1 + d1 as high, 10 ** floor(log10((r1 + d1 - r0 - d0) / 8)) as ten from box
),
step as (
  select frame, low, high,
    ten * case when (high - low) / 8 / ten < 1.5 then 1 when (high - low) / 8 / ten < 3.5 then 2
      when (high - low) / 8 / ten < 7.5 then 5 else 10 end as width
  from magnitude
),
level as (
  select frame, unnest(range(ceil(low / width)::bigint, floor(high / width)::bigint + 1)) * width as total from step
),
-- Where D + R = total enters the box (on the left or on top) and leaves it (on the right or below). A label
-- stands where it leaves, unless that is too near to a corner.
iso as (
  select frame, total, greatest(r0, total - d1) as rate, null as exit from level join box using (frame)
  union all
  select frame, total, least(r1, total - d0) as rate,
    case when total - d0 < r1 and total - d0 > r0 + 0.15 * (r1 - r0) then 'below'
      when total - d0 >= r1 and total - r1 > d0 + 0.08 * (d1 - d0) then 'right' end
  from level join box using (frame)
),
panel as (select distinct row_label, row_order, column_label, column_order, frame from curve),
corner as (
  select curve.* replace (if(corner = 0, r0, r1) as x, if(corner = 0, d0, d1) as y)
  from curve join box using (frame) where kind = 'bounds'
)
from (
  select place, kind, row_label, row_order, column_label, column_order, colour_label, colour_order, frame,
    x as rate, y as distortion
  from corner
  union all by name
  select 3 as place, 'iso' as kind, panel.*, total as level, -total as elbo, exit, rate, total - rate as distortion
  from panel join iso using (frame)
  union all by name
  select place, kind, c.row_label, c.row_order, c.column_label, c.column_order, colour_label, colour_order,
    dash_label, dash_order, c.frame, subset, weight, beta, star, seed, restarts, falling, training, x as rate, x_sd as rate_sd, y as distortion,
    y_sd as distortion_sd, -x - y as elbo, sum_sd as elbo_sd, x_low as rate_low, x_high as rate_high, y_low as distortion_low,
    y_high as distortion_high,
    -- Where the ends of a panel's uppermost curve are labelled: beside the largest beta, above the smallest, or
    -- below it near the top.
    case when kind <> 'point' or beta is null or dash_order > 0 or y < max(y) over one_beta then null
      when beta = max(beta) over one_panel then 'left'
      when beta = min(beta) over one_panel then if(y < d1 - 0.1 * (d1 - d0), 'above', 'below') end as "end"
  from curve c join box on box.frame = c.frame where kind <> 'bounds'
  window one_panel as (partition by kind, c.row_label, c.column_label, subset),
    one_beta as (partition by kind, c.row_label, c.column_label, subset, beta, dash_order)
)
order by place, if(place = 0, colour_order, 0), row_order, column_order, colour_order, dash_order, subset, weight, seed,
  level, rate, distortion;

-- The strip above a panel: the hard test image, its nearest training image and the reconstruction for each
-- weight, of the run with the smallest seed. Rows of the kind `picture`, each at x from 0 to 1.
create macro strip(selection) as table
with given as (from query_table(selection) union all by name from selection_columns),
shown as (
  select distinct coalesce(row_label, ' ') as row_label, coalesce(row_order, 0) as row_order,
    coalesce(column_label, ' ') as column_label, coalesce(column_order, 0) as column_order, coalesce(frame, '') as frame,
    coalesce(weight, beta, beta_kl, 0) as weight, seed, original, neighbour, reconstruction
  from given join (select run, original, neighbour, reconstruction from pictures where name = 'hard' and subset = 'test')
    using (run)
  qualify row_number() over (partition by row_label, column_label, weight order by seed) = 1
),
-- Positions in the strip: test image, its neighbour, a gap of 0.7, then weights from large to small, as the
-- curve runs from left to right.
slot as (
  select weight, 2.7 + row_number() over (order by weight desc) - 1 as slot, 2.7 + count(*) over () as slots
  from (select distinct coalesce(weight, beta, beta_kl, 0) as weight from given)
)
from (
  select 'picture' as kind, row_label, row_order, column_label, column_order, frame, weight, slot / slots as x,
    1 / slots as w, regexp_replace(weight::varchar, '\.0$', '') as label, reconstruction as image,
    'reconstruction' as what
  from shown join slot using (weight)
  union all
  select
    'picture', row_label, row_order, column_label, column_order, frame, null, side / slots, 1 / slots,
    ['test', 'train'][side + 1], [original, neighbour][side + 1], ['test image', 'nearest training image'][side + 1]
  from (from shown qualify row_number() over (partition by row_label, column_label order by seed, weight desc) = 1)
    join slot using (weight), (select unnest([0, 1]) as side)
  union all
  select distinct 'picture', row_label, row_order, column_label, column_order, frame, null, 1.85 / slots, 1 / slots,
    'β:', null, 'caption'
  from shown, slot
)
order by row_order, column_order, x;

-- Grids of images that the first restart at each weight draws: those sheets of the gallery that are in the list, in the
-- standard panels. A line for each weight, in one of test images (once for each panel) above them. `picked` are the
-- smallest weight, the one nearest to 1, and the largest; of more than 4 MB of images, only these.
create macro sheets(wanted) as table
with drawn as (
  select panels.*, sheet, "rows", "columns", image, about, coalesce(weight, beta_kl) as weight, seed
  from gallery join panels using (run) join (select run, weight, beta_kl, seed from chosen) using (run)
  where list_contains(wanted, sheet)
  qualify row_number() over (partition by row_order, column_order, sheet, coalesce(weight, beta_kl) order by seed) = 1
),
line as (
  select * replace (if(sheet = 'images', null, weight) as weight)
  from drawn
  qualify sheet <> 'images' or row_number() over (partition by row_order, column_order, sheet order by weight) = 1
),
pick as (
  select unnest([min(weight), max(weight), arg_min(weight, abs(ln(nullif(weight, 0))))]) as weight from line
),
marked as (
  select *, weight is null or weight in (from pick) as picked,
    coalesce(regexp_replace(weight::varchar, '\.0$', ''), 'test images') as line_label, coalesce(weight, -1) as line_order,
    sum(length(image)) over () as size
  from line
)
select * exclude (size) from marked
where picked or size <= 4000000
order by row_order, column_order, line_order;

-- A selection in panels by split, other settings and architecture, with a colour for each prior of the codes.
create macro by_prior(selection) as table
select * exclude (prior_label),
  split_label || if(min(set_name) over () <> max(set_name) over (), ', ' || set_label, '')
    || replace(replace(setting, ', ' || prior_label, ''), ', latent ' || latent_size, '') as row_label,
  data_index * 10000 + split_index as row_order,
  architecture_label || if(min(latent_size) over () <> max(latent_size) over (), ', latent ' || latent_size, '') as column_label,
  architecture_index * 10000 + latent_size as column_order,
  prior_label as colour_label, prior_index as colour_order
from query_table(selection);

-- Curves against β by prior, on the test set, of one of several estimates of one quantity. Rows are those of `curves`.
create macro curves_by_prior(names) as table
with found as (
  select *, beta as x, "value" as y from measured(names)
  where subset = 'test' and objective = 'beta' and beta > 0
    and likelihood_index = (select min(likelihood_index) from chosen)
    and stopping_index = (select min(stopping_index) from chosen)
),
selection as (from by_prior('found'))
from curves('selection');

-- The generalisation gap, train less test ELBO, and its two parts against beta, from the estimates `amortizationGap` of
-- the runs of a selection, which says in which panel each is. Rows of the kinds
--   part   the decoder's part, train less test refitted ELBO; the encoder's part, test less train amortisation gap
--   total  their sum
-- Means over restarts, with the standard error over restarts; of one restart, that over images.
create macro gap_parts(selection) as table
with named as (
  select run, subset,
    max("value") filter (name = 'amortizationGap') as gap,
    max(standard_error) filter (name = 'amortizationGap') as gap_error,
    max("value") filter (name = 'amortizationGap.refittedElbo') as refitted,
    max(standard_error) filter (name = 'amortizationGap.refittedElbo') as refitted_error,
    max("value") filter (name = 'amortizationGap.elbo') as elbo,
    max(standard_error) filter (name = 'amortizationGap.elbo') as elbo_error
  from estimates
  where name like 'amortizationGap%'
  group by run, subset
),
pair as (
  select place.* exclude (run), coalesce(weight, beta_kl) as weight, seed,
    unnest(['part', 'part', 'total']) as kind,
    unnest([0, 1, 2]) as part_order,
    unnest(['decoder (refitted ELBO)', 'encoder (amortisation gap)', 'total']) as part,
    unnest([train.refitted - test.refitted, test.gap - train.gap, train.elbo - test.elbo]) as "value",
    unnest([
      sqrt(train.refitted_error ** 2 + test.refitted_error ** 2),
      sqrt(train.gap_error ** 2 + test.gap_error ** 2),
      sqrt(train.elbo_error ** 2 + test.elbo_error ** 2)
    ]) as error
  from chosen
  join query_table(selection) place on place.run = chosen.run
  join named train on train.run = chosen.run and train.subset = 'train'
  join named test on test.run = chosen.run and test.subset = 'test'
  where outcome = 'finished'
)
select row_label, row_order, column_label, column_order, weight, kind, part, part_order, count(*) as restarts,
  avg("value") as "value",
  if(count(*) > 1, stddev_samp("value") / sqrt(count(*)), max(error)) as standard_error,
  avg("value") - if(count(*) > 1, stddev_samp("value") / sqrt(count(*)), max(error)) as low,
  avg("value") + if(count(*) > 1, stddev_samp("value") / sqrt(count(*)), max(error)) as high
from pair
where isfinite("value")
group by row_label, row_order, column_label, column_order, weight, kind, part, part_order
order by row_order, column_order, weight, part_order;
