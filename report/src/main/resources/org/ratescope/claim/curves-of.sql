-- The runs whose learning curves have a point at three quarters of the updates or before, and a later one.
select run from (select run, step, max(step) over (partition by run) as last from learning_curves where run in (${runs}))
group by run having bool_or(step > 0 and step <= 0.75 * last)
