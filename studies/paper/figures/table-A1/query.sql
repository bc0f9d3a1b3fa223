-- Table A1: hyperparameters by data set, from the runs that the study files declare, beside the paper's.
with declared as (
  select set_label, list_position(['tetrominoes', 'mnist', 'fashion-mnist', '3dshapes', 'smallnorb'], set_name) as column_order,
    string_agg(distinct batch::varchar, ', ' order by batch::varchar) as batch,
    string_agg(distinct format('{:,}', iterations), ', ' order by format('{:,}', iterations)) as iterations,
    string_agg(distinct latent_size::varchar, ', ' order by latent_size::varchar) as latent,
    string_agg(distinct learning_rate::varchar, ', ' order by learning_rate::varchar) as rate,
    string_agg(distinct width::varchar, ', ' order by width::varchar) filter (family = 'MLP') as units,
    string_agg(distinct width::varchar, ', ' order by width::varchar) filter (family = 'CNN') as own_channels
  from chosen
  group by set_label, set_name
),
-- A CNN's kernel, stride and padding are not a study's to choose; 28 by 28 images have the padding 3. The paper's table
-- has a column of CNN values for each data set, although its CNNs are trained on Tetrominoes; so have ours, in
-- parentheses.
convolutional as (
  select *, coalesce(own_channels, '(' || (select min(own_channels) from declared) || ')') as channels,
    if(own_channels is null, '({})', '{}') as form
  from declared
),
cell as (
  select set_label as column_label, coalesce(column_order, 99) as column_order,
    unnest(['Batch size', 'Number of iterations', 'Latent space dimension', 'Learning rate', 'Hidden units (MLP)',
      'Channels (CNN)', 'Kernel size (CNN)', 'Stride (CNN)', 'Padding (CNN)']) as setting,
    unnest(range(9)) as setting_order,
    unnest([batch, iterations, latent, rate, coalesce(units, '–'), coalesce(channels, '–'),
      format(form, '4'), format(form, '2'), format(form, if(set_label in ('MNIST', 'Fashion-MNIST'), '3', '1'))]) as "value"
  from convolutional
)
from cell
union all by name
select 'Paper' as column_label, 1000 as column_order, setting, setting_order,
  ['128', '256,000', '10', '–', '512', '64', '4', '2', '1; 3 at 28×28'][setting_order + 1] as "value"
from (select distinct setting, setting_order from cell)
order by setting_order, column_order
