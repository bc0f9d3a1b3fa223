select distinct layers::varchar as layers from ordinary order by layers
